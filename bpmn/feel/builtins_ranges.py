"""Relations between points and ranges (DMN 1.5, 10.3.4.9, table 78).

A point is a range of one value. The end of a range is a value and a nudge (an excluded low end lies just after its
value, an excluded high end just before), so each relation is a comparison of ends."""

from collections.abc import Callable
from dataclasses import dataclass

from bpmn.feel.compare import less
from bpmn.feel.runtime import Runtime
from bpmn.feel.signature import Builtin, Signature, signature
from bpmn.feel.values import Range, Value


@dataclass(frozen=True, slots=True)
class _End:
    """`infinity` is -1 or 1 for an end that is not bounded."""

    value: Value
    nudge: int = 0
    infinity: int = 0


class _Incomparable(Exception):
    """Ends of different kinds: the relation is null."""


def _low(value: Value) -> _End:
    if type(value) is not Range:
        return _End(value)
    return _End(value.low, 0 if value.low_included else 1) if value.low_bounded else _End(None, infinity=-1)


def _high(value: Value) -> _End:
    if type(value) is not Range:
        return _End(value)
    return _End(value.high, 0 if value.high_included else -1) if value.high_bounded else _End(None, infinity=1)


def _compare(one: _End, other: _End) -> int:
    if one.infinity or other.infinity:
        return one.infinity - other.infinity
    below, above = less(one.value, other.value), less(other.value, one.value)
    if below is None or above is None:
        raise _Incomparable
    if below or above:
        return -1 if below else 1
    return one.nudge - other.nudge


def _before(a: Value, b: Value) -> bool:
    return _compare(_high(a), _low(b)) < 0


def _after(a: Value, b: Value) -> bool:
    return _before(b, a)


def _meets(a: Value, b: Value) -> bool:
    return _compare(_high(a), _low(b)) == 0 and _high(a).nudge == 0 and not _high(a).infinity


def _met_by(a: Value, b: Value) -> bool:
    return _meets(b, a)


def _overlaps(a: Value, b: Value) -> bool:
    return _compare(_high(a), _low(b)) >= 0 and _compare(_low(a), _high(b)) <= 0


def _overlaps_before(a: Value, b: Value) -> bool:
    return (
        _compare(_low(a), _low(b)) < 0
        and _compare(_high(a), _low(b)) >= 0
        and _compare(_high(a), _high(b)) <= 0
    )


def _overlaps_after(a: Value, b: Value) -> bool:
    return _overlaps_before(b, a)


def _finishes(a: Value, b: Value) -> bool:
    return _compare(_high(a), _high(b)) == 0 and _compare(_low(a), _low(b)) >= 0


def _finished_by(a: Value, b: Value) -> bool:
    return _finishes(b, a)


def _includes(a: Value, b: Value) -> bool:
    return _compare(_low(a), _low(b)) <= 0 and _compare(_high(a), _high(b)) >= 0


def _during(a: Value, b: Value) -> bool:
    return _includes(b, a)


def _starts(a: Value, b: Value) -> bool:
    return _compare(_low(a), _low(b)) == 0 and _compare(_high(a), _high(b)) <= 0


def _started_by(a: Value, b: Value) -> bool:
    return _starts(b, a)


def _coincides(a: Value, b: Value) -> bool:
    return _compare(_low(a), _low(b)) == 0 and _compare(_high(a), _high(b)) == 0


_P, _R = "scalar", "range"
_POINT_POINT, _POINT_RANGE = f"point1: {_P}, point2: {_P}", f"point: {_P}, range: {_R}"
_RANGE_POINT, _RANGE_RANGE = f"range: {_R}, point: {_P}", f"range1: {_R}, range2: {_R}"


def _relation(name: str, rule: Callable[[Value, Value], bool], *shapes: str) -> Builtin:
    def evaluate(runtime: Runtime, a: Value, b: Value) -> Value:
        try:
            return rule(a, b)
        except _Incomparable:
            return None

    signatures: tuple[Signature, ...] = tuple(signature(shape, evaluate) for shape in shapes)
    return Builtin(name, signatures)


RANGES = (
    _relation("before", _before, _POINT_POINT, _POINT_RANGE, _RANGE_POINT, _RANGE_RANGE),
    _relation("after", _after, _POINT_POINT, _POINT_RANGE, _RANGE_POINT, _RANGE_RANGE),
    _relation("meets", _meets, _RANGE_RANGE),
    _relation("met by", _met_by, _RANGE_RANGE),
    _relation("overlaps", _overlaps, _RANGE_RANGE),
    _relation("overlaps before", _overlaps_before, _RANGE_RANGE),
    _relation("overlaps after", _overlaps_after, _RANGE_RANGE),
    _relation("finishes", _finishes, _POINT_RANGE, _RANGE_RANGE),
    _relation("finished by", _finished_by, _RANGE_POINT, _RANGE_RANGE),
    _relation("includes", _includes, _RANGE_POINT, _RANGE_RANGE),
    _relation("during", _during, _POINT_RANGE, _RANGE_RANGE),
    _relation("starts", _starts, _POINT_RANGE, _RANGE_RANGE),
    _relation("started by", _started_by, _RANGE_POINT, _RANGE_RANGE),
    _relation("coincides", _coincides, _POINT_POINT, _RANGE_RANGE),
)
