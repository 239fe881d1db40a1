"""Loop characteristics of an activity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from bpmn.elements.expression import Value


@dataclass(frozen=True, slots=True)
class MultiInstance:
    sequential: bool
    collection: Value | None = None
    cardinality: Value | None = None
    element: str | None = None
    output_collection: str | None = None
    output: Value | None = None
    completion: Value | None = None


@dataclass(frozen=True, slots=True)
class StandardLoop:
    condition: Value | None
    test_before: bool = False
    maximum: Value | None = None


Loop: TypeAlias = MultiInstance | StandardLoop
