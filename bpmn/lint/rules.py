"""The rules, in the order in which a reader would check a diagram."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bpmn.errors import Problem
from bpmn.model import Graph

Rule = Callable[[Graph], Iterable[Problem]]
RULES: tuple[Rule, ...] = ()
