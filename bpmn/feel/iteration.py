"""Domains of for, some and every (DMN 1.5, 10.3.2.14): lists, and spans of integers or dates in either direction."""

from collections.abc import Iterator
from decimal import Decimal

from bpmn.feel import numbers
from bpmn.feel.runtime import Runtime
from bpmn.feel.temporal import Date
from bpmn.feel.values import Range, Value, kind_of


def items_of(value: Value, runtime: Runtime) -> Iterator[Value] | None:
    if value is None:
        runtime.warn("There is nothing to iterate over: the list is null.")
        return None
    if type(value) is Range:
        return _range_items(value, runtime)
    return iter(value if type(value) is list else [value])


def _range_items(interval: Range, runtime: Runtime) -> Iterator[Value] | None:
    """A range of integers or dates is iterable when both ends are known; open ends leave their value out."""
    low, high = _ordinal(interval.low), _ordinal(interval.high)
    if low is None or high is None or type(interval.low) is not type(interval.high):
        runtime.warn("Only a closed range of integers or dates can be iterated over.")
        return None
    first = low if interval.low_included else low + 1
    last = high if interval.high_included else high - 1
    return _walk(first, last, type(interval.low)) if first <= last else iter(())


def span(low: Value, high: Value, runtime: Runtime) -> Iterator[Value] | None:
    first, last = _ordinal(low), _ordinal(high)
    if first is None or last is None or type(low) is not type(high):
        runtime.warn(f"An iteration goes over integers or dates, not from {kind_of(low)} to {kind_of(high)}.")
        return None
    return _walk(first, last, type(low))


def _ordinal(value: Value) -> int | None:
    if type(value) is Decimal:
        return numbers.to_int(value)
    return value.days() if type(value) is Date else None


def _walk(first: int, last: int, kind: type) -> Iterator[Value]:
    step = 1 if last >= first else -1
    for number in range(first, last + step, step):
        yield Date.from_days(number) if kind is Date else Decimal(number)
