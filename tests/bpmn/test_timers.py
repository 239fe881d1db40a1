"""Timers: dates, durations, cycles, and what they interrupt."""

import pytest

from bpmn.events import TaskCompleted, TimerFired
from tests.bpmn.bpmn_models import boundary, catch, end, flows, process, start, timer, user
from tests.bpmn.player import Player


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


@pytest.mark.parametrize(
    ("text", "times"),
    [('=cycle(2, duration("PT1H"))', 2), ('=cycle(duration("PT1H"))', 3), ('=cycle(null, duration("PT1H"))', 3)],
)
def test_camundas_cycle_function_writes_a_timer_cycle(text: str, times: int) -> None:
    body = start() + user("a") + boundary("b", "a", timer(text, "timeCycle"), False) + user("x") + flows("s>a", "b>x")
    assert Player(process(body)).wait(hours=3).open == ["a"] + ["x"] * times
