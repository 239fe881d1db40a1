"""Whether a value satisfies another value used as a test (DMN 1.5, 10.3.2.8 and table 55, `in`)."""

from bpmn.feel.budget import Meter
from bpmn.feel.compare import equal, in_range
from bpmn.feel.values import Range, Value


def matches_value(value: Value, test: Value, meter: Meter) -> bool | None:
    if type(test) is Range:
        return equal(value, test) if type(value) is Range else in_range(value, test)
    if type(test) is not list:
        return equal(value, test)
    meter.measure(test)
    meter.measure(value)
    if type(value) is list and equal(value, test) is True:
        return True
    return any(_matches_item(value, item) for item in test)


def _matches_item(value: Value, item: Value) -> bool:
    if type(item) is Range and type(value) is not Range:
        return in_range(value, item) is True
    return equal(value, item) is True
