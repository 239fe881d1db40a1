"""What holds for every start, limit and pause."""

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.deadlines.calendar import Calendar
from cases.deadlines.compute import compute
from cases.deadlines.counting import roll_forward, shift_working_days, working_days_between
from cases.deadlines.extension import Extension
from cases.deadlines.limit import Limit, Unit
from cases.deadlines.national import national_calendar
from cases.deadlines.pause import Pause
from cases.deadlines.rule import ExtensionTerms
from cases.deadlines.standing import standing
from cases.deadlines.zone import SHANGHAI
from tests.deadlines.deadline_builders import noon, rule, xinjiang_calendar

settings.register_profile("deadlines", derandomize=True, deadline=None, max_examples=150)
settings.load_profile("deadlines")

days = st.dates(date(2004, 1, 1), date(2029, 12, 31))
starts = st.datetimes(datetime(2004, 1, 1), datetime(2029, 12, 31), timezones=st.just(SHANGHAI))  # noqa: DTZ001
amounts = st.integers(0, 60)
units = st.sampled_from(list(Unit))
calendars = st.sampled_from([national_calendar(), xinjiang_calendar()])


@given(calendars, days, st.integers(1, 60))
def test_the_due_day_of_a_working_day_limit_is_the_nth_working_day(calendar: Calendar, start: date, n: int) -> None:
    due = compute(rule(f"{n}wd"), noon(start.isoformat()), calendar).due

    assert calendar.is_working(due).working
    assert working_days_between(calendar, start, due) == n


@given(calendars, days, st.integers(1, 400))
def test_a_calendar_limit_ends_on_the_first_working_day_from_its_last_day(
    calendar: Calendar, start: date, n: int
) -> None:
    counted = compute(rule(f"{n}d"), noon(start.isoformat()), calendar)

    assert counted.unrolled == start + timedelta(days=n)
    assert counted.due == roll_forward(calendar, counted.unrolled)


@given(starts, amounts, amounts, units)
def test_a_longer_limit_never_ends_earlier(start: datetime, one: int, two: int, unit: Unit) -> None:
    short, long = sorted((one, two))
    calendar = national_calendar()

    assert compute(rule(f"{short}{unit}"), start, calendar).due <= compute(rule(f"{long}{unit}"), start, calendar).due


@given(starts, starts, amounts, units)
def test_a_later_start_never_ends_earlier(one: datetime, two: datetime, n: int, unit: Unit) -> None:
    early, late = sorted((one, two))
    calendar = national_calendar()

    assert compute(rule(f"{n}{unit}"), early, calendar).due_at <= compute(rule(f"{n}{unit}"), late, calendar).due_at


@given(calendars, starts, st.integers(1, 40), st.integers(0, 60), st.integers(0, 60))
def test_pause_then_resume_shifts_by_the_working_days_of_the_pause(
    calendar: Calendar, start: datetime, n: int, into: int, length: int
) -> None:
    plain = compute(rule(f"{n}wd"), start, calendar)
    stopped = start + timedelta(days=into)
    resumed = stopped + timedelta(days=length)
    shift = working_days_between(calendar, stopped.date(), resumed.date())

    due = compute(rule(f"{n}wd"), start, calendar, pauses=[Pause(stopped, resumed)]).due

    if stopped >= plain.due_at:
        assert due == plain.due
    elif length and stopped.date() == plain.due:
        assert due == roll_forward(calendar, max(shift_working_days(calendar, plain.due, shift), resumed.date()))
    else:
        assert due == shift_working_days(calendar, plain.due, shift)


@given(starts, st.integers(1, 40), st.integers(0, 39), st.integers(0, 60))
def test_pause_then_resume_shifts_a_calendar_limit_by_the_days_of_the_pause(
    start: datetime, n: int, into: int, length: int
) -> None:
    calendar = national_calendar()
    plain = compute(rule(f"{n}d"), start, calendar)
    stopped = start + timedelta(days=min(into, n))

    paused = compute(rule(f"{n}d"), start, calendar, pauses=[Pause(stopped, stopped + timedelta(days=length))])

    assert paused.unrolled == plain.unrolled + timedelta(days=length)


@given(calendars, starts, st.integers(1, 40), st.integers(0, 30), st.integers(0, 30))
def test_what_is_left_at_the_pause_is_what_runs_after_it(
    calendar: Calendar, start: datetime, n: int, into: int, length: int
) -> None:
    stopped, resumed = start + timedelta(days=into), start + timedelta(days=into + length)
    left = standing(rule(f"{n}wd"), start, calendar, Pause(stopped, None)).left

    if left.amount:
        due = compute(rule(f"{n}wd"), start, calendar, pauses=[Pause(stopped, resumed)]).due
        assert due == compute(rule(str(left)), resumed, calendar).due


@given(starts, st.integers(1, 30), st.integers(1, 30), units)
def test_an_extension_equals_one_longer_limit(start: datetime, n: int, more: int, unit: Unit) -> None:
    calendar = national_calendar()
    extendable = rule(f"{n}{unit}", extension=ExtensionTerms(1, Limit(30, unit)))

    extended = compute(extendable, start, calendar, extensions=[Extension(Limit(more, unit))])

    assert extended.due == compute(rule(f"{n + more}{unit}"), start, calendar).due


@given(calendars, starts, amounts, units)
def test_the_derivation_ends_with_the_due_day(calendar: Calendar, start: datetime, n: int, unit: Unit) -> None:
    result = compute(rule(f"{n}{unit}"), start, calendar)
    dues = [line.day for line in result.derivation if line.kind == "due"]

    assert dues == [result.due]
    assert result.derivation[0].day == result.started_on
