"""One instance of a dry run: its state, what it has open outside, and what happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bpmn.commands import ArmDeadline, Command, CompleteInstance, RaiseIncident, ResolveIncident
from bpmn.engine import advance, check
from bpmn.events import Event
from bpmn.model import Graph
from bpmn.run import settle
from bpmn.state import State
from bpmn.step import Step

_OPENED = settle.OPENED | {RaiseIncident: "incident_key", ArmDeadline: "deadline_key"}
_CLOSED = settle.CLOSED | {ResolveIncident: "incident_key"}


@dataclass
class Played:
    """``status``: completed, cancelled, waiting or incident."""

    number: int
    process_id: str
    business_key: str
    state: State | None = None
    open: dict[int, Command] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)

    @property
    def running(self) -> bool:
        return self.state is not None and self.state.status == "running"

    @property
    def status(self) -> str:
        if self.state is None:
            return "waiting"
        if self.state.status != "running":
            return self.state.status
        return "incident" if self.state.incidents else "waiting"

    def takes(self, graphs: Mapping[str, Graph], event: Event) -> bool:
        return self.running and check(graphs, self.state, event) is None

    def step(self, graphs: Mapping[str, Graph], event: Event, now: datetime) -> Step:
        step = advance(graphs, self.state, event, now)
        self.state = step.state
        for command in step.commands:
            opened, closed = _OPENED.get(type(command)), _CLOSED.get(type(command))
            if opened is not None:
                self.open[getattr(command, opened)] = command
            elif closed is not None:
                self.open.pop(getattr(command, closed), None)
            elif isinstance(command, CompleteInstance):
                self.variables = command.variables
        if self.state.status == "running":
            self.variables = self.state.scopes[self.state.root].variables
        return step
