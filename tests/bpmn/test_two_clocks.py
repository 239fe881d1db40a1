"""Two live clocks of one name: each rung of each of them fires once, whatever it is nested in and whatever moves."""

import pytest

from bpmn.commands import ResolveDefinition
from bpmn.events import DefinitionResolved, GraphRef, InstanceMigrated
from bpmn.reader.read import read
from tests.bpmn.bpmn_models import (
    boundary,
    event_sub,
    extension,
    flows,
    gateway,
    multi,
    process,
    properties,
    script,
    start,
    sub,
    timer,
    user,
)
from tests.bpmn.clock_player import RUNGS, ClockPlayer
from tests.golden.clocks import nested, tell_nested

STARTS = properties({"jiannuo:startsDeadline": "stage"})
ENDS = properties({"jiannuo:endsDeadline": "stage"})
EACH = timer('=deadline("stage")', "timeCycle")
FIRST, SECOND, THIRD = ([(clock, rung) for rung in RUNGS] for clock in range(3))


def ladder(name: str, catches: str = EACH) -> str:
    body = start(f"{name}_s", catches, isInterrupting="false") + user(f"{name}_u") + flows(f"{name}_s>{name}_u")
    return event_sub(name, body)


def inside(body: str, multiple: str = "", shared: str = "") -> bytes:
    """A clock of the case, and a subprocess with a ladder that asks for the clock of that name."""
    whole = start() + user("a", STARTS) + sub("in", body + ladder("rung") + multiple) + user("z")
    return process(whole + flows("s>a", "a>in", "in>z"), shared)


def test_an_inner_clock_has_its_whole_ladder_and_the_outer_one_goes_on_with_its_own() -> None:
    play = ClockPlayer(nested())
    tell_nested(play)
    assert play.of("inside_s") == [(0, "early"), (1, "early"), (1, "due"), (0, "due"), (0, "late")]
    assert play.of("outside_s") == FIRST
    assert play.of("b") == [(0, "early"), (0, "due")]
    assert play.of("t") == [(0, "due")]


def test_by_the_rules_before_a_rung_of_one_was_taken_as_fired_for_the_other() -> None:
    play = ClockPlayer(nested(), semantics=2)
    tell_nested(play)
    assert play.of("inside_s") == [(0, "early"), (1, "due"), (0, "late")]


def test_each_instance_of_a_loop_has_a_ladder_of_its_own() -> None:
    body = start("is") + user("w") + user("x", STARTS) + flows("is>w", "w>x")
    play = ClockPlayer(inside(body, multi(cardinality="2")))
    play.answer(0, 1, 1, 20, 30).do("a").wait(days=2)
    assert play.of("rung_s") == [(0, "early")] * 2
    play.do("w").do("w")
    play.answer(1, 1, 3, 4, 5).answer(2, 1, 4, 5, 6).wait(days=8)
    assert [one for one in play.of("rung_s") if one[0] == 1] == SECOND
    assert [one for one in play.of("rung_s") if one[0] == 2] == THIRD
    assert len(play.of("rung_s")) == 8


def test_a_process_called_twice_at_once_has_two_clocks() -> None:
    callee = start("cs") + user("x", STARTS) + flows("cs>x") + ladder("rung")
    called = read(process(callee, name="q"), "q.bpmn")
    to_callee = extension('<zeebe:calledElement processId="q"/>')
    call = "".join(f'<callActivity id="{name}">{to_callee}</callActivity>' for name in ("c1", "c2"))
    body = start() + user("a", STARTS) + gateway("parallel", "f") + call + flows("s>a", "a>f", "f>c1", "f>c2")
    play = ClockPlayer(process(body + ladder("whole")))
    play.graphs[called.hash] = called
    play.answer(0, 1, 1, 9, 11).do("a").wait(days=2)
    for asked in [one for one in play.commands if isinstance(one, ResolveDefinition)]:
        play.send(DefinitionResolved(asked.request_key, GraphRef(called.hash, "q")))
    play.answer(1, 1, 3, 5, 7).answer(2, 1, 4, 6, 8).wait(days=10)
    assert sorted(play.of("rung_s")) == sorted([*SECOND, *THIRD])
    assert play.of("whole_s") == FIRST


