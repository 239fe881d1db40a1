"""Processes that begin by a timer: which start events count, and at what instants."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from bpmn.errors import DeploymentRefused
from bpmn.instance.wait import TimerPlan
from bpmn.reader.read import read
from bpmn.timer_starts import TimerStart, after, first, timer_starts
from bpmn.timers.schedule import following
from tests.bpmn.bpmn_models import catch, flows, gateway, message, process, signal, start, timer, user
from tests.bpmn.player import Player

SHARED = '<message id="M" name="m"/><signal id="S" name="sig"/>'
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=ZONE)


def starts_of(body: str) -> list[TimerStart]:
    return list(timer_starts(read(process(body, SHARED), "x"), "p"))


def one(text: str, form: str) -> TimerStart:
    (found,) = starts_of(start("s", timer(text, form)) + user("a") + flows("s>a"))
    return found


def instants(text: str, form: str = "timeCycle", now: datetime = NOW, *rounds: datetime) -> list[str]:
    """When it begins something: first as of ``now``, then what each round leaves; - where nothing is left."""
    zone, found = ZONE, first(one(text, form), now)
    told = [found.at]
    for at in rounds:
        left = after(found, at, zone)
        told.append(left.at if left is not None else "-")
        if left is None:
            break
        found = left
    return [datetime.fromisoformat(at).astimezone(ZONE).strftime("%m-%d %H:%M") if len(at) > 1 else at for at in told]


def at(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return NOW.replace(day=day, hour=hour, minute=minute)


@pytest.mark.parametrize(
    ("form", "text", "rounds", "expected"),
    [
        ("timeDate", "2026-11-23T09:00:00+08:00", [at(23)], ["11-23 09:00", "-"]),
        ("timeDate", "2026-11-23T09:00:00", [], ["11-23 09:00"]),
        # Gone by: the instant stays what it is, so it is due at once.
        ("timeDate", "2026-11-01T09:00:00+08:00", [at(22)], ["11-01 09:00", "-"]),
        ("timeDate", '=now() + duration("PT1H")', [], ["11-22 13:00"]),
        ("timeDuration", "PT90M", [at(23)], ["11-22 13:30", "-"]),
        ("timeDuration", "P1M", [], ["12-22 12:00"]),
        ("timeDuration", '=duration("P2D")', [], ["11-24 12:00"]),
        ("timeCycle", "R2/PT1H", [at(22, 13), at(22, 14)], ["11-22 13:00", "11-22 14:00", "-"]),
        ("timeCycle", "R/P1D", [at(23), at(24)], ["11-23 12:00", "11-24 12:00", "11-25 12:00"]),
        ("timeCycle", "R3/2026-11-23T09:00:00+08:00/P1D", [at(23), at(24), at(25)],
         ["11-23 09:00", "11-24 09:00", "11-25 09:00", "-"]),
        ("timeCycle", "R/2026-11-20T09:00:00+08:00/P1D", [at(22)], ["11-20 09:00", "11-23 09:00"]),
        ("timeCycle", "=cycle(1, duration(\"PT1H\"))", [at(22, 13)], ["11-22 13:00", "-"]),
        ("timeCycle", "0 0 9 * * MON-FRI", [at(23), at(27)], ["11-23 09:00", "11-24 09:00", "11-30 09:00"]),
        ("timeCycle", "@hourly", [at(22, 13, 30)], ["11-22 13:00", "11-22 14:00"]),
        ("timeCycle", "R0/PT1H", [], [""]),
    ],
)  # fmt: skip
def test_the_instants_of_a_timer_start(form: str, text: str, rounds: list[datetime], expected: list[str]) -> None:
    assert instants(text, form, NOW, *rounds) == expected


@pytest.mark.parametrize(
    ("text", "back", "expected"),
    [
        ("R/PT1H", at(25, 12, 20), "11-25 13:00"),
        ("R/PT1H", at(25, 13), "11-25 14:00"),
        ("R/2026-01-31T08:00:00+08:00/P1M", at(30, 9), "12-31 08:00"),
        ("R/0001-01-02T00:00:00Z/PT0.5S", at(22), "11-22 12:00"),
        ("R5/PT1H", at(22, 15, 30), "11-22 16:00"),
        ("R5/PT1H", at(22, 17), "-"),
        ("R3/2026-11-01T09:00:00+08:00/P1D", at(22), "-"),
        ("0 0 9 * * *", at(27, 10), "11-28 09:00"),
    ],
)
def test_what_was_missed_is_made_up_for_once_and_the_plan_goes_on(text: str, back: datetime, expected: str) -> None:
    """Those that were missed count: a cycle of five hours ends when it would have ended."""
    assert instants(text, "timeCycle", NOW, back)[1] == expected


def test_a_cycle_that_was_missed_in_part_ends_where_the_plan_ends() -> None:
    assert instants("R5/PT1H", "timeCycle", NOW, at(22, 15, 30), at(22, 16), at(22, 17)) == [
        "11-22 13:00", "11-22 16:00", "11-22 17:00", "-",
    ]  # fmt: skip


def test_hours_are_exact_and_days_are_those_of_the_wall_clock() -> None:
    zone = ZoneInfo("Europe/Berlin")
    body = start("s", timer("R/P1D", "timeCycle")) + user("a") + flows("s>a")
    source = process(body).replace(
        b'isExecutable="true">',
        b'isExecutable="true"><extensionElements><zeebe:properties><zeebe:property name="jiannuo:timeZone" '
        b'value="Europe/Berlin"/></zeebe:properties></extensionElements>',
    )
    (timed,) = timer_starts(read(source, "x"), "p")
    now = datetime(2026, 10, 24, 12, 0, tzinfo=zone)
    plan = first(timed, now)
    assert datetime.fromisoformat(plan.at) - now.astimezone(ZONE) == timedelta(hours=25)


@pytest.mark.parametrize(
    ("form", "text", "sentence"),
    [
        ("timeDuration", "=delay", "=delay"),
        ("timeDate", "=today", "is no instant"),
        ("timeDuration", "=3", "is no ISO 8601 duration"),
        ("timeCycle", '=if true then "R/PT0S" else null', "of no length"),
        ("timeCycle", "R/-PT1H", "does not go forward"),
        ("timeDate", '=deadline("verify")', "there is no case"),
        ("timeDuration", '=duration("P9000Y")', "out of the calendar"),
    ],
)
def test_a_timer_that_needs_a_case_is_refused_at_deployment(form: str, text: str, sentence: str) -> None:
    with pytest.raises(DeploymentRefused) as refused:
        one(text, form)
    (problem,) = refused.value.problems
    assert (problem.rule, problem.element_id) == ("timer-start", "s")
    assert sentence in problem.message


def test_a_literal_that_is_wrong_is_said_once() -> None:
    for text in ("soon", "P9000Y"):
        with pytest.raises(DeploymentRefused) as refused:
            one(text, "timeDuration")
        assert [problem.rule for problem in refused.value.problems] == ["timer-text"]


def chosen(body: str) -> list[tuple[str, int, int | None]]:
    return [(one.start.start_event, one.index, one.start.definition) for one in starts_of(body)]


def test_every_timer_start_counts_for_itself() -> None:
    hour, day = timer("R/PT1H", "timeCycle"), timer("R/P1D", "timeCycle")
    body = start("s", hour) + start("t", day + message("M") + hour) + start("n") + user("a")
    body += flows("s>a", "t>a", "n>a")
    assert chosen(body) == [("s", 0, None), ("t", 0, None), ("t", 2, None)]


def test_a_timer_inside_an_event_subprocess_begins_nothing() -> None:
    inner = start("i", timer("PT1H"), isInterrupting="false") + user("b") + flows("i>b")
    body = start() + user("a") + flows("s>a") + f'<subProcess id="es" triggeredByEvent="true">{inner}</subProcess>'
    assert chosen(body) == []


def test_where_all_must_come_what_comes_from_outside_begins_and_the_instance_times_the_rest() -> None:
    both = start("s", timer("PT1H") + signal("S") + timer("PT2H"), parallelMultiple="true") + user("a") + flows("s>a")
    assert chosen(both) == []
    timers = start("s", timer("PT2H") + timer("PT1H"), parallelMultiple="true") + user("a") + flows("s>a")
    assert chosen(timers) == [("s", 0, 0)]
    play = Player(process(timers, SHARED), start_event="s", definition=0)
    assert play.open == []
    assert play.wait(hours=1).open == ["a"]
    play = Player(process(both, SHARED), start_event="s", definition=1)
    assert play.wait(hours=2).open == ["a"]


def test_a_gateway_that_begins_a_process_is_timed_too() -> None:
    race = catch("c1", timer("PT1H")) + catch("c2", message("M")) + user("a") + user("b")
    race += flows("g>c1", "g>c2", "c1>a", "c2>b")
    assert chosen(gateway("eventBased", "g", instantiate="true") + race) == [("c1", 0, None)]
    play = Player(process(gateway("eventBased", "g", instantiate="true") + race, SHARED), start_event="c1")
    assert play.open == ["a"]
    parallel = {"instantiate": "true", "eventGatewayType": "Parallel"}
    assert chosen(gateway("eventBased", "g", **parallel) + race) == []
    timed = catch("c1", timer("PT1H")) + catch("c2", timer("PT2H")) + user("a") + user("b")
    timed += flows("g>c1", "g>c2", "c1>a", "c2>b")
    assert chosen(gateway("eventBased", "g", **parallel) + timed) == [("c1", 0, None)]


@pytest.mark.parametrize("seed", range(60))
def test_jumping_over_what_was_missed_agrees_with_counting_one_by_one(seed: int) -> None:
    chance = Random(seed)
    interval = chance.choice(["PT7M", "PT1H30M", "P1D", "P1W", "P1M", "P1M1D", "P2Y", "P1DT6H"])
    times = chance.choice(["", "1", "3", "12", "400"])
    begin = chance.choice(["", "2024-01-31T08:15:00+08:00/", "2026-11-30T00:00:00/", "2020-02-29T12:00:00Z/"])
    text = f"R{times}/{begin}{interval}"
    found = first(one(text, "timeCycle"), NOW)
    now = NOW
    for _ in range(5):
        now += chance.choice([timedelta(minutes=1), timedelta(hours=5), timedelta(days=3), timedelta(days=400)])
        counted: TimerPlan | None = found
        while counted is not None and datetime.fromisoformat(counted.at) <= now:
            counted = following(counted, ZONE)
        if counted is found:
            continue
        jumped = after(found, now, ZONE)
        assert jumped == counted, (text, now)
        if jumped is None:
            return
        found = jumped
