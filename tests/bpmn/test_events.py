"""Timer, message, signal, error, escalation, conditional, terminate and link events."""

import pytest

from bpmn.commands import ArmDeadline
from bpmn.events import (
    IncidentRetried,
    JobFailed,
    MessageDelivered,
    SignalDelivered,
    TaskCompleted,
    TaskErrored,
    TaskEscalated,
    TimerFired,
    VariablesEdited,
)
from tests.bpmn.bpmn_models import (
    TERMINATE,
    Player,
    boundary,
    catch,
    conditional,
    end,
    error,
    escalation,
    event_sub,
    flows,
    gateway,
    io,
    message,
    process,
    properties,
    script,
    service,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
)

SHARED = (
    '<message id="M" name="paid"><extensionElements><zeebe:subscription correlationKey="=order"/></extensionElements>'
    '</message><message id="N" name="note"/><signal id="S" name="stop"/><error id="E1" errorCode="bad"/>'
    '<error id="E2" errorCode="worse"/><escalation id="X1" escalationCode="late"/>'
)


def test_an_interrupting_timer_withdraws_the_task_in_the_same_step() -> None:
    body = start() + user("a") + boundary("b", "a", timer("PT1H")) + user("c")
    play = Player(process(body + flows("s>a", "b>c")))
    key = play.task_key("a")
    play.wait(hours=1)
    assert play.open == ["c"]
    assert play.refusal(TaskCompleted(key)) == "task-closed"
    assert play.visited("cancelled") == ["a"]


def test_a_completion_that_comes_first_disarms_the_timer() -> None:
    body = start() + user("a") + boundary("b", "a", timer("PT1H")) + user("c") + end()
    play = Player(process(body + flows("s>a", "b>c", "a>e")))
    (key,) = play.timers
    play.do("a")
    assert play.done
    assert play.refusal(TimerFired(key)) == "ended"


def test_a_non_interrupting_cycle_fires_n_times_beside_the_task() -> None:
    body = start() + user("a") + boundary("b", "a", timer("R3/PT10M", "timeCycle"), False) + user("c") + end()
    play = Player(process(body + flows("s>a", "b>c", "a>e")))
    play.wait(hours=5)
    assert play.open == ["a", "c", "c", "c"]
    play.do("a").do("c").do("c")
    assert not play.done
    play.do("c")
    assert play.done


def test_an_intermediate_cycle_yields_that_many_tokens() -> None:
    body = start() + catch("t", timer("R4/PT1H", "timeCycle")) + user("a")
    play = Player(process(body + flows("s>t", "t>a"))).wait(hours=9)
    assert play.open == ["a"] * 4
    for _ in range(4):
        play.do("a")
    assert play.done


def test_cron_and_dates_follow_the_process_zone() -> None:
    body = start() + catch("t", timer("0 30 9 * * MON-FRI", "timeCycle")) + user("a")
    play = Player(process(body + flows("s>t", "t>a")))
    assert [one.at for one in play.timers.values()] == ["2026-03-02T09:30:00+08:00"]
    play.wait(days=5)
    assert play.open == ["a"] * 5
    body = start() + catch("t", timer("2026-03-05", "timeDate")) + user("a")
    play = Player(process(body + flows("s>t", "t>a")))
    assert [one.at for one in play.timers.values()] == ["2026-03-05T00:00:00+08:00"]


def test_a_month_from_the_31st_ends_with_the_next_month_and_does_not_drift() -> None:
    cycle = timer("R3/2027-12-31T08:00:00+08:00/P1M", "timeCycle")
    play = Player(process(start() + catch("t", cycle) + user("a") + flows("s>t", "t>a"))).wait(days=800)
    instants = [one.at for one in play.commands if type(one).__name__ == "SetTimer"]
    assert [text[:10] for text in instants] == ["2027-12-31", "2028-01-31", "2028-02-29"]


