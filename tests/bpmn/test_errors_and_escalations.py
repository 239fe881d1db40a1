"""Errors, failures and escalations."""

from bpmn.events import IncidentRetried, JobFailed, TaskErrored, TaskEscalated
from tests.bpmn.bpmn_models import (
    ROOTS,
    boundary,
    end,
    error,
    escalation,
    flows,
    process,
    service,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.bpmn.player import Player


def test_the_exact_error_code_wins_over_a_catch_all_in_the_innermost_scope() -> None:
    inner = start("is") + service("w") + flows("is>w") + boundary("b1", "w", error("E1")) + user("u1") + flows("b1>u1")
    body = start() + sub("p1", inner) + boundary("any", "p1", error()) + boundary("b2", "p1", error("E2"))
    body += user("ua") + user("u2") + flows("s>p1", "any>ua", "b2>u2")
    source = process(body, ROOTS)
    assert Player(source).fail("w", "bad").open == ["u1"]
    assert Player(source).fail("w", "worse").open == ["u2"]
    assert Player(source).fail("w", "other").open == ["ua"]


def test_an_error_that_nobody_catches_is_an_incident() -> None:
    play = Player(process(start() + service("w") + end() + flows("s>w", "w>e"), ROOTS)).fail("w", "bad")
    assert play.rules == ["uncaught-error"]
    play = Player(process(start() + end("e", error("E1")) + flows("s>e"), ROOTS))
    assert play.rules == ["uncaught-error"]


def test_a_technical_failure_is_an_incident_that_a_retry_resolves() -> None:
    body = start() + service("w") + boundary("b", "w", timer("PT1H"), False) + end() + flows("s>w", "w>e")
    play = Player(process(body + end("e2") + flows("b>e2")))
    play.send(JobFailed(play.job_key("w"), "no connection"))
    assert play.rules == ["job-failed"]
    play.jobs.clear()
    play.send(IncidentRetried(next(iter(play.incidents))))
    assert not play.incidents
    assert len(play.timers) == 1
    play.work("w")
    assert play.done


def test_a_task_is_given_back_by_an_error_and_escalated_beside_its_work() -> None:
    body = start() + user("a") + boundary("b", "a", error("E1")) + boundary("x", "a", escalation("X1"), False)
    body += user("back") + user("boss") + flows("s>a", "b>back", "x>boss")
    play = Player(process(body, ROOTS))
    play.send(TaskEscalated(play.task_key("a"), "late"))
    play.send(TaskEscalated(play.task_key("a"), "late"))
    assert play.open == ["a", "boss", "boss"]
    play.send(TaskErrored(play.task_key("a"), "bad", {"why": "x"}))
    assert play.open == ["back", "boss", "boss"]
    assert play.variables == {"why": "x"}


def test_an_escalation_that_nobody_catches_goes_on() -> None:
    body = start() + throw("t", escalation("X1")) + end("e", escalation("X1")) + flows("s>t", "t>e")
    assert Player(process(body, ROOTS)).done


def test_an_interrupting_escalation_stops_its_thrower() -> None:
    inner = start("is") + throw("t", escalation("X1")) + user("never") + flows("is>t", "t>never")
    body = start() + sub("p1", inner) + boundary("b", "p1", escalation()) + user("after") + flows("s>p1", "b>after")
    assert Player(process(body, ROOTS)).open == ["after"]
