"""Deadlines: the core starts, pauses, extends and ends clocks, and follows what the record step answers."""

from datetime import datetime, timedelta
from typing import Any

from bpmn.commands import ArmDeadline, EndDeadline, ExtendDeadline, PauseDeadline, ResumeDeadline
from bpmn.events import DeadlineSet
from tests.bpmn.bpmn_models import (
    boundary,
    catch,
    conditional,
    end,
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
from tests.bpmn.player import START, Player

DUE = "2026-03-06T00:00:00+08:00"
OWN = properties({"jiannuo:deadline": "accept"})


def of(play: Player, kind: type) -> list[Any]:
    return [one for one in play.commands if isinstance(one, kind)]


def answer(play: Player, name: str = "accept", revision: int = 0, due_at: str | None = DUE, **rungs: str) -> Player:
    key = next(one.deadline_key for one in reversed(of(play, ArmDeadline)) if one.name == name)
    return play.send(DeadlineSet(key, revision, due_at and due_at[:10], due_at, rungs))


def test_an_activity_s_clock_is_met_by_its_completion_and_cancelled_by_its_interruption() -> None:
    body = start() + user("a", OWN) + boundary("b", "a", timer("PT1H")) + user("c") + flows("s>a", "a>c", "b>c")
    play = Player(process(body))
    (armed,) = of(play, ArmDeadline)
    assert (armed.name, armed.element_id, armed.limit) == ("accept", "a", None)
    assert armed.starts == {"entry": START.isoformat()}
    assert [one.outcome for one in of(play.do("a"), EndDeadline)] == ["met"]
    assert [one.outcome for one in of(Player(process(body)).wait(hours=2), EndDeadline)] == ["cancelled"]


def test_a_clock_counts_from_facts_with_a_limit_of_an_authority() -> None:
    ext = properties(
        {
            "jiannuo:deadline": '="ac" + "cept"',
            "jiannuo:deadlineFrom": "={received: received, accepted: null}",
            "jiannuo:deadlineLimit": '=if fast then "5wd" else null',
        }
    )
    play = Player(
        process(start() + user("a", ext) + flows("s>a")), {"received": "2026-03-01T08:00:00+08:00", "fast": True}
    )
    (armed,) = of(play, ArmDeadline)
    assert (armed.name, armed.starts, armed.limit) == ("accept", {"received": "2026-03-01T08:00:00+08:00"}, "5wd")


def test_timer_and_due_date_follow_the_deadline() -> None:
    ext = OWN + '<zeebe:taskSchedule dueDate="=deadline(&quot;accept&quot;)"/>'
    body = start() + user("a", ext) + boundary("b", "a", timer('=deadline("accept", "due")', "timeDate"))
    play = Player(process(body + user("late") + flows("s>a", "b>late")))
    key = of(play, ArmDeadline)[0].deadline_key
    assert play.tasks[play.task_key("a")].due_deadline == key
    assert not play.timers
    answer(play)
    (armed,) = play.timers.values()
    assert (armed.at, armed.deadline_key, armed.revision, armed.rung) == (DUE, key, 0, "due")
    answer(play, revision=1, due_at="2026-03-09T00:00:00+08:00")
    (moved,) = play.timers.values()
    assert (moved.timer_key, moved.at, moved.revision) == (armed.timer_key, "2026-03-09T00:00:00+08:00", 1)
    answer(play, revision=1, due_at=DUE)
    assert next(iter(play.timers.values())).at == moved.at
    assert play.wait(days=8).open == ["late"]


def test_without_an_answer_or_a_clock_in_this_channel_no_timer_is_set() -> None:
    body = start() + user("a", OWN) + boundary("b", "a", timer('=deadline("accept", "due")', "timeDate"))
    play = Player(process(body + user("late") + flows("s>a", "b>late")))
    answer(play, due_at=None)
    assert not play.timers
    answer(play, revision=1)
    assert len(play.timers) == 1
    answer(play, revision=2, due_at=None)
    assert not play.timers


def test_a_ladder_fires_once_per_rung_in_order_and_each_spawn_knows_its_rung() -> None:
    handler = start("hs", timer('=deadline("accept")', "timeCycle"), isInterrupting="false")
    handler += user("remind", '<zeebe:assignmentDefinition assignee="=deadlineName + rung"/>') + flows("hs>remind")
    body = (
        start() + user("a", properties({"jiannuo:startsDeadline": "accept"})) + flows("s>a") + event_sub("es", handler)
    )
    play = Player(process(body))
    answer(play, late2="2026-03-08T09:00:00+08:00", late1="2026-03-07T09:00:00+08:00", due=DUE)
    assert play.wait(days=4).open == ["a", "remind"]
    answer(play, revision=1, late1="2026-03-05T09:00:00+08:00", due=DUE, late2="2026-03-12T09:00:00+08:00")
    assert len(play.timers) == 1
    play.wait(days=1)
    play.wait(days=9)
    assert sorted(task.assignee or "" for task in play.tasks.values()) == [
        "",
        "acceptdue",
        "acceptlate1",
        "acceptlate2",
    ]
    assert not play.timers


def test_a_clock_that_starts_anew_has_its_whole_ladder_before_it() -> None:
    """Rungs are spent once for each clock: a stage that was returned to is reminded of again."""
    ladder = start("hs", timer('=deadline("stage")', "timeCycle"), isInterrupting="false")
    ladder += user("remind", '<zeebe:assignmentDefinition assignee="=rung"/>') + flows("hs>remind")
    late = start("ls", timer('=deadline("stage", "due")', "timeDate"), isInterrupting="false")
    late += user("urge") + flows("ls>urge")
    body = start() + gateway("exclusive", "x") + user("a", properties({"jiannuo:startsDeadline": "stage"})) + user("b")
    body += flows("s>x", "x>a", "a>b", "b>x") + event_sub("es", ladder) + event_sub("ls_sub", late)
    play = Player(process(body))
    answer(play, "stage", due=DUE, late="2026-03-07T09:00:00+08:00").wait(days=9)
    assert sorted(play.open) == ["a", "remind", "remind", "urge"]
    answer(play, "stage", revision=1, due_at="2026-03-20T00:00:00+08:00", due="2026-03-20T00:00:00+08:00")
    assert not play.timers, "a later revision of the same clock does not fire its rungs again"
    play.do("a").do("b")
    again = "2026-03-25T00:00:00+08:00"
    answer(play, "stage", due_at=again, due=again, late="2026-03-26T09:00:00+08:00")
    assert [one.at for one in play.timers.values()] == [again, again]
    play.wait(days=30)
    assert sorted(play.open) == ["a", *["remind"] * 4, "urge", "urge"]


def test_each_boundary_spawn_carries_its_own_rung_through_later_tasks() -> None:
    body = start() + user("a", OWN) + boundary("b", "a", timer('=deadline("accept")', "timeCycle"), False)
    body += user("x") + user("y", '<zeebe:assignmentDefinition assignee="=rung"/>') + flows("s>a", "b>x", "x>y")
    play = Player(process(body))
    answer(play, one="2026-03-03T09:00:00+08:00", two="2026-03-04T09:00:00+08:00")
    play.wait(days=5).do("x").do("x")
    assert sorted(task.assignee or "" for task in play.tasks.values()) == ["", "one", "two"]


def test_a_started_clock_lives_in_its_scope_until_a_node_ends_it() -> None:
    inner = start("is") + user("a", properties({"jiannuo:startsDeadline": "stage"})) + flows("is>a")
    ends = properties({"jiannuo:endsDeadline": "stage unknown"})
    body = start() + sub("p1", inner) + user("z", ends) + end() + flows("s>p1", "p1>z", "z>e")
    play = Player(process(body)).do("a")
    assert [one.outcome for one in of(play, EndDeadline)] == ["cancelled"]
    wider = properties({"jiannuo:startsDeadline": "stage", "jiannuo:deadlineScope": "process"})
    inner = start("is") + user("a", wider) + flows("is>a")
    play = Player(process(start() + sub("p1", inner) + user("z", ends) + end() + flows("s>p1", "p1>z", "z>e"))).do("a")
    assert not of(play, EndDeadline)
    assert [one.outcome for one in of(play.do("z"), EndDeadline)] == ["met"]


def test_entering_the_stage_again_starts_its_clock_anew() -> None:
    body = start() + gateway("exclusive", "x") + user("a", properties({"jiannuo:startsDeadline": "stage"})) + user("b")
    play = Player(process(body + flows("s>x", "x>a", "a>b", "b>x"))).do("a").do("b")
    assert [one.name for one in of(play, ArmDeadline)] == ["stage", "stage"]
    assert [one.outcome for one in of(play, EndDeadline)] == ["cancelled"]


def test_an_activity_pauses_extends_and_cancels_clocks() -> None:
    body = start() + user("a", properties({"jiannuo:startsDeadline": "stage"}))
    body += user("fix", properties({"jiannuo:pausesDeadline": "stage"}))
    body += user(
        "more",
        properties({"jiannuo:extendsDeadline": "stage", "jiannuo:extendBy": "30d", "jiannuo:extendReason": "=why"}),
    )
    body += user("drop", properties({"jiannuo:cancelsDeadline": "stage"})) + end()
    play = Player(process(body + flows("s>a", "a>fix", "fix>more", "more>drop", "drop>e")), {"why": "court"})
    play.do("a")
    assert len(of(play, PauseDeadline)) == 1
    play.do("fix")
    assert len(of(play, ResumeDeadline)) == 1
    assert [(one.by, one.reason) for one in of(play, ExtendDeadline)] == [("30d", "court")]
    play.do("more").do("drop")
    assert [one.outcome for one in of(play, EndDeadline)] == ["cancelled"]


def test_conditions_see_due_dates_as_variables() -> None:
    body = start() + user("a", OWN) + boundary("b", "a", conditional("deadlines.accept.provisional"), False) + user("x")
    play = Player(process(body + flows("s>a", "b>x")))
    key = of(play, ArmDeadline)[0].deadline_key
    play.send(DeadlineSet(key, 0, DUE[:10], DUE, {}, provisional=True))
    assert play.open == ["a", "x"]


def test_a_catch_waits_for_a_deadline_that_starts_later() -> None:
    body = start() + gateway("parallel", "f") + catch("t", timer('=deadline("stage", "due")', "timeDate")) + user("w")
    body += (
        user("a")
        + user("b", properties({"jiannuo:startsDeadline": "stage"}))
        + flows("s>f", "f>t", "f>a", "a>b", "t>w")
    )
    play = Player(process(body)).do("a")
    assert not play.timers
    answer(play, "stage")
    assert [one.at for one in play.timers.values()] == [DUE]
    play.wait(seconds=(datetime.fromisoformat(DUE) - play.now + timedelta(seconds=1)).total_seconds())
    assert play.open == ["b", "w"]
