"""Clocks of the law as a release stores them: a ladder in a loop, a pause, a move, and two live clocks of one name.

Answers of the record and fired rungs are scripted, so that every release writes the same story.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bpmn import codec
from bpmn.events import Event
from tests.bpmn.bpmn_models import (
    boundary,
    catch,
    event_sub,
    flows,
    gateway,
    process,
    properties,
    start,
    sub,
    timer,
    user,
)
from tests.bpmn.clock_player import ClockPlayer

STAGE = properties({"jiannuo:startsDeadline": "stage"})
ENDS = properties({"jiannuo:endsDeadline": "stage"})
PAUSES = properties({"jiannuo:pausesDeadline": "stage"})


def ladder(name: str, cycle: str = '=deadline("stage")', form: str = "timeCycle") -> str:
    """An event subprocess that asks somebody to look, once for each rung."""
    body = start(f"{name}_s", timer(cycle, form), isInterrupting="false")
    body += user(f"{name}_u", '<zeebe:assignmentDefinition assignee="=rung"/>') + flows(f"{name}_s>{name}_u")
    return event_sub(name, body)


def single() -> bytes:
    """One clock of the name at a time, in a loop."""
    body = start() + gateway("exclusive", "x") + user("a", STAGE) + user("b", PAUSES) + user("c")
    body += flows("s>x", "x>a", "a>b", "b>c", "c>x") + ladder("every")
    return process(body + ladder("once", '=deadline("stage", "due")', "timeDate"))


def nested() -> bytes:
    """A clock of the case, and one of the same name in a subprocess, each with a ladder that sees it."""
    inner = start("is") + user("w") + user("x", STAGE) + user("v", ENDS) + user("u")
    inner += flows("is>w", "w>x", "x>v", "v>u")
    inner += ladder("inside") + boundary("b", "u", timer('=deadline("stage")', "timeCycle"), False)
    inner += user("bu") + flows("b>bu")
    body = start() + user("a", STAGE) + gateway("parallel", "f") + sub("in", inner) + user("z", ENDS)
    body += catch("t", timer('=deadline("stage", "due")', "timeDate")) + user("tu")
    return process(body + flows("s>a", "a>f", "f>in", "f>t", "in>z", "t>tu") + ladder("outside"))


class Storyteller(ClockPlayer):
    """Keeps each event with the state before it and the commands that it gave rise to."""

    def __init__(self, model: bytes, semantics: int) -> None:
        self.rests: list[dict[str, Any]] = []
        super().__init__(model, semantics)

    def send(self, event: Event) -> ClockPlayer:
        before = None if self.state is None else codec.dump_state(self.state)
        super().send(event)
        if before is not None:
            commands, at = codec.dump_commands(self.last), self.now.isoformat()
            self.rests.append({"state": before, "event": codec.dump_event(event), "commands": commands, "at": at})
        return self


def tell_single(play: ClockPlayer) -> None:
    play.answer(0, 1, 2, 4, 6).wait(days=3)
    play.answer(0, 2, 5, 7, 9).wait(days=1)  # moved after "early" had fired
    play.do("a")
    play.answer(0, 3).wait(days=5)  # b: the clock stands still
    play.do("b")
    play.answer(0, 4, 12, 14, 16).wait(days=4)
    play.do("c")
    play.answer(1, 1, 14, 16, 18).wait(days=4)


def tell_nested(play: ClockPlayer) -> None:
    play.answer(0, 1, 1, 9, 11).do("a").wait(days=2)  # "early" of the outer one fires, inside as well
    play.do("w")
    play.answer(1, 1, 3, 5, 7).wait(days=4)  # the inner one has its whole ladder before it
    play.do("x").do("v").wait(days=1)  # it ends: what follows the name goes back to the outer one
    play.answer(0, 2, 1, 10, 12).wait(days=4)
    play.do("u").wait(days=9)


STORIES: dict[str, tuple[Callable[[], bytes], Callable[[ClockPlayer], None]]] = {
    "clocks-single": (single, tell_single),
    "clocks-nested": (nested, tell_nested),
}


def record_clocks(folder: Path, numbers: tuple[int, ...]) -> None:
    for name, (model, tell) in STORIES.items():
        for number in numbers:
            play = Storyteller(model(), number)
            tell(play)
            text = {"model": model().decode(), "rests": play.rests}
            (folder / f"{name}-{number}.json").write_text(json.dumps(text, ensure_ascii=False, indent=1) + "\n")
