"""Loop characteristics of an activity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from bpmn.elements.events import EventDefinition
from bpmn.elements.expression import Value


@dataclass(frozen=True, slots=True)
class LoopThrow:
    """What a multi-instance activity throws when an instance completes (§10.3.8, ``behavior``).

    ``condition`` None: always. ``first``: only for the first instance. ``events`` empty: the default signal, which
    carries the counts of the loop to the signal events on the activity's boundary.
    """

    condition: Value | None = None
    first: bool = False
    events: tuple[EventDefinition, ...] = ()


@dataclass(frozen=True, slots=True)
class MultiInstance:
    sequential: bool
    collection: Value | None = None
    cardinality: Value | None = None
    element: str | None = None
    output_collection: str | None = None
    output: Value | None = None
    completion: Value | None = None
    throws: tuple[LoopThrow, ...] = ()


@dataclass(frozen=True, slots=True)
class StandardLoop:
    condition: Value | None
    test_before: bool = False
    maximum: Value | None = None


Loop: TypeAlias = MultiInstance | StandardLoop
