"""`partial` of an iteration (DMN 1.5, 10.3.2.14): the results so far. A body that only looks into them is given the
list itself; one that may keep them gets a copy of that moment, or a result would hold itself."""

from collections.abc import Iterator
from dataclasses import fields

from bpmn.feel import ast
from bpmn.feel.budget import Meter
from bpmn.feel.values import Value

NAME = "partial"
# Their results hold neither the list nor parts that are lists of their own making.
_LOOKING = (
    "all", "any", "count", "index of", "is empty", "list contains", "max", "mean", "median", "min", "product", "stddev",
    "string join", "sum",
)


def keeps(body: ast.Node) -> bool:
    """Whether `partial` occurs where its list could become part of a result."""
    pending: list[tuple[ast.Node, bool]] = [(body, False)]
    while pending:
        node, looked_into = pending.pop()
        if isinstance(node, ast.Name) and node.name == NAME and not looked_into:
            return True
        looking = isinstance(node, (ast.Comparison, ast.Arithmetic, ast.In)) or (
            isinstance(node, ast.Invocation) and isinstance(node.function, ast.Name) and node.function.name in _LOOKING
        )
        source = node.source if isinstance(node, (ast.Filter, ast.Path)) else None
        pending.extend((part, looking or part is source) for part in _parts(node))
    return False


def _parts(node: ast.Node) -> Iterator[ast.Node]:
    pending: list[object] = [getattr(node, field.name) for field in fields(node)]
    while pending:
        part = pending.pop()
        if isinstance(part, ast.Node):
            yield part
        elif isinstance(part, tuple):
            pending.extend(part)


def copied(results: list[Value], meter: Meter) -> list[Value]:
    meter.step(len(results) // 32)
    return list(results)
