"""Deployed graphs on their way through Temporal payloads, where only their hashes travel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bpmn.model import Graph


@dataclass(frozen=True)
class GraphSet:
    """Graphs by content hash. The payload converter hands out the one shared, immutable object of each."""

    graphs: Mapping[str, Graph] = field(default_factory=dict)
