"""Each event definition in each position where the standard lets it stand (§10.5): what it starts, stops and leaves."""

from collections.abc import Callable

import pytest

from bpmn.events import SignalDelivered, TaskErrored, TaskEscalated, VariablesEdited
from tests.bpmn.bpmn_models import (
    boundary,
    catch,
    conditional,
    end,
    error,
    escalation,
    event_sub,
    flows,
    message,
    process,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.bpmn.player import Player

SHARED = (
    '<message id="M" name="m"/><signal id="S" name="s"/><error id="E" errorCode="bad"/>'
    '<escalation id="X" escalationCode="up"/>'
)


def change(play: Player) -> Player:
    assert play.state is not None
    return play.send(VariablesEdited(play.state.root, {"x": 1}))


# definition, and how it comes to a case in which the task "a" is open
CAUGHT: dict[str, tuple[str, Callable[[Player], Player]]] = {
    "message": (message("M"), lambda play: play.deliver("m")),
    "timer": (timer("PT1H"), lambda play: play.wait(hours=1)),
    "signal": (signal("S"), lambda play: play.send(SignalDelivered(next(iter(play.signals)), {}))),
    "conditional": (conditional("x = 1"), change),
    "error": (error("E"), lambda play: play.send(TaskErrored(play.task_key("a"), "bad", {}))),
    "escalation": (escalation("X"), lambda play: play.send(TaskEscalated(play.task_key("a"), "up", {}))),
}
BESIDE = [kind for kind in CAUGHT if kind != "error"]
ALONE = ["message", "timer", "signal", "conditional"]


def played(body: str, **options: str) -> Player:
    return Player(process(body, SHARED), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ALONE)
def test_it_starts_a_process(kind: str) -> None:
    body = start("s", CAUGHT[kind][0]) + user("u") + end() + flows("s>u", "u>e")
    assert played(body, start_event="s").do("u").done


@pytest.mark.parametrize("kind", ALONE)
def test_it_is_waited_for_between_two_elements(kind: str) -> None:
    definition, comes = CAUGHT[kind]
    play = played(start() + catch("c", definition) + user("u") + end() + flows("s>c", "c>u", "u>e"))
    assert play.open == []
    assert comes(play).do("u").done


@pytest.mark.parametrize("kind", CAUGHT)
@pytest.mark.parametrize("part", [False, True])
def test_on_the_border_it_interrupts(kind: str, part: bool) -> None:
    definition, comes = CAUGHT[kind]
    work = sub("w", start("i") + user("a") + end("o") + flows("i>a", "a>o")) if part else user("a")
    host = "w" if part else "a"
    body = start() + work + boundary("b", host, definition) + user("u") + end()
    play = comes(played(body + flows(f"s>{host}", f"{host}>e", "b>u", "u>e")))
    assert play.open == ["u"]
    assert play.do("u").done


@pytest.mark.parametrize("kind", BESIDE)
def test_on_the_border_it_runs_beside(kind: str) -> None:
    definition, comes = CAUGHT[kind]
    body = start() + user("a") + boundary("b", "a", definition, False) + user("u") + end()
    play = comes(played(body + flows("s>a", "a>e", "b>u", "u>e")))
    assert play.open == ["a", "u"]
    assert not play.do("a").done
    assert play.do("u").done


@pytest.mark.parametrize("kind", CAUGHT)
@pytest.mark.parametrize("part", [False, True])
def test_a_handler_takes_its_scope_over(kind: str, part: bool) -> None:
    definition, comes = CAUGHT[kind]
    handler = event_sub("h", start("hs", definition) + user("u") + end("he") + flows("hs>u", "u>he"))
    if part:
        inner = start("i") + user("a") + end("o") + flows("i>a", "a>o") + handler
        play = played(start() + sub("w", inner) + user("after") + end() + flows("s>w", "w>after", "after>e"))
    else:
        play = played(start() + user("a") + end() + flows("s>a", "a>e") + handler)
    assert comes(play).open == ["u"]
    play.do("u")
    assert play.done or play.do("after").done


@pytest.mark.parametrize("kind", BESIDE)
def test_a_handler_runs_beside_its_scope_which_waits_for_it(kind: str) -> None:
    definition, comes = CAUGHT[kind]
    begin = start("hs", definition, isInterrupting="false")
    handler = event_sub("h", begin + user("u") + end("he") + flows("hs>u", "u>he"))
    play = comes(played(start() + user("a") + end() + flows("s>a", "a>e") + handler))
    assert play.open == ["a", "u"]
    assert not play.do("a").done
    assert play.do("u").done


THROWN = {"error": error("E"), "escalation": escalation("X"), "signal": signal("S")}


@pytest.mark.parametrize("kind", THROWN)
def test_an_end_event_throws_it_to_the_border_around(kind: str) -> None:
    definition = THROWN[kind]
    part = sub("w", start("i") + end("o", definition) + flows("i>o"))
    body = start() + part + boundary("b", "w", definition) + user("u") + user("n") + end()
    assert played(body + flows("s>w", "w>n", "n>e", "b>u", "u>e")).open == ["u"]


@pytest.mark.parametrize("kind", ["escalation", "signal"])
def test_an_intermediate_event_throws_it_and_goes_on(kind: str) -> None:
    definition = THROWN[kind]
    part = sub("w", start("i") + throw("t", definition) + user("v") + end("o") + flows("i>t", "t>v", "v>o"))
    body = start() + part + boundary("b", "w", definition, False) + user("u") + end()
    assert played(body + flows("s>w", "w>e", "b>u", "u>e")).open == ["u", "v"]


@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_it_is_caught_around_a_called_process(kind: str) -> None:
    definition = THROWN[kind]
    callee = f'<process id="q" isExecutable="true">{start("i")}{end("o", definition)}{flows("i>o")}</process>'
    caller = start() + '<callActivity id="c" calledElement="q"/>' + boundary("b", "c", definition) + user("u") + end()
    source = process(caller + flows("s>c", "c>e", "b>u", "u>e"), SHARED).replace(b"</definitions>", b"")
    assert Player(source + callee.encode() + b"</definitions>").open == ["u"]


@pytest.mark.parametrize("kind", ALONE)
def test_it_wins_a_race(kind: str) -> None:
    definition, comes = CAUGHT[kind]
    other = timer("P9D") if kind != "timer" else message("M")
    race = '<eventBasedGateway id="g"/>' + catch("c", definition) + catch("d", other)
    body = start() + race + user("u") + user("v") + end()
    assert comes(played(body + flows("s>g", "g>c", "g>d", "c>u", "d>v", "u>e", "v>e"))).open == ["u"]
