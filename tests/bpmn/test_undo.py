"""An operator's act is taken back as long as nothing has happened since and nobody outside has been told."""

from collections.abc import Callable
from typing import Any

import pytest

from bpmn import codec
from bpmn.events import ElementSkipped, Event, IncidentRetried, OperationUndone, TokenMoved, VariablesEdited
from bpmn.state import State
from tests.bpmn.bpmn_models import (
    boundary,
    conditional,
    end,
    flows,
    gateway,
    message,
    process,
    service,
    start,
    sub,
    timer,
    user,
)
from tests.bpmn.player import Player

SHARED = '<message id="N" name="note"/>'
MODEL = process(
    start()
    + user("a")
    + boundary("late", "a", timer("P2D"), False)
    + boundary("said", "a", message("N"))
    + boundary("when", "a", conditional("x = 9"), False)
    + user("r")
    + sub("inner", start("i") + user("deep") + flows("i>deep"))
    + gateway("parallel", "f")
    + user("b")
    + user("c")
    + service("w")
    + end()
    + flows("s>a", "late>r", "said>r", "when>r", "a>f", "f>b", "f>c", "b>inner", "inner>w", "w>e"),
    SHARED,
)


def act(play: Player, event: Event) -> Callable[[], OperationUndone]:
    """Does it; the result is what would take it back."""
    assert play.state is not None
    before, at = codec.dump_state(play.state), play.now.isoformat()
    play.send(event)
    return lambda: OperationUndone(before, event, at)  # type: ignore[arg-type]


def seen(play: Player) -> dict[str, Any]:
    """What a person sees, without keys."""
    state = play.state
    assert isinstance(state, State)
    return {
        "tasks": sorted(play.open),
        "timers": sorted((one.element_id, one.at) for one in play.timers.values()),
        "messages": sorted(one.message_name for one in play.messages.values()),
        "incidents": sorted(one.rule for one in play.incidents.values()),
        "tokens": sorted((token.node, token.status) for token in state.tokens.values()),
        "variables": [scope.variables for scope in state.scopes.values()],
        "waits": sorted((wait.kind, wait.node, wait.role) for wait in state.waits.values()),
    }


def token_at(play: Player, element: str) -> int:
    assert play.state is not None
    return next(key for key, token in play.state.tokens.items() if token.node == element)


@pytest.mark.parametrize(
    "make",
    [
        lambda play: ElementSkipped(token_at(play, "a"), {"y": 1}),
        lambda play: TokenMoved(token_at(play, "a"), "inner"),
        lambda play: TokenMoved(token_at(play, "a"), "r"),
        lambda play: VariablesEdited(1, {"x": 5}),
        lambda play: VariablesEdited(1, {"x": 9}),
    ],
)
def test_the_case_stands_as_before(make: Callable[[Player], Event]) -> None:
    play = Player(MODEL, {"x": 1}).wait(hours=5)
    before = seen(play)
    back = act(play, make(play))
    assert seen(play) != before
    play.wait(hours=1).send(back())
    assert seen(play) == before
    # And it goes on from there: the timer at its old instant, the task to its end.
    assert play.wait(hours=43).open == ["a", "r"]
    assert sorted(play.do("a").open) == ["b", "c", "r"]


def test_an_incident_comes_back_under_a_new_key() -> None:
    body = start() + gateway("exclusive", "g") + user("a") + user("z") + flows("s>g", "g>a ? x = 1", "g>z ? x = 2")
    play = Player(process(body), {"x": 0})
    (first,) = play.incidents
    back = act(play, TokenMoved(token_at(play, "g"), "a"))
    assert (play.open, play.incidents) == (["a"], {})
    play.send(back())
    (again,) = play.incidents
    assert again != first
    assert play.open == []
    play.send(VariablesEdited(1, {"x": 1})).send(IncidentRetried(again))
    assert play.open == ["a"]


def test_after_a_step_it_is_too_late() -> None:
    play = Player(MODEL)
    back = act(play, ElementSkipped(token_at(play, "a")))
    play.do("b")
    assert play.refusal(back()) == "undo-late"


def test_a_job_that_was_begun_cannot_be_undone() -> None:
    play = Player(MODEL)
    back = act(play, TokenMoved(token_at(play, "a"), "w"))
    assert play.refusal(back()) == "undo-effect"


def test_an_undoing_is_not_undone_and_happens_once() -> None:
    play = Player(MODEL)
    back = act(play, ElementSkipped(token_at(play, "a")))
    play.send(back())
    assert play.refusal(back()) == "undo-late"
