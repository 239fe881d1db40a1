"""What one step's projection works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bpmn.elements.node import Node
from bpmn.events import DeadlineSet
from bpmn.model import Graph
from cases.tables.engine import Instance


@dataclass
class Projecting:
    """``at`` is the instant of the step on the case's own time axis; ``answers`` go back to the execution.

    ``said`` counts the messages and signals that the step has thrown so far.
    """

    session: AsyncSession
    instance: Instance
    graphs: dict[str, Graph]
    step: int
    at: datetime
    answers: list[DeadlineSet] = field(default_factory=list)
    said: int = 0

    @property
    def complaint_id(self) -> str:
        return self.instance.business_key

    def node(self, graph_hash: str, element_id: str) -> Node | None:
        return self.graphs[graph_hash].nodes.get(element_id)
