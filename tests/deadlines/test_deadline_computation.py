from dataclasses import replace
from datetime import UTC, date, datetime, time
from fractions import Fraction

import pytest

from cases.deadlines.compute import compute
from cases.deadlines.derivation import LineKind, render
from cases.deadlines.errors import BadLimit, BadStart, ClockStopped, ExtensionRefused, LimitOutOfRange
from cases.deadlines.extension import Extension
from cases.deadlines.lights import Light, Yellow, light
from cases.deadlines.limit import Limit, Unit
from cases.deadlines.national import national_calendar
from cases.deadlines.pause import Pause
from cases.deadlines.rule import ExtensionTerms, Rule, Rung
from cases.deadlines.standing import standing
from cases.deadlines.zone import SHANGHAI
from tests.deadlines.deadline_builders import noon, rule

CALENDAR = national_calendar()
NINE = time(9)
ONCE = ExtensionTerms(times=1, each=Limit(30, Unit.CALENDAR_DAY))
LADDER = (
    Rung("remind", Limit.parse_offset("-1wd"), NINE),
    Rung("due", Limit.parse("0wd"), NINE),
    Rung("overdue_1", Limit.parse("1wd"), NINE),
    Rung("overdue_3", Limit.parse("3wd"), NINE),
)


def test_the_day_of_the_event_is_day_0_whatever_the_hour() -> None:
    first = datetime(2026, 9, 18, 0, 0, tzinfo=SHANGHAI)
    last = datetime(2026, 9, 18, 23, 59, 59, tzinfo=SHANGHAI)

    assert compute(rule("3wd"), first, CALENDAR).due == compute(rule("3wd"), last, CALENDAR).due == date(2026, 9, 22)


def test_the_date_is_taken_in_shanghai_not_in_utc() -> None:
    late_in_utc = datetime(2026, 9, 17, 17, 0, tzinfo=UTC)

    assert compute(rule("3wd"), late_in_utc, CALENDAR).started_on == date(2026, 9, 18)


def test_due_means_midnight_after_the_last_day() -> None:
    result = compute(rule("3wd"), noon("2026-09-18"), CALENDAR)

    assert result.due_at.isoformat() == "2026-09-23T00:00:00+08:00"


def test_a_start_without_zone_is_refused() -> None:
    with pytest.raises(BadStart, match="time zone"):
        compute(rule("3wd"), datetime(2026, 9, 18, 9), CALENDAR)  # noqa: DTZ001 - the very mistake that is refused


def test_a_calendar_day_limit_rolls_and_keeps_its_unrolled_end() -> None:
    result = compute(rule("30d"), noon("2026-07-10"), CALENDAR)

    assert (result.unrolled, result.due) == (date(2026, 8, 9), date(2026, 8, 10))


def test_same_day_stays_on_the_day_even_when_it_is_off() -> None:
    assert compute(rule("0d"), noon("2026-07-11"), CALENDAR).due == date(2026, 7, 11)


def test_an_extension_runs_from_the_unrolled_old_end() -> None:
    result = compute(
        rule("30d", extension=ONCE), noon("2026-07-10"), CALENDAR, extensions=[Extension(Limit.parse("30d"))]
    )

    assert (result.unrolled, result.due) == (date(2026, 9, 8), date(2026, 9, 8))


@pytest.mark.parametrize(
    ("terms", "extensions", "words"),
    [
        (None, ["10d"], "cannot be extended"),
        (ONCE, ["10d", "10d"], "1 time"),
        (ONCE, ["31d"], "1 to 30d"),
        (ONCE, ["5wd"], "1 to 30d"),
        (ExtensionTerms(2, Limit.parse("60d"), Limit.parse("90d")), ["40d", "40d"], "90d in all"),
    ],
)
def test_an_extension_beyond_the_rule_is_refused(
    terms: ExtensionTerms | None, extensions: list[str], words: str
) -> None:
    with pytest.raises(ExtensionRefused, match=words):
        compute(
            rule("30d", extension=terms),
            noon("2026-07-10"),
            CALENDAR,
            extensions=[Extension(Limit.parse(text)) for text in extensions],
        )


def test_a_pause_gives_back_its_working_days() -> None:
    pause = Pause(noon("2026-07-07"), noon("2026-07-10"))

    assert compute(rule("2wd"), noon("2026-07-06"), CALENDAR, pauses=[pause]).due == date(2026, 7, 13)


