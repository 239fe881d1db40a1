"""Walks a tree, asks the rule of each node, and measures the stack levels and the steps that its evaluation takes."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from bpmn.feel import ast
from bpmn.feel.errors import FeelSyntaxError
from bpmn.feel.runtime import Scope
from bpmn.feel.values import Value

Evaluator: TypeAlias = Callable[[Scope], Value]
_MAX_HEIGHT = 200
_NODES_A_STEP = 16  # of the budget: a body of fewer nodes is paid for by its iteration or call alone


class Compiler:
    def __init__(self, rules: Mapping[type[ast.Node], Callable[..., Evaluator]]) -> None:
        self._rules = rules
        self._level = 0
        self._highest = 0
        self._nodes = 0

    def __call__(self, node: ast.Node) -> Evaluator:
        self._level += 1
        self._nodes += 1
        self._highest = max(self._highest, self._level)
        if self._level > _MAX_HEIGHT:
            raise FeelSyntaxError("", 1, 1, f"The expression chains or nests more than {_MAX_HEIGHT} operations.")
        try:
            return self._rules[type(node)](node, self)
        finally:
            self._level -= 1

    def repeated(self, node: ast.Node, levels: int = 0) -> tuple[Evaluator, int]:
        """A part that is evaluated again and again, and the steps that each time costs: a body may be as long as the
        longest expression."""
        before = self._nodes
        evaluator = self.under(levels, node)
        return evaluator, (self._nodes - before) // _NODES_A_STEP

    def under(self, levels: int, node: ast.Node) -> Evaluator:
        """Below constructs that take more than one level of the stack: an iteration takes one for each iterator."""
        self._level += levels
        try:
            return self(node)
        finally:
            self._level -= levels

    def whole(self, node: ast.Node) -> tuple[Evaluator, int, int]:
        """A tree with a height and a cost of its own: an expression or the body of a function."""
        inner = Compiler(self._rules)
        evaluator, cost = inner.repeated(node)
        self._nodes += inner._nodes
        return evaluator, inner._highest + 1, cost
