"""min, max, sum, product, mean, median, stddev, mode (DMN 1.5, 10.3.4.4)."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from bpmn.feel.arithmetic import OPERATORS
from bpmn.feel.compare import less
from bpmn.feel.numbers import CONTEXT, ZERO, finite
from bpmn.feel.runtime import Runtime
from bpmn.feel.signature import Builtin, Signature, signature
from bpmn.feel.values import Value

Aggregate = Callable[[Runtime, Sequence[Value]], Value]


def _extreme(items: Sequence[Value], better: Callable[[Value, Value], bool | None]) -> Value:
    best: Value = items[0] if items else None
    for item in items[1:]:
        verdict = better(item, best)
        if verdict is None:
            return None
        best = item if verdict else best
    # One item that has no order is no extreme either.
    return best if len(items) > 1 or less(best, best) is not None else None


def _min(runtime: Runtime, items: Sequence[Value]) -> Value:
    runtime.meter.step(len(items))
    return _extreme(items, less)


def _max(runtime: Runtime, items: Sequence[Value]) -> Value:
    runtime.meter.step(len(items))
    return _extreme(items, lambda item, best: less(best, item))


def _sum(runtime: Runtime, items: Sequence[Value]) -> Value:
    """Numbers, or durations of one kind; the empty list has no sum."""
    runtime.meter.step(len(items))
    if not items or any(type(item) is str or type(item) is not type(items[0]) for item in items):
        return None
    total = items[0]
    for item in items[1:]:
        rule = OPERATORS["+"].get((type(total), type(item)))
        total = rule(total, item) if rule else None
        if total is None:
            return None
    return total if (type(total), type(total)) in OPERATORS["+"] else None


def _numbers(items: Sequence[Value]) -> bool:
    return bool(items) and all(type(item) is Decimal for item in items)


def _product(runtime: Runtime, items: Sequence[Value]) -> Value:
    runtime.meter.step(len(items))
    if not _numbers(items):
        return None
    total = Decimal(1)
    for item in items:
        total = CONTEXT.multiply(total, item)
    return finite(total)


def _mean(runtime: Runtime, items: Sequence[Value]) -> Value:
    total = _sum(runtime, items)
    rule = OPERATORS["/"].get((type(total), Decimal))
    return rule(total, Decimal(len(items))) if rule else None


def _median(runtime: Runtime, items: Sequence[Value]) -> Value:
    runtime.meter.step(len(items))
    if not _numbers(items):
        return None
    ordered = sorted(items)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return finite(CONTEXT.divide(CONTEXT.add(ordered[middle - 1], ordered[middle]), Decimal(2)))


def _stddev(runtime: Runtime, items: Sequence[Value]) -> Value:
    """Of a sample: the divisor is n - 1."""
    if len(items) < 2 or not _numbers(items):
        return None
    average = _mean(runtime, items)
    if average is None:
        return None
    total = ZERO
    for item in items:
        distance = CONTEXT.subtract(item, average)
        total = CONTEXT.add(total, CONTEXT.multiply(distance, distance))
    variance = CONTEXT.divide(total, Decimal(len(items) - 1))
    return finite(CONTEXT.sqrt(variance))


def _mode(runtime: Runtime, items: Sequence[Value]) -> Value:
    """All most frequent values, ascending."""
    runtime.meter.step(len(items))
    if not items:
        return []
    if not _numbers(items):
        return None
    counted: list[tuple[Decimal, int]] = []
    for item in sorted(items):
        if counted and counted[-1][0] == item:
            counted[-1] = (counted[-1][0], counted[-1][1] + 1)
        else:
            counted.append((item, 1))
    most = max(count for _, count in counted)
    return [value for value, count in counted if count == most]


def _both(name: str, item: str, aggregate: Aggregate) -> Builtin:
    """`f(list)` and `f(a, b, …)`."""

    def spread(runtime: Runtime, *items: Value) -> Value:
        return aggregate(runtime, items)

    signatures: tuple[Signature, ...] = (signature("list: list", aggregate), signature(f"{item}: any*", spread))
    return Builtin(name, signatures)


AGGREGATES = (
    _both("min", "c", _min),
    _both("max", "c", _max),
    _both("sum", "n", _sum),
    _both("product", "n", _product),
    _both("mean", "n", _mean),
    _both("median", "n", _median),
    _both("stddev", "n", _stddev),
    _both("mode", "n", _mode),
)