def test_a_pause_gives_back_calendar_days_to_a_calendar_limit() -> None:
    pause = Pause(noon("2026-05-20"), noon("2026-05-27"))

    assert compute(rule("30d"), noon("2026-05-13"), CALENDAR, pauses=[pause]).unrolled == date(2026, 6, 19)


def test_overlapping_pauses_give_a_day_back_once() -> None:
    pauses = [Pause(noon("2026-07-07"), noon("2026-07-09")), Pause(noon("2026-07-08"), noon("2026-07-10"))]

    assert compute(rule("2wd"), noon("2026-07-06"), CALENDAR, pauses=pauses).due == date(2026, 7, 13)


def test_a_clock_stopped_on_its_last_day_still_has_that_day() -> None:
    pause = Pause(noon("2026-07-08"), noon("2026-07-15"))

    assert compute(rule("2wd"), noon("2026-07-06"), CALENDAR, pauses=[pause]).due == date(2026, 7, 15)


def test_a_clock_resumed_on_a_day_off_ends_on_the_next_working_day() -> None:
    pause = Pause(noon("2026-07-10"), noon("2026-07-11"))

    assert compute(rule("2wd"), noon("2026-07-08"), CALENDAR, pauses=[pause]).due == date(2026, 7, 13)


def test_a_calendar_limit_stopped_while_it_rolls_is_given_the_days_back() -> None:
    pause = Pause(noon("2026-08-10"), noon("2026-08-17"))

    assert compute(rule("30d"), noon("2026-07-10"), CALENDAR, pauses=[pause]).due == date(2026, 8, 17)


def test_a_pause_after_the_end_revives_nothing() -> None:
    pause = Pause(noon("2026-07-09"), noon("2026-07-15"))

    assert compute(rule("2wd"), noon("2026-07-06"), CALENDAR, pauses=[pause]).due == date(2026, 7, 8)


def test_a_standing_clock_has_no_due_date_but_a_remainder() -> None:
    stopped = noon("2026-07-07")

    with pytest.raises(ClockStopped, match="补正"):
        compute(rule("2wd"), noon("2026-07-06"), CALENDAR, pauses=[Pause(stopped, None, "补正")])
    stands = standing(rule("2wd"), noon("2026-07-06"), CALENDAR, Pause(stopped, None, "补正"))
    assert stands.left == Limit.parse("1wd")
    assert render(stands.derivation).endswith(
        "7月7日，第1日；7月7日起期限中止（补正），尚余1个工作日，自恢复之日的次日起继续计算。"
    )


@pytest.mark.parametrize(
    ("limit", "stopped", "words"),
    [
        ("2wd", "2026-07-08", "当日为末日，至恢复之日届满"),
        ("2wd", "2026-07-09", "期限此前已于7月8日届满，中止不使其恢复"),
        ("10d", "2026-07-10", "尚余6日，自恢复之日的次日起继续计算"),
    ],
)
def test_a_standing_clock_says_what_is_left(limit: str, stopped: str, words: str) -> None:
    stands = standing(rule(limit), noon("2026-07-06"), CALENDAR, Pause(noon(stopped), None))

    assert stands.derivation[-1].text_zh.endswith(words)


def test_a_limit_may_not_outlast_another_deadline() -> None:
    capped = replace(rule("30d"), not_after="handling", not_after_zh="办理")

    result = compute(capped, noon("2026-07-10"), CALENDAR, not_after=date(2026, 7, 16))

    assert result.due == result.unrolled == date(2026, 7, 16)
    assert "不得晚于办理期限届满之日，即7月16日" in render(result.derivation)


def test_the_rungs_fall_on_working_mornings_and_due_is_the_midnight() -> None:
    rungs = compute(rule("3wd", rungs=LADDER), noon("2026-09-21"), CALENDAR).rungs

    assert {name: instant.isoformat() for name, instant in rungs.items()} == {
        "remind": "2026-09-23T09:00:00+08:00",
        "due": "2026-09-25T00:00:00+08:00",
        "overdue_1": "2026-09-28T09:00:00+08:00",
        "overdue_3": "2026-09-30T09:00:00+08:00",
    }


def test_a_one_day_limit_is_reminded_on_the_morning_of_its_due_day() -> None:
    rungs = compute(rule("1wd", rungs=LADDER), noon("2026-07-06"), CALENDAR).rungs

    assert rungs["remind"].isoformat() == "2026-07-07T09:00:00+08:00"


def test_a_same_day_limit_started_at_noon_has_no_reminder() -> None:
    assert "remind" not in compute(rule("0d", rungs=LADDER), noon("2026-07-06"), CALENDAR).rungs


