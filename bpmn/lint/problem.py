"""How a rule reports."""

from __future__ import annotations

from bpmn.elements.node import Node
from bpmn.errors import Problem


def at(rule: str, node: Node, message: str, remedy: str) -> Problem:
    return Problem(rule, node.id, node.name, node.line, message, remedy)
