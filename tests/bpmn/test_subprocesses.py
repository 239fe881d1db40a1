"""Subprocesses, called processes and ad-hoc subprocesses."""

from bpmn.commands import ResolveDefinition
from bpmn.discretionary import discretionary
from bpmn.events import AdHocActivated, DefinitionMissing, DefinitionResolved, GraphRef
from bpmn.reader.read import read
from tests.bpmn.bpmn_models import (
    boundary,
    definitions,
    error,
    extension,
    flows,
    gateway,
    io,
    process,
    properties,
    script,
    service,
    start,
    sub,
    timer,
    user,
)
from tests.bpmn.player import Player

SHARED = '<message id="N" name="note"/><error id="E1" errorCode="bad"/>'


def test_a_subprocess_is_a_scope_and_its_boundary_cancels_all_inside() -> None:
    inner = start("is") + gateway("parallel", "f") + user("u1") + service("w1") + flows("is>f", "f>u1", "f>w1")
    body = start() + sub("p1", inner) + boundary("b", "p1", timer("PT1H")) + user("late") + flows("s>p1", "b>late")
    play = Player(process(body)).wait(hours=1)
    assert (play.open, play.jobs) == (["late"], {})


def test_a_call_runs_the_callee_as_a_scope_of_its_own_variables() -> None:
    called = '<callActivity id="c">' + extension('<zeebe:calledElement processId="q"/>' + io(outputs={"r": "=x + 1"}))
    caller = process(
        start()
        + called
        + "</callActivity>"
        + boundary("b", "c", error("E1"))
        + user("after")
        + user("oops")
        + flows("s>c", "c>after", "b>oops"),
        SHARED,
    )
    callee = read(process(start("cs") + user("u") + service("w") + flows("cs>u", "u>w"), name="q"), "q.bpmn")

    def begin() -> Player:
        play = Player(caller, {"y": 1})
        (request,) = [one for one in play.commands if isinstance(one, ResolveDefinition)]
        assert (request.process_id, request.binding) == ("q", "latest")
        play.graphs[callee.hash] = callee
        return play.send(DefinitionResolved(request.request_key, GraphRef(callee.hash, "q")))

    play = begin().do("u", x=5)
    assert play.variables == {"y": 1}
    play.work("w")
    assert (play.open, play.variables) == (["after"], {"y": 1, "r": 6})
    assert begin().do("u").fail("w", "bad").open == ["oops"]


def test_a_missing_callee_is_an_incident() -> None:
    called = '<callActivity id="c">' + extension('<zeebe:calledElement processId="q"/>') + "</callActivity>"
    play = Player(process(start() + called + flows("s>c")))
    play.send(DefinitionMissing(next(iter(play.state.waits)), "q is not deployed"))  # type: ignore[union-attr]
    assert play.rules == ["definition"]


def test_a_callee_of_the_same_file_is_bound_at_deployment() -> None:
    called = '<callActivity id="c">' + extension('<zeebe:calledElement processId="q" bindingType="deployment"/>')
    source = definitions(
        f'<process id="p" isExecutable="true">{start()}{called}</callActivity>{user("z")}'
        f"{flows('s>c', 'c>z')}</process>"
        f'<process id="q" isExecutable="true">{start("qs")}{script("k", "7", "v")}{flows("qs>k")}</process>'
    )
    play = Player(source)
    assert (play.open, play.variables) == (["z"], {"v": 7})


def test_calls_in_a_circle_end_in_an_incident() -> None:
    called = '<callActivity id="c">' + extension('<zeebe:calledElement processId="p" bindingType="deployment"/>')
    play = Player(process(start() + called + "</callActivity>" + flows("s>c")))
    assert play.rules == ["call-depth"]


def ad_hoc(inside: str, ext: str = "", **attributes: str) -> bytes:
    return process(
        start() + sub("ah", inside, ext, "adHocSubProcess", **attributes) + user("z") + flows("s>ah", "ah>z")
    )


def test_an_ad_hoc_subprocess_starts_all_that_no_flow_leads_to() -> None:
    play = Player(ad_hoc(user("a") + user("b") + user("c") + flows("b>c")))
    assert play.open == ["a", "b"]
    assert play.do("a").do("b").open == ["c"]
    assert play.do("c").open == ["z"]
    play = Player(ad_hoc(user("a") + user("b"), ordering="Sequential"))
    assert play.open == ["a"]
    assert play.do("a").open == ["b"]
    assert play.do("b").open == ["z"]


def test_an_ad_hoc_completion_condition_ends_it() -> None:
    inside = user("a") + user("b") + "<completionCondition>=enough</completionCondition>"
    play = Player(ad_hoc(inside), {"enough": False})
    assert play.do("a", enough=True).open == ["z"]
    play = Player(ad_hoc(inside, cancelRemainingInstances="false"), {"enough": False}).do("a", enough=True)
    assert play.open == ["b"]
    assert play.do("b").open == ["z"]


def test_a_person_starts_discretionary_tasks() -> None:
    inside = user("a") + user("b") + "<completionCondition>=enough</completionCondition>"
    play = Player(ad_hoc(inside, properties({"jiannuo:discretionary": "true"})), {"enough": False})
    assert play.state is not None
    (scope,) = [one.key for one in play.state.scopes.values() if one.kind == "adhoc"]
    assert play.open == []
    assert [one.element_id for one in discretionary(play.graphs, play.state)] == ["a", "b"]
    play.send(AdHocActivated(scope, "b")).send(AdHocActivated(scope, "b"))
    assert play.open == ["b", "b"]
    assert play.refusal(AdHocActivated(scope, "z")) == "ad-hoc-element"
    play.do("b").do("b")
    assert not play.done
    play.send(AdHocActivated(scope, "a"))
    assert play.do("a", enough=True).open == ["z"]
