"""Syntax tree to closures: parsed once at deployment, evaluated many times without looking at the tree again."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from bpmn.feel import ast, compile_collections, compile_functions, compile_operators
from bpmn.feel.compiler import Compiler, Evaluator

_RULES: Mapping[type[ast.Node], Callable[..., Evaluator]] = {
    **compile_operators.RULES,
    **compile_collections.RULES,
    **compile_functions.RULES,
}
Compiled: TypeAlias = tuple[Evaluator, int, int]


def compile_tree(node: ast.Node) -> Compiled:
    """The evaluator, its height and the steps that one evaluation costs."""
    return Compiler(_RULES).whole(node)