def test_a_message_is_correlated_by_name_and_key() -> None:
    body = start() + catch("m", message("M"), io(outputs={"sum": "=amount"})) + end() + flows("s>m", "m>e")
    play = Player(process(body, SHARED), {"order": 7})
    (open_,) = play.messages.values()
    assert (open_.message_name, open_.correlation_key) == ("paid", "7")
    play.deliver("paid", amount=3)
    assert play.variables == {"order": 7, "sum": 3}


def test_a_message_without_key_belongs_to_the_instance() -> None:
    play = Player(process(start() + catch("m", message("N")) + flows("s>m"), SHARED))
    assert next(iter(play.messages.values())).correlation_key == "case-1"


def test_a_throw_publishes_what_its_inputs_made() -> None:
    body = start() + throw("t", message("M"), io({"amount": "=2*order"})) + end() + flows("s>t", "t>e")
    play = Player(process(body, SHARED), {"order": 7, "other": 1})
    (published,) = [one for one in play.commands if type(one).__name__ == "PublishMessage"]
    assert (published.name, published.correlation_key, published.variables) == ("paid", "7", {"amount": 14})


def test_a_signal_reaches_every_catch_of_the_instance_in_the_same_step() -> None:
    body = start() + gateway("parallel", "f") + catch("c", signal("S")) + user("a") + throw("t", signal("S"))
    body += boundary("b", "a", signal("S")) + user("x") + user("y") + user("z")
    body += flows("s>f", "f>t", "f>c", "f>a", "c>x", "b>y", "t>z")
    play = Player(process(body, SHARED))
    assert play.open == ["x", "y", "z"]
    assert not play.signals
    assert any(type(one).__name__ == "BroadcastSignal" for one in play.commands)


def test_a_signal_from_outside_reaches_one_subscription() -> None:
    play = Player(process(start() + catch("c", signal("S")) + user("x") + flows("s>c", "c>x"), SHARED))
    (key,) = play.signals
    play.send(SignalDelivered(key, {"v": 1}))
    assert play.open == ["x"]
    assert play.variables == {"v": 1}


def test_the_exact_error_code_wins_over_a_catch_all_in_the_innermost_scope() -> None:
    inner = start("is") + service("w") + flows("is>w") + boundary("b1", "w", error("E1")) + user("u1") + flows("b1>u1")
    body = start() + sub("p1", inner) + boundary("any", "p1", error()) + boundary("b2", "p1", error("E2"))
    body += user("ua") + user("u2") + flows("s>p1", "any>ua", "b2>u2")
    source = process(body, SHARED)
    assert Player(source).fail("w", "bad").open == ["u1"]
    assert Player(source).fail("w", "worse").open == ["u2"]
    assert Player(source).fail("w", "other").open == ["ua"]


def test_an_error_that_nobody_catches_is_an_incident() -> None:
    play = Player(process(start() + service("w") + end() + flows("s>w", "w>e"), SHARED)).fail("w", "bad")
    assert play.rules == ["uncaught-error"]
    play = Player(process(start() + end("e", error("E1")) + flows("s>e"), SHARED))
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
    play = Player(process(body, SHARED))
    play.send(TaskEscalated(play.task_key("a"), "late"))
    play.send(TaskEscalated(play.task_key("a"), "late"))
    assert play.open == ["a", "boss", "boss"]
    play.send(TaskErrored(play.task_key("a"), "bad", {"why": "x"}))
    assert play.open == ["back", "boss", "boss"]
    assert play.variables == {"why": "x"}


def test_an_escalation_that_nobody_catches_goes_on() -> None:
    body = start() + throw("t", escalation("X1")) + end("e", escalation("X1")) + flows("s>t", "t>e")
    assert Player(process(body, SHARED)).done


