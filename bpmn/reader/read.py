"""``read``: the bytes of a .bpmn file to a linted ``Graph``, or ``DeploymentRefused`` with every problem at once.
``load``: the same for a file that has been deployed."""

from __future__ import annotations

import hashlib

from bpmn import dialect
from bpmn.errors import DeploymentRefused, Problem
from bpmn.lint.check import lint
from bpmn.model import Graph
from bpmn.reader import xml
from bpmn.reader.assemble import assemble
from bpmn.reader.coverage import check_coverage
from bpmn.reader.references import check_references
from bpmn.reader.source import Source, tag


def read(source: bytes, name: str) -> Graph:
    """What may be deployed; DeploymentRefused says every reason why not."""
    graph, problems = _graph(source, name)
    problems = [*problems, *lint(graph)]
    if problems:
        raise DeploymentRefused(tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.line)))
    return graph


def load(source: bytes, name: str) -> Graph:
    """What was deployed: a rule that came later does not stop the cases that run by it."""
    return _graph(source, name)[0]


def _graph(source: bytes, name: str) -> tuple[Graph, list[Problem]]:
    root = xml.parse(source, name)
    if tag(root) != (dialect.BPMN, "definitions"):
        raise DeploymentRefused(
            (
                Problem(
                    "root-element",
                    "",
                    "",
                    root.sourceline if isinstance(root.sourceline, int) else 0,
                    f"{name} is no BPMN 2.0 file: its root is {tag(root)[1]} in the namespace '{tag(root)[0]}'.",
                    f"Choose a file whose root is definitions in the namespace {dialect.BPMN}.",
                ),
            )
        )
    found = Source(root)
    check_coverage(found)
    check_references(found)
    return assemble(found, hashlib.sha256(source).hexdigest(), name), found.problems
