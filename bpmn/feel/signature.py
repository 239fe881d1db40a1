"""Built-in functions as data: a name and the signatures it may be called with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bpmn.feel.runtime import Runtime
from bpmn.feel.values import Value, kind_of

Implementation = Callable[..., Value]
ABSENT = object()


@dataclass(frozen=True, slots=True)
class Parameter:
    """`kinds`: what is taken; empty takes anything, null included."""

    name: str
    kinds: tuple[str, ...]
    optional: bool = False
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    parameters: tuple[Parameter, ...]
    implementation: Implementation
    variadic: bool = False


@dataclass(frozen=True, slots=True)
class Builtin:
    name: str
    signatures: tuple[Signature, ...]


_SHORT: Mapping[str, tuple[str, ...]] = {
    "any": (),
    "duration": ("days and time duration", "years and months duration"),
    "days": ("days and time duration",),
    "months": ("years and months duration",),
    "datetime": ("date and time",),
    "temporal": ("date", "date and time"),
    "scalar": ("number", "string", "boolean", "date", "time", "date and time", "days and time duration",
               "years and months duration"),
}


def signature(text: str, implementation: Implementation) -> Signature:
    """From `name: kind, name: kind|kind, name: kind?` ('?' optional, '!' takes null); a final `*` repeats the last."""
    variadic = text.endswith("*")
    parameters: list[Parameter] = []
    for part in filter(None, (piece.strip() for piece in text.rstrip("*").split(","))):
        name, _, kind = part.partition(":")
        kind = kind.strip()
        kinds: list[str] = []
        for word in kind.rstrip("?!").split("|"):
            kinds.extend(_SHORT.get(word, (word,)))
        parameters.append(Parameter(name.strip(), tuple(kinds), "?" in kind, "!" in kind))
    return Signature(tuple(parameters), implementation, variadic)


def host_function(name: str, parameters: str, implementation: Callable[..., Value]) -> Builtin:
    """A function that the host of the interpreter adds; `implementation` takes FEEL values only and must be pure.
    `parameters` as in `signature`, for example ``"name: string, rung: number?"``."""
    return Builtin(name, (signature(parameters, lambda runtime, *values: implementation(*values)),))


def call_built_in(builtin: Builtin, values: Sequence[Value], runtime: Runtime) -> Value:
    """First the signature that fits as it is, then one that fits after the implicit conversions of 10.3.2.9.4."""
    for convert in (_strict, _lenient):
        for candidate in builtin.signatures:
            arguments = _fit(candidate, values, convert)
            if arguments is not None:
                return _run(candidate, arguments, runtime)
    kinds = ", ".join(kind_of(value) for value in values)
    runtime.warn(f"'{builtin.name}' cannot be called with ({kinds}).")
    return None


def call_named(builtin: Builtin, named: Mapping[str, Value], runtime: Runtime) -> Value:
    fitting: list[tuple[Signature, list[Value]]] = []
    for candidate in builtin.signatures:
        names = [parameter.name for parameter in candidate.parameters]
        if all(name in names for name in named):
            fitting.append((candidate, [named.get(name, ABSENT) for name in names]))
    # before(point, range) and before(range, point) have the same names: the order as written tells them apart.
    fitting.sort(key=lambda pair: [one.name for one in pair[0].parameters if one.name in named] != list(named))
    for convert in (_strict, _lenient):
        for candidate, values in fitting:
            arguments = _fit(candidate, values, convert)
            if arguments is not None:
                return _run(candidate, arguments, runtime)
    runtime.warn(f"'{builtin.name}' cannot be called with arguments of these names and kinds.")
    return None


def _run(candidate: Signature, arguments: list[Value], runtime: Runtime) -> Value:
    """Work and memory that grow with a string or list are paid for here, whatever the function does with it."""
    meter = runtime.meter
    for argument in arguments:
        kind = type(argument)
        if kind is str:
            meter.read(argument)
        elif kind is list or kind is dict:
            meter.step(len(argument) // 32)
    result = candidate.implementation(runtime, *arguments)
    if type(result) is str:
        meter.size(len(result))
        meter.read(result)
    return result


def _fit(
    candidate: Signature, values: Sequence[Value], convert: Callable[[Value, Parameter], Value]
) -> list[Value] | None:
    parameters = candidate.parameters
    if len(values) > len(parameters) and not candidate.variadic:
        return None
    fitted: list[Value] = []
    for position, value in enumerate(values):
        parameter = parameters[min(position, len(parameters) - 1)]
        if value is ABSENT and parameter.optional:
            fitted.append(None)
            continue
        converted = ABSENT if value is ABSENT else convert(value, parameter)
        if converted is ABSENT:
            return None
        fitted.append(converted)
    if any(not parameter.optional for parameter in parameters[len(values):]):
        return None
    return fitted


def _strict(value: Value, parameter: Parameter) -> Value:
    if not parameter.kinds:
        return value
    if value is None:
        return None if parameter.nullable else ABSENT
    return value if kind_of(value) in parameter.kinds else ABSENT


def _lenient(value: Value, parameter: Parameter) -> Value:
    fitted = _strict(value, parameter)
    if fitted is not ABSENT:
        return fitted
    if type(value) is list and len(value) == 1:
        return _strict(value[0], parameter)
    if "list" in parameter.kinds and value is not None:
        return [value]
    return ABSENT