def test_the_derivation_tells_why_this_date() -> None:
    result = compute(rule("5wd"), noon("2026-09-18"), CALENDAR)

    assert render(result.derivation) == (
        "9月18日受理，不计入；9月19日为休息日，不计；9月20日为调休工作日（国庆节调休），第1日；"
        "9月21日至9月24日，第2日至第5日；9月24日24:00届满。"
    )


def test_the_derivation_names_holidays_pauses_extension_and_roll() -> None:
    text = render(compute(rule("3wd"), noon("2026-09-24"), CALENDAR).derivation)
    assert "9月25日至9月27日为休息日（中秋放假），不计" in text

    paused = Pause(noon("2026-07-07"), noon("2026-07-09"), "补正")
    assert "7月8日至7月9日期限中止（补正），不计" in render(
        compute(rule("2wd"), noon("2026-07-06"), CALENDAR, pauses=[paused]).derivation
    )

    extended = compute(
        rule("30d", extension=ONCE), noon("2026-05-13"), CALENDAR, extensions=[Extension(Limit.parse("30d"))]
    )
    assert render(extended.derivation) == (
        "5月13日受理，不计入；5月14日至6月12日，第1日至第30日；自6月12日延长30日；6月13日至7月12日，第31日至第60日；"
        "末日7月12日为休息日，顺延至7月13日；7月13日24:00届满。"
    )


def test_a_provisional_date_says_so_and_names_the_year() -> None:
    result = compute(rule("3wd"), noon("2026-12-29"), CALENDAR)

    assert result.provisional
    assert result.derivation[-1].kind is LineKind.PROVISIONAL
    assert "2027年1月4日24:00届满" in render(result.derivation)


def test_lines_exist_in_english_too() -> None:
    text = render(compute(rule("3wd"), noon("2026-09-18"), CALENDAR).derivation, "en")

    assert text.startswith(
        "2026-09-18: day 0, not counted; 2026-09-19: weekend, not counted; 2026-09-20: make-up working day"
    )


def test_an_official_may_set_another_limit_within_the_range_only() -> None:
    settable = Rule(
        name="rectification",
        title_zh="限期整改",
        limit=Limit.parse("30d"),
        starts_from=("rectification_served",),
        basis="第三条",
        source="default",
        settable=(Limit.parse("5d"), Limit.parse("90d")),
    )

    assert compute(settable, noon("2026-03-02"), CALENDAR, limit=Limit.parse("10d")).due == date(2026, 3, 12)
    for wrong in ("4d", "91d", "10wd"):
        with pytest.raises(LimitOutOfRange, match="5d to 90d"):
            compute(settable, noon("2026-03-02"), CALENDAR, limit=Limit.parse(wrong))
    with pytest.raises(LimitOutOfRange, match="fixed"):
        compute(rule("3wd"), noon("2026-03-02"), CALENDAR, limit=Limit.parse("4wd"))


@pytest.mark.parametrize("text", ["2.5wd", "0.5d", "4h", "半日", "", "3", "wd", "-1d", "3 wd", "99999d"])
def test_half_days_hours_and_nonsense_are_refused_never_rounded(text: str) -> None:
    with pytest.raises(BadLimit):
        Limit.parse(text)


def test_the_horizon_is_the_last_day_any_instant_rests_on() -> None:
    result = compute(rule("3wd", rungs=LADDER), noon("2026-09-21"), CALENDAR)

    assert result.horizon == date(2026, 9, 30)


def test_lights_turn_yellow_on_the_last_working_days_and_red_when_due() -> None:
    start = noon("2026-09-18")
    due_at = compute(rule("3wd"), start, CALENDAR).due_at

    assert light(start, start, due_at, CALENDAR) is Light.GREEN
    assert light(noon("2026-09-21"), start, due_at, CALENDAR) is Light.YELLOW
    assert light(noon("2026-09-22"), start, due_at, CALENDAR) is Light.YELLOW
    assert light(due_at, start, due_at, CALENDAR) is Light.RED


def test_lights_may_turn_yellow_by_the_share_of_time_left() -> None:
    start = noon("2026-05-13")
    due_at = compute(rule("30d"), start, CALENDAR).due_at
    fifth = Yellow(share=Fraction(1, 5))

    assert light(noon("2026-06-05"), start, due_at, CALENDAR, fifth) is Light.GREEN
    assert light(noon("2026-06-08"), start, due_at, CALENDAR, fifth) is Light.YELLOW
