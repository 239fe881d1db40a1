"""Runs one instance in SpiffWorkflow, by the same moves as ``Player`` runs it in ours."""

from __future__ import annotations

from collections import Counter
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.util.task import TaskState


def parsed(source: bytes) -> tuple[Any, Any]:
    """The process and its subprocesses: read once, run often."""
    parser = BpmnParser()
    parser.add_bpmn_str(source)
    return parser.get_spec("p"), parser.get_subprocess_specs("p")


class SpiffPlayer:
    def __init__(self, specs: tuple[Any, Any], variables: dict[str, Any] | None = None) -> None:
        self.completed: Counter[str] = Counter()
        self.workflow = BpmnWorkflow(*specs)
        if variables:
            self.workflow.task_tree.set_data(**variables)
        self._rest()

    def _rest(self) -> None:
        self.workflow.do_engine_steps(did_complete_task=self._note)

    def _note(self, task: Any) -> None:
        if task.task_spec.bpmn_id is not None:
            self.completed[task.task_spec.bpmn_id] += 1

    @property
    def tasks(self) -> list[Any]:
        return list(self.workflow.get_tasks(state=TaskState.READY, manual=True))

    @property
    def open(self) -> list[str]:
        return sorted(task.task_spec.bpmn_id for task in self.tasks)

    @property
    def messages(self) -> list[str]:
        waiting = [task.task_spec.event_definition for task in self.workflow.event_manager.tasks.values()]
        # An event-based gateway is one waiting task there, with what follows it inside.
        raced = [one for gateway in waiting for one in getattr(gateway, "event_definitions", ())]
        return sorted(one.name for one in waiting + raced if isinstance(one, MessageEventDefinition))

    def do(self, element: str, index: int = 0, **variables: Any) -> None:
        task = [one for one in self.tasks if one.task_spec.bpmn_id == element][index]
        task.set_data(**variables)
        task.run()
        self._note(task)
        self._rest()

    def deliver(self, name: str, **variables: Any) -> None:
        self.workflow.send_event(BpmnEvent(MessageEventDefinition(name), variables or None))
        self._rest()

    @property
    def done(self) -> bool:
        return bool(self.workflow.completed)

    @property
    def variables(self) -> dict[str, Any]:
        return {name: value for name, value in self.workflow.data.items() if name != "data_objects"}
