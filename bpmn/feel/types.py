"""FEEL types (DMN 1.5, 10.3.2.9): conformance of values, and the coercions that invocation and DMN variables apply."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bpmn.feel.temporal import Date, DateTime, Time
from bpmn.feel.values import Function, Range, Value, kind_of

SIMPLE_NAMES = (
    "number", "string", "boolean", "date", "time", "date and time", "days and time duration",
    "years and months duration",
)
# DMN 1.1 and 1.2 files and Camunda name them thus.
ALIASES: Mapping[str, str] = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "any": "Any",
    "null": "Null",
}


@dataclass(frozen=True, slots=True)
class FeelType:
    pass


@dataclass(frozen=True, slots=True)
class AnyType(FeelType):
    pass


@dataclass(frozen=True, slots=True)
class NullType(FeelType):
    pass


@dataclass(frozen=True, slots=True)
class SimpleType(FeelType):
    name: str


@dataclass(frozen=True, slots=True)
class UnknownType(FeelType):
    """A name that nothing defines: `instance of` it is null."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType(FeelType):
    item: FeelType


@dataclass(frozen=True, slots=True)
class RangeType(FeelType):
    item: FeelType


@dataclass(frozen=True, slots=True)
class ContextType(FeelType):
    fields: tuple[tuple[str, FeelType], ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionType(FeelType):
    parameters: tuple[FeelType, ...] | None = None
    result: FeelType | None = None


@dataclass(frozen=True, slots=True)
class ConstrainedType(FeelType):
    """A DMN item definition with allowed values: `allows(value)` is given by the DMN engine."""

    base: FeelType
    allows: Callable[[Value], bool]
    name: str = ""


ANY = AnyType()
# Of a function type's parameter that declares nothing: every function may have what it likes there.
UNDECLARED = NullType()
_DURATIONS = ("days and time duration", "years and months duration")


def conforms(value: Value, wanted: FeelType | None) -> bool:
    """Whether a value, null included, may stand where the type is declared: null conforms to every type."""
    return value is None or instance_of(value, wanted or ANY) is True


def instance_of(value: Value, wanted: FeelType) -> bool | None:
    """The `instance of` operator: null is an instance of Null only (table 54)."""
    if value is None:
        return isinstance(wanted, NullType)
    rule = _RULES[type(wanted)]
    return rule(value, wanted)


def _simple(value: Value, wanted: SimpleType) -> bool:
    kind = kind_of(value)
    return kind == wanted.name or (wanted.name == "duration" and kind in _DURATIONS)


def _list(value: Value, wanted: ListType) -> bool:
    return type(value) is list and all(conforms(item, wanted.item) for item in value)


def _range(value: Value, wanted: RangeType) -> bool:
    if type(value) is not Range:
        return False
    ends = [end for end, bounded in ((value.low, value.low_bounded), (value.high, value.high_bounded)) if bounded]
    return all(end is not None and conforms(end, wanted.item) for end in ends)


def _context(value: Value, wanted: ContextType) -> bool:
    return type(value) is dict and all(name in value and conforms(value[name], type_) for name, type_ in wanted.fields)


def _function(value: Value, wanted: FunctionType) -> bool:
    if type(value) is not Function:
        return False
    if wanted.parameters is None:
        return True
    if value.builtin is not None or len(value.names) != len(wanted.parameters):
        return False
    # Contravariant parameters, covariant result (table 52).
    declared = value.types or (None,) * len(value.names)
    return all(
        accepts(have or ANY, want) for have, want in zip(declared, wanted.parameters, strict=True)
    ) and (value.result is None or accepts(wanted.result or ANY, value.result))


def _constrained(value: Value, wanted: ConstrainedType) -> bool:
    return instance_of(value, wanted.base) is True and wanted.allows(value)


_RULES: Mapping[type[FeelType], Callable[..., bool | None]] = {
    AnyType: lambda value, wanted: True,
    NullType: lambda value, wanted: False,
    UnknownType: lambda value, wanted: None,
    SimpleType: _simple,
    ListType: _list,
    RangeType: _range,
    ContextType: _context,
    FunctionType: _function,
    ConstrainedType: _constrained,
}


def accepts(wide: FeelType, narrow: FeelType) -> bool:
    """Type conformance (10.3.2.9.2): a value of `narrow` may stand where `wide` is declared."""
    if isinstance(wide, AnyType) or isinstance(narrow, NullType) or wide == narrow:
        return True
    if isinstance(wide, ConstrainedType):
        return accepts(wide.base, narrow)
    if isinstance(narrow, ConstrainedType):
        return accepts(wide, narrow.base)
    if isinstance(wide, (ListType, RangeType)) and type(wide) is type(narrow):
        return accepts(wide.item, narrow.item)
    if isinstance(wide, ContextType) and isinstance(narrow, ContextType):
        have = dict(narrow.fields)
        return all(name in have and accepts(type_, have[name]) for name, type_ in wide.fields)
    if isinstance(wide, FunctionType) and isinstance(narrow, FunctionType):
        return _accepts_function(wide, narrow)
    return False


def _accepts_function(wide: FunctionType, narrow: FunctionType) -> bool:
    if wide.parameters is None:
        return True
    if narrow.parameters is None or len(wide.parameters) != len(narrow.parameters):
        return False
    return all(
        accepts(have, want) for have, want in zip(narrow.parameters, wide.parameters, strict=True)
    ) and accepts(wide.result or ANY, narrow.result or ANY)


def coerce(value: Value, wanted: FeelType | None) -> tuple[Value, bool]:
    """The value as the type sees it, and whether it conforms (10.3.2.9.4: to and from singleton list, date to date and
    time at midnight UTC). A value that does not conform becomes null."""
    if wanted is None:
        return value, True
    if conforms(value, wanted):
        return (_as_declared(value, wanted) if isinstance(wanted, FunctionType) else value), True
    base = wanted.base if isinstance(wanted, ConstrainedType) else wanted
    candidates: list[Value] = []
    if isinstance(base, ListType) and type(value) is not list:
        candidates.append([value])
    if type(value) is list and len(value) == 1 and not isinstance(base, ListType):
        candidates.append(value[0])
    if base == SimpleType("date and time") and type(value) is Date:
        candidates.append(DateTime(value, Time(0, 0, 0, 0, 0)))
    for candidate in candidates:
        if candidate is not None and conforms(candidate, wanted):
            return candidate, True
    return None, False


def _as_declared(value: Value, wanted: FunctionType) -> Value:
    """The function with what its declared type says of parameters and result: later calls are held to it."""
    if value is None or value.builtin is not None or wanted.parameters is None:
        return value
    have = value.types or (None,) * len(value.names)
    types = tuple(
        own if own is not None or declared in (ANY, UNDECLARED) else declared
        for own, declared in zip(have, wanted.parameters, strict=True)
    )
    result = None if wanted.result in (None, ANY) else wanted.result
    if result is None:
        return replace(value, types=types)

    def call(runtime: Value, *values: Value) -> Value:
        made = value.call(runtime, *values)
        runtime.meter.measure(made)
        return coerce(made, result)[0]

    return replace(value, call=call, types=types, result=result)


def without_constraints(wanted: FeelType) -> FeelType:
    """`instance of` looks at the type alone: allowed values say what a variable may hold, not what a value is."""
    if isinstance(wanted, ConstrainedType):
        return without_constraints(wanted.base)
    if isinstance(wanted, (ListType, RangeType)):
        return type(wanted)(without_constraints(wanted.item))
    if isinstance(wanted, ContextType):
        return ContextType(tuple((name, without_constraints(type_)) for name, type_ in wanted.fields))
    return wanted
