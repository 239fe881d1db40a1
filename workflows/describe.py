"""What Temporal's own UI shows of a case: where it is, by element names. No case content."""

from __future__ import annotations

from collections.abc import Mapping

from temporalio import workflow

from bpmn.model import Graph
from bpmn.step import Step
from workflows import messages

STAGE = "jiannuo:stage"


def details(graphs: Mapping[str, Graph], step: Step) -> tuple[str, str | None]:
    """The current details (names of elements entered in this step) and the stage entered last, if any."""
    entered: dict[str, None] = {}  # each name once: ten thousand instances of a task have one
    stage = None
    for entry in step.trace:
        if entry.kind != "entered":
            continue
        node = graphs[entry.graph_hash].nodes.get(entry.element_id)
        if node is None:
            continue
        entered[node.name or node.id] = None
        named = node.properties.get(STAGE)
        stage = named.text if named is not None else stage
    return " · ".join(entered), stage


def show(shown: str, stage: str | None) -> None:
    if shown:
        workflow.set_current_details(shown)
    if stage:
        workflow.upsert_search_attributes([messages.STAGE.value_set(stage)])
