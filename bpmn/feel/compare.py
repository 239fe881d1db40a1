"""Equality and order (DMN 1.5, 10.3.2.13, tables 50 to 53): None where the standard gives null."""

from decimal import Decimal

from bpmn.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from bpmn.feel.values import Function, Range, Value, kind_of


def equal(left: Value, right: Value) -> bool | None:
    """null against anything is decided; values of different kinds are not comparable: null."""
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is not type(right):
        return None
    if kind is list:
        return _equal_lists(left, right)
    if kind is dict:
        return _equal_contexts(left, right)
    if kind is DateTime or kind is Time:
        return _equal_moments(left, right)
    if kind is Range:
        return _equal_ranges(left, right)
    if kind is Function:
        return left is right
    return bool(left == right)


def same(left: Value, right: Value) -> bool:
    """Equality for membership tests: undecided counts as different."""
    return equal(left, right) is True


def _equal_lists(left: list[Value], right: list[Value]) -> bool | None:
    if len(left) != len(right):
        return False
    undecided = False
    for one, other in zip(left, right, strict=True):
        result = equal(one, other)
        if result is False:
            return False
        undecided = undecided or result is None
    return None if undecided else True


def _equal_contexts(left: dict[str, Value], right: dict[str, Value]) -> bool | None:
    if len(left) != len(right) or any(key not in right for key in left):
        return False
    return _equal_lists(list(left.values()), [right[key] for key in left])


def _equal_moments(left: Time | DateTime, right: Time | DateTime) -> bool | None:
    one = left.time if isinstance(left, DateTime) else left
    other = right.time if isinstance(right, DateTime) else right
    if (one.offset is None) != (other.offset is None):
        return False
    return left.utc_nanos() == right.utc_nanos()


def _equal_ranges(left: Range, right: Range) -> bool | None:
    if (left.low_included, left.high_included, left.low_bounded, left.high_bounded, left.sign) != (
        right.low_included, right.high_included, right.low_bounded, right.high_bounded, right.sign
    ):
        return False
    return _equal_lists([left.low, left.high], [right.low, right.high])


def order_key(value: Value) -> Value:
    """A key that orders values of one kind, or None when the kind has no order. Local and zoned moments do not mix."""
    kind = type(value)
    if kind is Decimal or kind is str:
        return value
    if kind is Date:
        return value.days()
    if kind is DaysDuration:
        return value.nanos
    if kind is MonthsDuration:
        return value.months
    if kind is Time or kind is DateTime:
        return value.utc_nanos()
    return None


def _is_local(value: Value) -> bool:
    time = value.time if type(value) is DateTime else value
    return type(time) is Time and time.offset is None


def less(left: Value, right: Value) -> bool | None:
    """left < right, or None when the two cannot be ordered."""
    kind = type(left)
    if kind is not type(right):
        return None
    if kind is Decimal or kind is str:
        return bool(left < right)
    one, other = order_key(left), order_key(right)
    if one is None or other is None or _is_local(left) != _is_local(right):
        return None
    return bool(one < other)


def less_or_equal(left: Value, right: Value) -> bool | None:
    opposite = less(right, left)
    return None if opposite is None else not opposite


def in_range(value: Value, interval: Range) -> bool | None:
    """Membership; an endpoint that is null but not absent makes it undecided."""
    if interval.sign == "!=":
        same_value = equal(value, interval.low)
        return None if same_value is None else not same_value
    verdict: bool | None = True
    if interval.low_bounded:
        above = (less_or_equal if interval.low_included else less)(interval.low, value)
        if above is False:
            return False
        verdict = above
    if interval.high_bounded:
        below = (less_or_equal if interval.high_included else less)(value, interval.high)
        if below is False:
            return False
        verdict = None if below is None else verdict
    return verdict


def describe(value: Value) -> str:
    """For warnings: the kind only, since values may be personal data."""
    return kind_of(value)
