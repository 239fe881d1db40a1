"""Event subprocesses, races, links, terminate, multiple events."""

from bpmn.commands import ArmDeadline
from bpmn.events import MessageDelivered
from tests.bpmn.bpmn_models import (
    ROOTS,
    TERMINATE,
    boundary,
    catch,
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
from tests.bpmn.player import Player


def test_what_an_event_brings_belongs_to_that_run_of_its_handler() -> None:
    """Two runs of a non-interrupting handler at once do not overwrite each other's variables."""
    body = start() + user("a") + flows("s>a")
    body += event_sub("es", start("m", message("N"), isInterrupting="false") + user("h") + flows("m>h"))
    play = Player(process(body, ROOTS))
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
    play = Player(process(body, ROOTS), {"order": 1}).deliver("paid")
    assert play.open == ["h"]
    play.do("h")
    assert play.done


def test_a_non_interrupting_event_subprocess_runs_as_often_as_it_is_called() -> None:
    handler = start("hs", message("M"), isInterrupting="false") + user("h") + flows("hs>h")
    play = Player(process(start() + user("a") + flows("s>a") + event_sub("es", handler), ROOTS), {"order": 1})
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
    play = Player(process(body, ROOTS)).fail("w", "bad")
    assert play.open == ["h"]
    assert play.do("h").open == ["after"]


def test_an_event_based_gateway_is_one_race() -> None:
    body = start() + gateway("eventBased", "g") + catch("m", message("M")) + catch("t", timer("PT1H"))
    body += user("a") + user("b")
    source = process(body + flows("s>g", "g>m", "g>t", "m>a", "t>b"), ROOTS)
    play = Player(source, {"order": 1}).deliver("paid")
    assert (play.open, play.timers, play.messages) == (["a"], {}, {})
    play = Player(source, {"order": 1}).wait(hours=1)
    assert (play.open, play.timers, play.messages) == (["b"], {}, {})
    body = start() + gateway("eventBased", "g") + '<receiveTask id="r" messageRef="N"/>' + catch("t", timer("PT1H"))
    body += user("b") + user("c") + flows("s>g", "g>t", "g>r", "t>b", "r>c")
    assert Player(process(body, ROOTS)).deliver("note").open == ["c"]


def test_an_event_based_gateway_in_a_loop_races_again() -> None:
    body = start() + gateway("exclusive", "x") + gateway("eventBased", "g") + catch("m", message("N"))
    body += catch("t", timer("PT1H")) + user("b") + flows("s>x", "x>g", "g>m", "g>t", "m>x", "t>b")
    play = Player(process(body, ROOTS)).deliver("note").deliver("note").wait(hours=1)
    assert play.open == ["b"]


def test_multiple_catches_any_and_parallel_multiple_all() -> None:
    body = start() + catch("c", message("M") + message("N")) + user("a") + flows("s>c", "c>a")
    assert Player(process(body, ROOTS), {"order": 1}).deliver("note").open == ["a"]
    body = start() + catch("c", message("M") + message("N"), parallelMultiple="true") + user("a") + flows("s>c", "c>a")
    play = Player(process(body, ROOTS), {"order": 1}).deliver("note", x=1)
    assert play.open == []
    assert play.deliver("paid").open == ["a"]
    assert play.variables["x"] == 1


def test_a_multiple_throw_fires_every_definition() -> None:
    body = start() + throw("t", message("N") + signal("S") + escalation("X1")) + script("k", "1", "k") + end()
    play = Player(process(body + flows("s>t", "t>k", "k>e"), ROOTS))
    assert play.done
    assert [type(one).__name__ for one in play.commands] == ["PublishMessage", "BroadcastSignal", "CompleteInstance"]


def clocked(name: str) -> str:
    return io({"seen": "=x"}) + properties({"jiannuo:startsDeadline": name})


def test_an_event_that_is_reached_by_being_caught_does_what_it_does_on_entry() -> None:
    race = gateway("eventBased", "g") + catch("c", timer("PT1H"), clocked("race")) + catch("d", timer("PT9H"))
    body = start() + race + user("a") + boundary("b", "a", timer("PT1H"), False, clocked("late")) + end()
    play = Player(process(body + flows("s>g", "g>c", "g>d", "c>a", "b>e")), {"x": 1}).wait(hours=3)
    assert [command.name for command in play.commands if isinstance(command, ArmDeadline)] == ["race", "late"]
