"""How a rule reports."""

from __future__ import annotations

from bpmn.elements.node import Node
from bpmn.errors import Problem


def an(word: str) -> str:
    return f"{'an' if word[:1].lower() in 'aeiou' else 'a'} {word}"


def begin(word: str) -> str:
    """At the beginning of a sentence."""
    return f"A{an(word)[1:]}"


def at(rule: str, node: Node, message: str, remedy: str) -> Problem:
    return Problem(rule, node.id, node.name, node.line, message, remedy)
