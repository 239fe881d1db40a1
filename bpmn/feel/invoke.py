"""Calls of function values: arguments matched and coerced, depth counted, built-ins chosen by signature."""

from collections.abc import Mapping, Sequence

from bpmn.feel.runtime import Runtime
from bpmn.feel.signature import call_built_in, call_named
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
        if wanted is not None:
            runtime.meter.measure(arguments[position])
        arguments[position], fits = coerce(arguments[position], wanted)
        if not fits:
            # Arguments that do not conform make the invocation null (10.3.2.13.1).
            runtime.warn(f"Argument {position + 1} has not the type that the function declares.")
            return None
    runtime.meter.enter(function.height)
    result = function.call(runtime, *arguments)
    runtime.meter.leave(function.height)
    return result


def invoke_named(function: Function, named: Mapping[str, Value], runtime: Runtime) -> Value:
    """Named arguments: of a built-in only the signatures with these parameter names come into question."""
    if function.builtin is not None:
        runtime.meter.step()
        return call_named(function.builtin, named, runtime)
    if len(named) != len(function.names) or any(name not in named for name in function.names):
        runtime.warn("The names of the arguments are not those of the parameters.")
        return None
    return invoke(function, [named[name] for name in function.names], runtime)
