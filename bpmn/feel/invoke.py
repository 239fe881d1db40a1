"""Calls of function values: arguments matched and coerced, depth counted, built-ins chosen by signature."""

from collections.abc import Mapping, Sequence

from bpmn.feel.runtime import Runtime
from bpmn.feel.signature import ABSENT, Builtin, call_built_in
from bpmn.feel.types import coerce
from bpmn.feel.values import Function, Value


def invoke(function: Function, values: Sequence[Value], runtime: Runtime) -> Value:
    runtime.meter.step()
    if function.builtin is not None:
        return call_built_in(function.builtin, values, runtime)
    if len(values) != len(function.names):
        runtime.warn(f"The function takes {len(function.names)} arguments, not {len(values)}.")
        return None
    arguments = list(values)
    for position, wanted in enumerate(function.types):
        arguments[position], fits = coerce(arguments[position], wanted)
        if not fits:
            # It is null inside the function, which may still give a value (10.3.2.13.1).
            runtime.warn(f"Argument {position + 1} has not the type that the function declares.")
    runtime.meter.enter(function.height)
    result = function.call(runtime, *arguments)
    runtime.meter.leave(function.height)
    return result


def arrange(function: Function, named: Mapping[str, Value], runtime: Runtime) -> Sequence[Value] | None:
    """Named arguments in the order of the parameters."""
    if function.builtin is not None:
        return _arrange_built_in(function.builtin, named, runtime)
    if len(named) != len(function.names) or any(name not in named for name in function.names):
        runtime.warn("The names of the arguments are not those of the parameters.")
        return None
    return [named[name] for name in function.names]


def _arrange_built_in(builtin: Builtin, named: Mapping[str, Value], runtime: Runtime) -> Sequence[Value] | None:
    for signature in builtin.signatures:
        names = [parameter.name for parameter in signature.parameters]
        if all(name in names for name in named) and all(
            parameter.optional or parameter.name in named for parameter in signature.parameters
        ):
            values = [named.get(name, ABSENT) for name in names]
            while values and values[-1] is ABSENT:
                values.pop()
            return values
    runtime.warn(f"'{builtin.name}' has no parameters of these names.")
    return None
