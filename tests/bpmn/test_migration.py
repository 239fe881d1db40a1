"""A running instance moves to another version of its model by an explicit plan."""

import pytest

from bpmn.errors import EventRefused
from bpmn.events import GraphRef, InstanceMigrated
from bpmn.migration import match, plan_problems
from bpmn.migration_diff import changes
from bpmn.reader.read import read
from tests.bpmn.bpmn_models import (
    boundary,
    end,
    event_sub,
    flows,
    gateway,
    message,
    multi,
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

SHARED = '<message id="N" name="note"/>'
OLD = process(
    start() + user("a") + boundary("b", "a", timer("P1D"), False) + user("r") + end() + flows("s>a", "a>e", "b>r")
)


def move(play: Player, model: bytes, **mapping: str) -> Player:
    graph = read(model, "new.bpmn")
    play.graphs[graph.hash] = graph
    assert play.state is not None
    return play.send(InstanceMigrated(play.state.root, GraphRef(graph.hash, "p"), mapping))


def test_what_did_not_change_stays_and_new_catches_are_armed() -> None:
    new = process(
        start()
        + user("a")
        + boundary("b", "a", timer("P1D"), False)
        + boundary("n", "a", message("N"))
        + user("r")
        + user("z")
        + end()
        + flows("s>a", "a>z", "b>r", "n>e", "z>e")
        + event_sub("es", start("es_s", timer("P9D"), isInterrupting="false") + user("late") + flows("es_s>late")),
        SHARED,
    )
    play = Player(OLD).wait(hours=5)
    before = (dict(play.tasks), dict(play.timers))
    move(play, new)
    assert play.tasks == before[0]
    assert {key: play.timers[key] for key in before[1]} == before[1]
    assert len(play.timers) == 2
    assert [one.message_name for one in play.messages.values()] == ["note"]
    assert play.do("a").open == ["z"]


def test_a_changed_timer_and_a_renamed_task_are_derived_anew() -> None:
    new = process(
        start()
        + user("a2", name="Other")
        + boundary("b2", "a2", timer("P3D"), False)
        + user("r")
        + end()
        + flows("s>a2", "a2>e", "b2>r")
    )
    play = Player(OLD).wait(hours=5)
    (old_task,), (old_timer,) = play.tasks, play.timers
    move(play, new, a="a2", b="b2")
    assert play.open == ["a2"]
    assert old_task not in play.tasks
    assert old_timer not in play.timers
    assert next(iter(play.timers.values())).at == "2026-03-05T14:00:00+08:00"
    assert play.do("a2").done


def test_a_plan_that_does_not_fit_is_refused_and_changes_nothing() -> None:
    new = process(start() + gateway("exclusive", "a") + user("k") + flows("s>a", "a>k"))
    play = Player(OLD)
    graph = read(new, "new.bpmn")
    play.graphs[graph.hash] = graph
    assert play.state is not None
    for mapping in ({}, {"a": "none"}):
        event = InstanceMigrated(play.state.root, GraphRef(graph.hash, "p"), mapping)
        assert play.refusal(event) == "migration"


def test_tokens_in_subprocesses_loops_and_joins_move_along() -> None:
    def model(task: str) -> bytes:
        inner = start("i") + user(task, inside=multi(cardinality="2")) + flows(f"i>{task}")
        body = start() + gateway("parallel", "f") + sub("x", inner) + user("y") + gateway("parallel", "j") + user("z")
        return process(body + flows("s>f", "f>x", "f>y", "x>j", "y>j", "j>z"))

    play = Player(model("u")).do("y").do("u")
    move(play, model("v"), u="v")
    assert play.open == ["v"]
    assert play.do("v").open == ["z"]


def test_a_clock_runs_on_unless_its_properties_change() -> None:
    def model(**clock: str) -> bytes:
        named = {f"jiannuo:{key}": value for key, value in clock.items()}
        return process(start() + user("a", properties(named)) + end() + flows("s>a", "a>e"))

    def live(play: Player) -> list[tuple[str, int]]:
        assert play.state is not None
        return [(one.name, one.key) for one in play.state.deadlines.values()]

    play = Player(model(deadline="reply"))
    before = live(play)
    move(play, model(deadline="reply", note="x"))
    assert live(play) == before
    move(play, model(deadline="answer", pausesDeadline="reply"))
    assert [name for name, _ in live(play)] == ["answer"]
    assert live(play) != before
    move(play, model())
    assert live(play) == []


def test_a_token_at_a_join_needs_the_flow_that_it_came_by() -> None:
    def model(flow: str) -> bytes:
        body = start() + gateway("parallel", "f") + user("x") + user("y") + gateway("parallel", "j") + end()
        joined = f'<sequenceFlow id="{flow}" sourceRef="y" targetRef="j"/>'
        return process(body + flows("s>f", "f>x", "f>y", "x>j", "j>e") + joined)

    play = Player(model("old")).do("y")
    graph = read(model("new"), "new.bpmn")
    play.graphs[graph.hash] = graph
    assert play.state is not None
    event = InstanceMigrated(play.state.root, GraphRef(graph.hash, "p"), {})
    assert play.refusal(event) == "migration"
    move(play, model("new"), old="new")
    assert play.do("x").done


def test_what_cannot_be_derived_anew_refuses_the_whole_plan() -> None:
    new = process(start() + user("a", properties({"jiannuo:deadline": "=true"})) + end() + flows("s>a", "a>e"))
    play = Player(process(start() + user("a") + end() + flows("s>a", "a>e")))
    with pytest.raises(EventRefused):
        move(play, new)
    assert play.open == ["a"]


def test_an_element_with_a_listener_at_work_moves_only_as_it_is() -> None:
    def model(*, task: str = "w", work: str = "work", told: str = "out", name: str = "") -> bytes:
        listeners = "".join(
            f'<zeebe:executionListener type="{type}" eventType="{phase}"/>'
            for phase, type in (("start", "in"), ("end", told))
        )
        ext = f"<zeebe:executionListeners>{listeners}</zeebe:executionListeners>"
        return process(
            start() + service(task, ext, type=work) + user("a", name=name) + flows(f"s>{task}", f"{task}>a")
        )

    at_end = Player(model()).work("w").work("w")
    for changed in (model(work="other"), model(told="told"), model(task="w2")):
        with pytest.raises(EventRefused, match=r"'w'.*A listener of it is at work.*Wait until the listener"):
            move(at_end, changed, w="w2" if b'id="w2"' in changed else "w")
    assert [job.type for job in at_end.jobs.values()] == ["out"]
    # Neither the element nor the listeners of this phase differ: the open job goes on.
    move(at_end, model(name="Later"))
    assert at_end.work("w").open == ["a"]

    at_start = Player(model())
    with pytest.raises(EventRefused, match="A listener of it is at work"):
        move(at_start, model(work="other"))
    move(at_start, model(told="told")).work("w").work("w")
    assert [job.type for job in at_start.jobs.values()] == ["told"]


def test_a_plan_matches_by_id_and_leaves_the_rest_to_a_person() -> None:
    old = read(process(start() + user("a", name="Ask") + user("r") + end() + flows("s>a", "a>r", "r>e")), "old.bpmn")
    body = start() + user("first", name="Ask") + script("r", "1", "x") + flows("s>first", "first>r")
    target = read(process(body), "new.bpmn")
    found = match(old, "p", target, "p")
    assert found.elements == {"s": "s"}
    assert [(node.id, suggested) for node, suggested in found.unmatched] == [("a", "first"), ("r", ""), ("e", "")]
    assert plan_problems(old, "p", target, "p", {**found.elements, "a": "first"}) == ()
    wrong = plan_problems(old, "p", target, "p", {"r": "r", "a": "none", "ghost": "s"})
    assert [(one.element_id, bool(one.remedy)) for one in wrong] == [("ghost", True), ("a", True), ("r", True)]


def test_the_diff_tells_what_a_person_wants_to_know() -> None:
    new = process(
        start()
        + user("a2", name="Other")
        + boundary("b2", "a2", timer("P3D"), False)
        + boundary("n", "a2", message("N"))
        + user("r")
        + end()
        + flows("s>a2", "a2>e", "b2>r", "n>e"),
        SHARED,
    )
    play = Player(OLD).wait(hours=5)
    before = play.state
    move(play, new, a="a2", b="b2")
    assert before is not None
    assert play.state is not None
    told = [(one.what, one.kind, one.element, one.to, one.detail) for one in changes(before, play.state, play.graphs)]
    assert told == [
        ("moved", "token", "a", "a2", ""),
        ("withdrawn", "timer", "b", "", "2026-03-03T09:00:00+08:00"),
        ("withdrawn", "task", "a", "", ""),
        ("created", "timer", "b2", "", "2026-03-05T14:00:00+08:00"),
        ("created", "message", "n", "", "note"),
        ("created", "task", "a2", "", ""),
    ]
