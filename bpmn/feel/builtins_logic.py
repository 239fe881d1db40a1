"""Boolean functions and is() (DMN 1.5, 10.3.4.2, 10.3.4.4 and 10.3.4.10)."""

from collections.abc import Sequence

from bpmn.feel.compare import equal
from bpmn.feel.runtime import Runtime
from bpmn.feel.signature import Builtin, signature
from bpmn.feel.temporal import DateTime, Time
from bpmn.feel.values import Value, kind_of


def _not(runtime: Runtime, negand: Value) -> Value:
    return not negand if type(negand) is bool else None


def _all(runtime: Runtime, items: Sequence[Value]) -> Value:
    """False if any is false; null if any other is no boolean; true for the empty list."""
    return _decide(items, decisive=False)


def _any(runtime: Runtime, items: Sequence[Value]) -> Value:
    return _decide(items, decisive=True)


def _decide(items: Sequence[Value], decisive: bool) -> Value:
    if any(item is decisive for item in items):
        return decisive
    return None if any(type(item) is not bool for item in items) else not decisive


def _all_of(runtime: Runtime, *items: Value) -> Value:
    return _decide(items, decisive=False)


def _any_of(runtime: Runtime, *items: Value) -> Value:
    return _decide(items, decisive=True)


def _is(runtime: Runtime, value1: Value, value2: Value = None) -> Value:
    """Same kind and same value; moments agree in offset and zone id too: an instant read elsewhere is another one."""
    if kind_of(value1) != kind_of(value2):
        return False
    runtime.meter.measure(value1)
    runtime.meter.measure(value2)
    one, other = (value.time if isinstance(value, DateTime) else value for value in (value1, value2))
    if isinstance(one, Time) and isinstance(other, Time) and (one.offset, one.zone) != (other.offset, other.zone):
        return False
    return equal(value1, value2) is True


LOGIC = (
    Builtin("not", (signature("negand: any", _not),)),
    Builtin("all", (signature("list: list", _all), signature("b: any*", _all_of))),
    Builtin("any", (signature("list: list", _any), signature("b: any*", _any_of))),
    Builtin("is", (signature("value1: any, value2: any?", _is), signature("value2: any, value1: any?", _is))),
)