def test_each_round_of_a_loop_has_a_whole_ladder_and_between_them_the_outer_clock_goes_on() -> None:
    body = start("is") + gateway("exclusive", "g") + user("x", STARTS) + user("v", ENDS) + user("u")
    play = ClockPlayer(inside(body + flows("is>g", "g>x", "x>v", "v>u", "u>g")))
    play.answer(0, 1, 1, 6, 20).do("a").answer(1, 1, 2, 3, 4)
    play.wait(days=5).do("x").do("v")
    play.wait(days=2).do("u")
    play.answer(2, 1, 8, 9, 10).wait(days=4).do("x").do("v")
    play.wait(days=10)
    assert play.of("rung_s") == [*SECOND, (0, "early"), (0, "due"), *THIRD, (0, "late")]


def test_what_fired_stays_fired_when_the_calendar_moves_either_clock() -> None:
    body = start("is") + user("w") + user("x", STARTS) + user("v", ENDS) + user("u")
    play = ClockPlayer(inside(body + flows("is>w", "w>x", "x>v", "v>u")))
    play.answer(0, 1, 1, 20, 21).do("a").wait(days=2).do("w")
    play.answer(1, 1, 3, 6, 9).wait(days=2)
    play.answer(1, 2, 5, 7, 9).answer(0, 2, 6, 21, 22).wait(days=6)
    play.do("x").do("v").wait(days=20)
    assert play.of("rung_s") == [(0, "early"), *SECOND, (0, "due"), (0, "late")]


def test_a_pause_of_the_inner_clock_does_not_lend_its_timers_to_the_outer_one() -> None:
    body = start("is") + user("x", STARTS) + user("stop", properties({"jiannuo:pausesDeadline": "stage"})) + user("u")
    play = ClockPlayer(inside(body + flows("is>x", "x>stop", "stop>u")))
    play.answer(0, 1, 5, 6, 7).do("a").answer(1, 1, 2, 8, 9)
    play.wait(days=3).do("x")
    play.answer(1, 2).wait(days=6)
    assert play.of("rung_s") == [(1, "early")]
    play.do("stop")
    play.answer(1, 3, 2, 14, 15).wait(days=20)
    assert play.of("rung_s") == SECOND


def test_what_the_shell_times_is_what_the_state_says_also_within_one_step() -> None:
    """A timer that is set, withdrawn for an inner clock and set again in the step that opened it stays set."""
    here = script("k", "1", "n", STARTS) + script("m", "2", "n", ENDS) + user("u")
    body = start("is") + here + flows("is>k", "k>m", "m>u")
    play = ClockPlayer(inside(body))
    play.answer(0, 1, 1, 2, 3).do("a")
    assert play.live == [0]
    play.wait(days=5)
    assert play.of("rung_s") == FIRST


def test_a_rung_without_a_ladder_is_asked_for_by_each_clock() -> None:
    due = timer('=deadline("stage", "due")', "timeDate")
    body = start("is") + user("w") + user("x", STARTS) + user("v", ENDS) + user("u") + ladder("once", due)
    play = ClockPlayer(inside(body + flows("is>w", "w>x", "x>v", "v>u")))
    play.answer(0, 1, 1, 2, 30).do("a").wait(days=3).do("w")
    play.answer(1, 1, 4, 5, 6).wait(days=5).do("x").do("v").wait(days=9)
    assert play.of("once_s") == [(0, "due"), (1, "due")]


@pytest.mark.parametrize("position", ["event subprocess", "boundary"])
def test_a_catch_that_a_migration_arms_anew_does_not_fire_again_what_it_has_fired(position: str) -> None:
    def model(name: str) -> bytes:
        catches = timer(f'=deadline("stage"{name})', "timeCycle")
        if position == "boundary":
            inner = user("x", STARTS) + boundary("rung_s", "x", catches, False) + user("r") + flows("rung_s>r")
        else:
            inner = user("x", STARTS) + ladder("rung", catches)
        return process(start() + inner + flows("s>x"))

    play = ClockPlayer(model(""))
    play.answer(0, 1, 1, 3, 5).wait(days=2)
    new = read(model(" "), "new.bpmn")
    play.graphs[new.hash] = new
    assert play.state is not None
    play.send(InstanceMigrated(play.state.root, GraphRef(new.hash, "p"), {}))
    play.wait(days=9)
    assert play.of("rung_s") == FIRST
