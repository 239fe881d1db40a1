"""Listeners of a process: jobs before anything in it begins, and after everything in it has ended."""

import pytest

from bpmn.events import DefinitionResolved, ElementSkipped, GraphRef, IncidentRetried, JobFailed, TokenMoved
from tests.bpmn.bpmn_models import (
    TERMINATE,
    boundary,
    conditional,
    definitions,
    end,
    error,
    event_sub,
    extension,
    flows,
    message,
    process,
    start,
    user,
)
from tests.bpmn.player import Player
from tests.bpmn.test_listeners import jobs, listeners

AROUND = extension(listeners("start:open1", "start:open2", "end:shut"))
SHARED = '<message id="M" name="m"/><error id="E" errorCode="bad"/>'
BODY = start() + user("a") + end() + flows("s>a", "a>e")


def work(play: Player, **variables: object) -> Player:
    return play.work(next(iter(play.jobs.values())).element_id, **variables)


def test_they_run_before_the_first_element_and_after_the_last() -> None:
    play = Player(process(AROUND + BODY))
    assert (jobs(play), play.open, play.visited("entered")) == (["open1"], [], [])
    assert [job.element_id for job in play.jobs.values()] == ["p"]
    assert jobs(work(play, x=1)) == ["open2"]
    assert work(play).open == ["a"]
    play.do("a")
    assert (jobs(play), play.done) == (["shut"], False)
    assert work(play, y=2).done
    assert play.variables == {"x": 1, "y": 2}


def test_they_see_what_the_start_event_brought() -> None:
    begin = start("s", message("M"))
    play = Player(process(AROUND + begin + user("a") + flows("s>a"), SHARED), {"n": 7}, start_event="s")
    assert next(iter(play.jobs.values())).variables == {"n": 7}
    assert work(work(play, n=8)).variables == {"n": 7}
    assert play.open == ["a"]


def test_nothing_is_caught_before_and_after_them() -> None:
    handler = event_sub("h", start("hs", message("M"), isInterrupting="false") + user("u") + flows("hs>u"))
    play = Player(process(AROUND + BODY + handler, SHARED))
    assert not play.messages
    work(work(play))
    assert len(play.messages) == 1
    play.do("a")
    assert (jobs(play), play.messages) == (["shut"], {})


def test_a_condition_is_judged_by_what_they_made() -> None:
    handler = event_sub("h", start("hs", conditional("x = 1")) + user("u") + flows("hs>u"))
    assert work(work(Player(process(AROUND + BODY + handler)), x=1)).open == ["u"]


def test_every_implicit_start_waits_for_them() -> None:
    play = Player(process(AROUND + user("a") + user("b")))
    assert play.open == []
    assert work(work(play)).open == ["a", "b"]
    play.do("a").do("b")
    assert work(play).done


def test_a_terminate_end_does_not_skip_them() -> None:
    body = start() + user("a") + user("b") + end("e", TERMINATE) + flows("s>a", "s>b", "a>e")
    play = work(work(Player(process(AROUND + body)))).do("a")
    assert (jobs(play), play.open) == (["shut"], [])
    assert work(play).done


def test_a_called_process_has_its_own() -> None:
    caller = f'{start()}<callActivity id="c" calledElement="q"/>{user("n")}{flows("s>c", "c>n")}'
    callee = AROUND + BODY.replace('id="s"', 'id="qs"').replace('"s_a" sourceRef="s"', '"q1" sourceRef="qs"')
    both = f'<process id="p" isExecutable="true">{caller}</process><process id="q">{callee}</process>'
    play = Player(definitions(both))
    assert work(work(play)).open == ["a"]
    assert jobs(play.do("a")) == ["shut"]
    assert work(play, done=True).open == ["n"]
    assert play.variables == {"done": True}


@pytest.mark.parametrize("late", [False, True])
def test_a_failed_one_is_retried_and_neither_skipped_nor_moved(late: bool) -> None:
    play = Player(process(AROUND + BODY))
    if late:
        work(work(play)).do("a")
    kind = jobs(play)
    play.send(JobFailed(next(iter(play.jobs)), "no connection"))
    play.jobs.clear()
    (token,) = (incident.token_key for incident in play.incidents.values())
    assert play.refusal(ElementSkipped(token)) == "process-listener"
    assert play.refusal(TokenMoved(token, "a")) == "process-listener"
    play.send(IncidentRetried(next(iter(play.incidents))))
    assert jobs(play) == kind


def test_an_error_of_one_is_caught_around_the_call() -> None:
    caller = start() + '<callActivity id="c" calledElement="q"/>' + boundary("b", "c", error("E")) + user("n") + end()
    inner = AROUND + start("qs") + end("qe") + flows("qs>qe")
    both = (
        f'<process id="p" isExecutable="true">{caller}{flows("s>c", "c>e", "b>n")}</process>'
        f'<process id="q" isExecutable="true">{inner}</process>'
    )
    assert Player(definitions(both, SHARED)).fail("q", "bad").open == ["n"]


def test_a_type_that_cannot_be_evaluated_is_an_incident_to_be_tried_again() -> None:
    play = Player(process(extension(listeners("start:=nothing")) + BODY))
    assert play.rules == ["expression-type"]
    play.send(IncidentRetried(next(iter(play.incidents))))
    assert (play.rules, play.open) == (["expression-type"], [])


def test_a_callee_of_another_file_is_begun_by_its_listeners() -> None:
    called = '<callActivity id="c"><extensionElements><zeebe:calledElement processId="q"/></extensionElements>'
    play = Player(process(start() + called + "</callActivity>" + flows("s>c")))
    other = Player(process(AROUND + BODY, name="q"))
    play.graphs.update(other.graphs)
    request = play.last[-1].request_key
    play.send(DefinitionResolved(request, GraphRef(other.graph.hash, "q")))
    assert jobs(play) == ["open1"]