def test_an_interrupting_escalation_stops_its_thrower() -> None:
    inner = start("is") + throw("t", escalation("X1")) + user("never") + flows("is>t", "t>never")
    body = start() + sub("p1", inner) + boundary("b", "p1", escalation()) + user("after") + flows("s>p1", "b>after")
    assert Player(process(body, SHARED)).open == ["after"]


def test_a_condition_is_judged_at_entry_and_at_each_change() -> None:
    body = start() + gateway("parallel", "f") + catch("c", conditional("x > 1")) + user("a") + user("b")
    source = process(body + flows("s>f", "f>c", "f>a", "c>b"))
    assert Player(source, {"x": 5}).open == ["a", "b"]
    assert Player(source).open == ["a"]
    assert Player(source).do("a", x=2).open == ["b"]


def test_a_non_interrupting_condition_must_become_false_before_it_fires_again() -> None:
    body = start() + user("a") + boundary("b", "a", conditional("x > 1"), False) + user("c") + flows("s>a", "b>c")
    play = Player(process(body, SHARED))
    for value, expected in ((2, 1), (3, 1), (0, 1), (5, 2)):
        play.send(VariablesEdited(play.state.root, {"x": value}))
        assert play.open == ["a"] + ["c"] * expected


def test_what_an_event_brings_belongs_to_that_run_of_its_handler() -> None:
    """Two runs of a non-interrupting handler at once do not overwrite each other's variables."""
    body = start() + user("a") + flows("s>a")
    body += event_sub("es", start("m", message("N"), isInterrupting="false") + user("h") + flows("m>h"))
    play = Player(process(body, SHARED))
    for value in (1, 2):
        play.send(MessageDelivered(next(iter(play.messages)), f"m{value}", {"x": value}))
    scopes = [scope for scope in play.state.scopes.values() if scope.kind == "event"]
    assert [scope.variables["x"] for scope in scopes] == [1, 2]


def test_terminate_ends_the_enclosing_scope_only() -> None:
    inner = start("is") + gateway("parallel", "f") + user("u") + end("t", TERMINATE) + flows("is>f", "f>u", "f>t")
    body = start() + sub("p1", inner) + user("after") + flows("s>p1", "p1>after")
    play = Player(process(body))
    assert play.open == ["after"]
    assert not [one for one in play.commands if type(one).__name__ == "CreateTask" and one.element_id == "u"]


def test_links_go_on_elsewhere() -> None:
    body = start() + throw("t", '<linkEventDefinition name="L"/>') + catch("c", '<linkEventDefinition name="L"/>')
    assert Player(process(body + user("a") + flows("s>t", "c>a"))).open == ["a"]


def test_an_interrupting_event_subprocess_takes_the_scope_over() -> None:
    handler = start("hs", message("M")) + user("h") + flows("hs>h")
    body = start() + user("a") + end() + flows("s>a", "a>e") + event_sub("es", handler)
    play = Player(process(body, SHARED), {"order": 1}).deliver("paid")
    assert play.open == ["h"]
    play.do("h")
    assert play.done


def test_a_non_interrupting_event_subprocess_runs_as_often_as_it_is_called() -> None:
    handler = start("hs", message("M"), isInterrupting="false") + user("h") + flows("hs>h")
    play = Player(process(start() + user("a") + flows("s>a") + event_sub("es", handler), SHARED), {"order": 1})
    play.deliver("paid").deliver("paid")
    assert play.open == ["a", "h", "h"]
    play.do("a").do("h")
    assert not play.done
    play.do("h")
    assert play.done


def test_an_error_event_subprocess_catches_inside_its_scope() -> None:
    handler = start("hs", error("E1")) + user("h") + flows("hs>h")
    inner = start("is") + service("w") + flows("is>w") + event_sub("es", handler)
    body = start() + sub("p1", inner) + user("after") + flows("s>p1", "p1>after")
    play = Player(process(body, SHARED)).fail("w", "bad")
    assert play.open == ["h"]
    assert play.do("h").open == ["after"]


