"""Walks a tree, asks the rule of each node, and measures how many stack levels its evaluation needs."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from bpmn.feel import ast
from bpmn.feel.errors import FeelSyntaxError
from bpmn.feel.runtime import Scope
from bpmn.feel.values import Value

Evaluator: TypeAlias = Callable[[Scope], Value]
_MAX_HEIGHT = 200


class Compiler:
    def __init__(self, rules: Mapping[type[ast.Node], Callable[..., Evaluator]]) -> None:
        self._rules = rules
        self._level = 0
        self._highest = 0

    def __call__(self, node: ast.Node) -> Evaluator:
        self._level += 1
        self._highest = max(self._highest, self._level)
        if self._level > _MAX_HEIGHT:
            raise FeelSyntaxError("", 1, 1, f"The expression chains or nests more than {_MAX_HEIGHT} operations.")
        try:
            return self._rules[type(node)](node, self)
        finally:
            self._level -= 1

    def under(self, levels: int, node: ast.Node) -> Evaluator:
        """Below constructs that take more than one level of the stack: an iteration takes one for each iterator."""
        self._level += levels
        try:
            return self(node)
        finally:
            self._level -= levels

    def whole(self, node: ast.Node) -> tuple[Evaluator, int]:
        """A tree with a height of its own: an expression or the body of a function."""
        inner = Compiler(self._rules)
        evaluator = inner(node)
        return evaluator, inner._highest + 1
