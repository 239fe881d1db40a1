"""Conditionals, function definitions and invocations."""

from collections.abc import Callable, Mapping

from bpmn.feel import ast
from bpmn.feel.compiler import Compiler, Evaluator
from bpmn.feel.invoke import invoke, invoke_named
from bpmn.feel.registry import built_in_function
from bpmn.feel.runtime import Scope
from bpmn.feel.types import ANY, ContextType, FeelType, ListType, SimpleType, coerce
from bpmn.feel.values import Function, Value, kind_of


def _conditional(node: ast.Conditional, compiler: Compiler) -> Evaluator:
    condition, then, otherwise = compiler(node.condition), compiler(node.then), compiler(node.otherwise)
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


def _definition(node: ast.FunctionDefinition, compiler: Compiler) -> Evaluator:
    names = tuple(parameter.name for parameter in node.parameters)
    types = tuple(parameter.type for parameter in node.parameters)
    body, height, cost = compiler.whole(node.body)
    result_type = node.result or static_type(node.body)

    def evaluate(scope: Scope) -> Value:
        if node.external:
            return Function(names, _external, types, result_type, 1)

        def call(runtime: object, *values: Value) -> Value:
            scope.runtime.meter.step(cost)
            result = body(Scope(dict(zip(names, values, strict=True)), scope, scope.runtime))
            scope.runtime.meter.measure(result if node.result else None)
            return result if node.result is None else coerce(result, node.result)[0]

        return Function(names, call, types, result_type, height)

    return evaluate


def static_type(node: ast.Node) -> FeelType | None:
    """The type of a literal, or of a list or context of literals; None when only evaluation can tell."""
    if isinstance(node, ast.Literal) and node.value is not None:
        return SimpleType(kind_of(node.value))
    if isinstance(node, ast.ContextOf):
        return ContextType(tuple((key, static_type(value) or ANY) for key, value in node.entries))
    if isinstance(node, ast.ListOf) and node.items:
        first = static_type(node.items[0])
        return ListType(first if first and all(static_type(item) == first for item in node.items) else ANY)
    return None


def _external(runtime: Value, *values: Value) -> Value:
    """Java and PMML functions (10.3.2.13.3) would run foreign code inside the engine."""
    runtime.warn("External functions are not executed.")
    return None


def _invocation(node: ast.Invocation, compiler: Compiler) -> Evaluator:
    function = compiler(node.function)
    name = node.function.name if isinstance(node.function, ast.Name) else ""
    positional = tuple(compiler(argument) for argument in node.positional)
    named = tuple((name, compiler(argument)) for name, argument in node.named)

    def evaluate(scope: Scope) -> Value:
        called = function(scope)
        if type(called) is not Function and name:
            # A variable may have the name of a function, as `count` does in many models: only functions are called.
            called = scope.runtime.functions.get(name) or built_in_function(name)
        if type(called) is not Function:
            scope.runtime.warn(f"A {kind_of(called)} cannot be called.")
            return None
        if not named:
            return invoke(called, [argument(scope) for argument in positional], scope.runtime)
        return invoke_named(called, {name: argument(scope) for name, argument in named}, scope.runtime)

    return evaluate


RULES: Mapping[type[ast.Node], Callable[..., Evaluator]] = {
    ast.Conditional: _conditional,
    ast.FunctionDefinition: _definition,
    ast.Invocation: _invocation,
}
