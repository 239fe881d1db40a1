"""Laws that arithmetic and time obey for all values."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bpmn.feel import calendar_days
from bpmn.feel.api import from_json, to_json
from tests.feel.evaluating import value

NUMBERS = st.decimals(min_value=-(10**12), max_value=10**12, places=4)
DATES = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31))
FEW = settings(max_examples=120, deadline=None, derandomize=True)


@FEW
@given(NUMBERS, NUMBERS, NUMBERS)
def test_addition_commutes_and_subtraction_undoes_it(a: Decimal, b: Decimal, c: Decimal) -> None:
    names = {"a": a, "b": b, "c": c}
    assert value("a + b = b + a and a + b - b = a and a * (b + c) = a * b + a * c", names) is True


@FEW
@given(NUMBERS, NUMBERS.filter(bool))
def test_modulo_completes_the_floor_of_the_quotient(a: Decimal, b: Decimal) -> None:
    assert value("floor(a / b) * b + modulo(a, b) = a or abs(a / b) > 10**20", {"a": a, "b": b}) is True


@FEW
@given(DATES)
def test_day_counts_agree_with_the_standard_library(day: date) -> None:
    assert calendar_days.to_days(day.year, day.month, day.day) == day.toordinal() - 719_163
    assert calendar_days.from_days(day.toordinal() - 719_163) == (day.year, day.month, day.day)
    assert calendar_days.weekday(day.year, day.month, day.day) == day.isoweekday()
    assert calendar_days.iso_week(day.year, day.month, day.day) == day.isocalendar().week


@FEW
@given(st.integers(-(10**11), 10**11))
def test_day_counts_round_trip_far_from_today(days: int) -> None:
    assert calendar_days.to_days(*calendar_days.from_days(days)) == days


@FEW
@given(DATES, st.integers(0, 100_000))
def test_adding_days_and_subtracting_dates_are_inverse(day: date, count: int) -> None:
    if day.toordinal() + count > date.max.toordinal():
        return
    later = day + timedelta(days=count)
    assert (
        value('start + n * @"P1D" = end and end - start = n * @"P1D"', {"start": day, "end": later, "n": count})
        is True
    )


@FEW
@given(DATES, st.integers(-2000, 2000))
def test_adding_months_lands_in_the_right_month_and_never_later(day: date, months: int) -> None:
    names = {"d": day, "n": months}
    assert (
        value('{r: d + n * @"P1M", ok: r.day <= d.day and modulo(r.month - d.month - n, 12) = 0}.ok', names) is True
    )


@FEW
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(-1e9, 1e9) | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=12,
    )
)
def test_json_round_trips(document: object) -> None:
    assert to_json(from_json(document)) == document


@FEW
@given(st.lists(st.integers(-50, 50), max_size=30))
def test_sort_is_a_permutation_in_order(items: list[int]) -> None:
    assert to_json(value("sort(l, function(a, b) a < b)", {"l": items})) == sorted(items)


@FEW
@given(st.integers(-60, 60), st.integers(-60, 60), st.integers(0, 60), st.integers(0, 60))
def test_range_relations_are_consistent(a: int, c: int, b: int, d: int) -> None:
    names = {"a": a, "b": a + b, "c": c, "d": c + d}
    assert (
        value(
            """{x: [a..b], y: (c..d), ok:
        before(x, y) = after(y, x) and includes(x, y) = during(y, x) and starts(x, y) = started by(y, x)
        and finishes(x, y) = finished by(y, x) and meets(x, y) = met by(y, x) and overlaps(x, y) = overlaps(y, x)
        and not(before(x, y) and overlaps(x, y))}.ok""",
            names,
        )
        is True
    )
