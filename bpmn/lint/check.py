"""``lint``: every structural rule over a graph, all problems at once."""

from __future__ import annotations

from bpmn.errors import Problem
from bpmn.lint.rules import RULES
from bpmn.model import Graph


def lint(graph: Graph) -> list[Problem]:
    return [problem for rule in RULES for problem in rule(graph)]
