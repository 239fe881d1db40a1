"""States of version 1 go on as version 2: what their clocks have fired is neither lost nor fired again."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import pytest

from bpmn import codec
from bpmn.commands import Command
from bpmn.engine import advance
from bpmn.events import Event, SemanticsRaised
from bpmn.instance.deadline import Deadline
from bpmn.instance.migrations import RETURNS, SINCE, UnknownVersion, migrate
from bpmn.instance.wait import TimerPlan
from bpmn.json_text import loads
from bpmn.reader.read import load
from bpmn.run.rungs import SHARED, told_apart
from bpmn.semantics import RULES
from bpmn.state import STATE_VERSION
from tests.bpmn.clock_player import ClockPlayer, Firing
from tests.bpmn.player import START
from tests.golden.clocks import STORIES, nested, single, tell_single

VERSION_1 = Path(__file__).parents[1] / "golden" / "0.1-state-1" / "states"


class Raised(ClockPlayer):
    """The rules are raised to number 3 after that many events."""

    def __init__(self, model: bytes, after: int) -> None:
        self.left = after
        self.raised_at = START
        self.because: tuple[Command, ...] = ()
        super().__init__(model, semantics=2)

    def send(self, event: Event) -> ClockPlayer:
        super().send(event)
        self.left -= 1
        if self.left == 0:
            super().send(SemanticsRaised(3))
            self.raised_at, self.because = self.now, self.last
        return self


def told(play: ClockPlayer, tell: Callable[[ClockPlayer], None]) -> ClockPlayer:
    tell(play)
    return play


def test_a_case_is_stored_so_that_every_release_which_knows_its_rules_can_read_it() -> None:
    """Two releases serve one queue as long as cases keep rules that both know."""
    for number, version in ((2, 1), (3, 2)):
        play = told(ClockPlayer(single(), number), tell_single)
        assert play.state is not None
        plain = loads(codec.dump_state(play.state))
        assert (plain["version"], play.state.version) == (version, STATE_VERSION)
        found = [wait["timer"]["fired"] for wait in plain["waits"] if "timer" in wait]
        fired = [["early", "due"], ["due"]]
        assert found == (fired if version == 1 else [{str(play.clocks[-1]): rungs} for rungs in fired])


def test_every_number_of_rules_has_a_version_that_can_be_written() -> None:
    assert sorted(SINCE) == list(range(1, STATE_VERSION + 1))
    assert sorted(RETURNS) == list(range(1, STATE_VERSION))
    assert set(SINCE.values()) <= set(RULES)


def test_a_state_of_a_newer_release_is_no_defect_but_one_for_its_workers() -> None:
    with pytest.raises(UnknownVersion, match="version 2; this engine knows versions up to 1"):
        migrate({"version": 2}, newest=1)


def test_with_one_clock_of_a_name_raising_the_rules_changes_no_command_at_any_step() -> None:
    plain, newest = told(ClockPlayer(single(), 2), tell_single), told(ClockPlayer(single(), 3), tell_single)
    assert plain.commands == newest.commands
    events = len(plain.fired) + 7
    for after in range(1, events):
        play = Raised(single(), after)
        tell_single(play)
        assert (play.commands, play.because) == (plain.commands, ()), after


@pytest.mark.parametrize("number", [1, 2])
def test_what_state_1_left_of_one_clock_goes_on_by_the_new_rules_as_it_was_recorded(number: int) -> None:
    stored = json.loads((VERSION_1 / f"clocks-single-{number}.json").read_text())
    graph = load(stored["model"].encode(), "m.bpmn")
    for rest in stored["rests"]:
        raised = advance({graph.hash: graph}, codec.load_state(rest["state"]), SemanticsRaised(3), START)
        assert raised.commands == ()
        state = codec.load_state(codec.dump_state(raised.state))
        step = advance({graph.hash: graph}, state, codec.load_event(rest["event"]), START.fromisoformat(rest["at"]))
        assert codec.dump_commands(step.commands) == rest["commands"]


def unmoved(play: ClockPlayer) -> None:
    """As ``tell_nested``, but the outer clock does not move after the inner one has ended."""
    play.answer(0, 1, 1, 10, 12).do("a").wait(days=2).do("w")
    play.answer(1, 1, 3, 5, 7).wait(days=4)
    play.do("x").do("v").wait(days=2).do("u").wait(days=12)


def test_with_two_clocks_of_a_name_nothing_to_come_is_lost_and_nothing_done_is_done_again() -> None:
    whole = told(ClockPlayer(nested()), unmoved).fired
    for after in range(1, 20):
        play = Raised(nested(), after)
        unmoved(play)
        if play.left > 0:
            break
        assert len({one[:3] for one in play.fired}) == len(play.fired), f"{after}: a rung was fired twice for a clock"
        # What the shared record had withheld by then comes too late; everything else is fired when it is due.
        assert later(whole, play.raised_at) == later(play.fired, play.raised_at), after


def later(fired: Iterable[Firing], at: datetime) -> list[Firing]:
    return sorted(one for one in fired if one.at > at)


def clock(key: int, revision: int, **days: int) -> Deadline:
    at = {rung: START.replace(day=day).isoformat() for rung, day in days.items()}
    return Deadline(key, "stage", 1, 1, "a", revision, "2026-03-20", START.replace(day=20).isoformat(), at)


NOW = START.replace(day=10)


@pytest.mark.parametrize(
    ("bound", "clocks", "expected"),
    [
        pytest.param(7, [clock(7, 4, early=12)], {7: ("early",)}, id="the only clock moved after its rung had fired"),
        pytest.param(9, [clock(9, 1, early=12), clock(7, 1, early=5)], {7: ("early",)}, id="fired for the outer one"),
        pytest.param(9, [clock(9, 1, early=5), clock(7, 1, early=12)], {9: ("early",)}, id="fired for the inner one"),
        pytest.param(9, [clock(9, 1, early=5), clock(7, 1, early=6)], {9: ("early",), 7: ("early",)}, id="both passed"),
        pytest.param(9, [clock(9, 1, early=12), clock(7, 3, early=12)], {7: ("early",)}, id="the one that moved"),
        pytest.param(0, [clock(7, 1, early=12)], {}, id="fired for an inner one that has ended"),
        pytest.param(0, [], {}, id="fired for clocks that have ended"),
    ],
)  # fmt: skip
def test_a_shared_record_is_told_apart_by_what_can_have_fired(
    bound: int, clocks: list[Deadline], expected: dict[int, tuple[str, ...]]
) -> None:
    plan = TimerPlan(deadline="stage", each_rung=True, fired={SHARED: ("early",)}, bound=bound)
    assert told_apart(plan, clocks, NOW).fired == expected


def test_the_stories_are_the_ones_that_were_recorded() -> None:
    assert sorted({path.stem.rpartition("-")[0] for path in VERSION_1.glob("*.json")}) == sorted(STORIES)
