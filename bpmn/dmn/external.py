"""Values from outside as the declared type wants them: JSON has no temporal values, and may leave out components."""

from collections.abc import Callable, Mapping

from bpmn.feel.temporal_text import parse_date, parse_date_time, parse_duration, parse_time
from bpmn.feel.types import ConstrainedType, ContextType, FeelType, ListType, SimpleType
from bpmn.feel.values import Value

_PARSERS: Mapping[str, Callable[[str], Value]] = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_time,
    "days and time duration": parse_duration,
    "years and months duration": parse_duration,
}


def fitted(value: Value, wanted: FeelType | None) -> Value:
    """Strings become the temporal values that the type asks for; missing components of a context become null."""
    if isinstance(wanted, ConstrainedType):
        return fitted(value, wanted.base)
    if isinstance(wanted, SimpleType) and type(value) is str and wanted.name in _PARSERS:
        return _PARSERS[wanted.name](value)
    if isinstance(wanted, ListType) and type(value) is list:
        return [fitted(item, wanted.item) for item in value]
    if isinstance(wanted, ContextType) and type(value) is dict:
        declared = {name: fitted(value.get(name), type_) for name, type_ in wanted.fields}
        return {**value, **declared}
    return value