def test_an_event_based_gateway_is_one_race() -> None:
    body = start() + gateway("eventBased", "g") + catch("m", message("M")) + catch("t", timer("PT1H"))
    body += user("a") + user("b")
    source = process(body + flows("s>g", "g>m", "g>t", "m>a", "t>b"), SHARED)
    play = Player(source, {"order": 1}).deliver("paid")
    assert (play.open, play.timers, play.messages) == (["a"], {}, {})
    play = Player(source, {"order": 1}).wait(hours=1)
    assert (play.open, play.timers, play.messages) == (["b"], {}, {})
    body = start() + gateway("eventBased", "g") + '<receiveTask id="r" messageRef="N"/>' + catch("t", timer("PT1H"))
    body += user("b") + user("c") + flows("s>g", "g>t", "g>r", "t>b", "r>c")
    assert Player(process(body, SHARED)).deliver("note").open == ["c"]


def test_an_event_based_gateway_in_a_loop_races_again() -> None:
    body = start() + gateway("exclusive", "x") + gateway("eventBased", "g") + catch("m", message("N"))
    body += catch("t", timer("PT1H")) + user("b") + flows("s>x", "x>g", "g>m", "g>t", "m>x", "t>b")
    play = Player(process(body, SHARED)).deliver("note").deliver("note").wait(hours=1)
    assert play.open == ["b"]


def test_multiple_catches_any_and_parallel_multiple_all() -> None:
    body = start() + catch("c", message("M") + message("N")) + user("a") + flows("s>c", "c>a")
    assert Player(process(body, SHARED), {"order": 1}).deliver("note").open == ["a"]
    body = start() + catch("c", message("M") + message("N"), parallelMultiple="true") + user("a") + flows("s>c", "c>a")
    play = Player(process(body, SHARED), {"order": 1}).deliver("note", x=1)
    assert play.open == []
    assert play.deliver("paid").open == ["a"]
    assert play.variables["x"] == 1


def test_a_multiple_throw_fires_every_definition() -> None:
    body = start() + throw("t", message("N") + signal("S") + escalation("X1")) + script("k", "1", "k") + end()
    play = Player(process(body + flows("s>t", "t>k", "k>e"), SHARED))
    assert play.done
    assert [type(one).__name__ for one in play.commands] == ["PublishMessage", "BroadcastSignal", "CompleteInstance"]


def test_a_process_starts_by_its_message() -> None:
    body = start("m", message("N")) + user("a") + flows("m>a")
    play = Player(process(body, SHARED), {"x": 1}, start_event="m")
    assert play.open == ["a"]
    assert play.variables == {"x": 1}


@pytest.mark.parametrize(
    ("text", "times"),
    [('=cycle(2, duration("PT1H"))', 2), ('=cycle(duration("PT1H"))', 3), ('=cycle(null, duration("PT1H"))', 3)],
)
def test_camundas_cycle_function_writes_a_timer_cycle(text: str, times: int) -> None:
    body = start() + user("a") + boundary("b", "a", timer(text, "timeCycle"), False) + user("x") + flows("s>a", "b>x")
    assert Player(process(body)).wait(hours=3).open == ["a"] + ["x"] * times


def clocked(name: str) -> str:
    return io({"seen": "=x"}) + properties({"jiannuo:startsDeadline": name})


def test_an_event_that_is_reached_by_being_caught_does_what_it_does_on_entry() -> None:
    race = gateway("eventBased", "g") + catch("c", timer("PT1H"), clocked("race")) + catch("d", timer("PT9H"))
    body = start() + race + user("a") + boundary("b", "a", timer("PT1H"), False, clocked("late")) + end()
    play = Player(process(body + flows("s>g", "g>c", "g>d", "c>a", "b>e")), {"x": 1}).wait(hours=3)
    assert [command.name for command in play.commands if isinstance(command, ArmDeadline)] == ["race", "late"]
