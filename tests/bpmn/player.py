"""A driver that plays the outside world: people, jobs, messages and time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bpmn import codec
from bpmn.begun import BEGUN
from bpmn.commands import (
    CancelJob,
    CancelTimer,
    CloseSignal,
    CloseSubscription,
    CloseTask,
    CompleteInstance,
    CreateTask,
    OpenSignal,
    OpenSubscription,
    RaiseIncident,
    ResolveIncident,
    SetTimer,
    StartJob,
)
from bpmn.engine import advance, check
from bpmn.events import (
    Event,
    GraphRef,
    InstanceStarted,
    JobCompleted,
    JobErrored,
    MessageDelivered,
    TaskCompleted,
    TimerFired,
)
from bpmn.model import Graph
from bpmn.reader.read import read

START = datetime.fromisoformat("2026-03-02T09:00:00+08:00")


class Player:
    """Runs one instance and keeps what is open outside. After every step the state goes through JSON and back."""

    def __init__(
        self,
        source: bytes | Graph,
        variables: Mapping[str, Any] | None = None,
        process_id: str = "",
        start_event: str | None = None,
        round_trip: bool = True,
        business_key: str = "case-1",
        definition: int | None = None,
        semantics: int = BEGUN,
    ) -> None:
        graph = source if isinstance(source, Graph) else read(source, "test.bpmn")
        self.graphs = {graph.hash: graph}
        self.graph = graph
        self.now = START
        self.state = None
        self.round_trip = round_trip
        self.commands: list[Any] = []
        self.trace: list[Any] = []
        self.tasks: dict[int, CreateTask] = {}
        self.jobs: dict[int, StartJob] = {}
        self.timers: dict[int, SetTimer] = {}
        self.messages: dict[int, OpenSubscription] = {}
        self.signals: dict[int, OpenSignal] = {}
        self.incidents: dict[int, RaiseIncident] = {}
        self.result: CompleteInstance | None = None
        self.last: tuple[Any, ...] = ()
        ref = GraphRef(graph.hash, process_id or next(iter(graph.processes)))
        self.send(InstanceStarted(ref, business_key, variables or {}, start_event, definition, semantics))

    def send(self, event: Event) -> Player:
        if self.round_trip:
            event = codec.load_event(codec.dump_event(event))
        before = None if self.state is None else codec.dump_state(self.state)
        step = advance(self.graphs, self.state, event, self.now)
        if self.state is not None and self.round_trip:
            assert codec.dump_state(self.state) == before, "a step changed the state that it was given"
        self.state = codec.load_state(codec.dump_state(step.state)) if self.round_trip else step.state
        if self.round_trip:
            assert codec.dump_state(self.state) == codec.dump_state(step.state)
            assert codec.load_commands(codec.dump_commands(step.commands)) == step.commands
        self.last = step.commands
        self.commands += step.commands
        self.trace += step.trace
        for command in step.commands:
            self._keep(command)
        return self

    def _keep(self, command: Any) -> None:
        opened = {
            CreateTask: (self.tasks, "task_key"),
            StartJob: (self.jobs, "job_key"),
            SetTimer: (self.timers, "timer_key"),
            OpenSubscription: (self.messages, "subscription_key"),
            OpenSignal: (self.signals, "subscription_key"),
            RaiseIncident: (self.incidents, "incident_key"),
        }
        closed = {
            CloseTask: (self.tasks, "task_key"),
            CancelJob: (self.jobs, "job_key"),
            CancelTimer: (self.timers, "timer_key"),
            CloseSubscription: (self.messages, "subscription_key"),
            CloseSignal: (self.signals, "subscription_key"),
            ResolveIncident: (self.incidents, "incident_key"),
        }
        if type(command) in opened:
            table, field = opened[type(command)]
            table[getattr(command, field)] = command  # type: ignore[index]
        elif type(command) in closed:
            table, field = closed[type(command)]
            del table[getattr(command, field)]  # type: ignore[attr-defined]
        elif isinstance(command, CompleteInstance):
            self.result = command

    def task_key(self, element: str) -> int:
        return next(key for key, task in self.tasks.items() if task.element_id == element)

    def job_key(self, element: str) -> int:
        return next(key for key, job in self.jobs.items() if job.element_id == element)

    def do(self, element: str, **variables: Any) -> Player:
        """A person completes the first open task at this element."""
        return self.send(TaskCompleted(self.task_key(element), variables))

    def work(self, element: str, **variables: Any) -> Player:
        key = self.job_key(element)
        del self.jobs[key]
        return self.send(JobCompleted(key, variables))

    def fail(self, element: str, code: str, **variables: Any) -> Player:
        key = self.job_key(element)
        del self.jobs[key]
        return self.send(JobErrored(key, code, "", variables))

    def deliver(self, name: str, **variables: Any) -> Player:
        key = next(key for key, sub_ in self.messages.items() if sub_.message_name == name)
        return self.send(MessageDelivered(key, "m-1", variables))

    def wait(self, **duration: float) -> Player:
        """Time passes; timers fire in order of instant."""
        until = self.now + timedelta(**duration)
        while True:
            due = sorted((datetime.fromisoformat(t.at), k) for k, t in self.timers.items())
            if not due or due[0][0] > until:
                break
            self.now = max(self.now, due[0][0])
            del self.timers[due[0][1]]
            self.send(TimerFired(due[0][1]))
        self.now = until
        return self

    def refusal(self, event: Event) -> str | None:
        found = check(self.graphs, self.state, event)
        return None if found is None else found.rule

    @property
    def open(self) -> list[str]:
        return sorted(task.element_id for task in self.tasks.values())

    @property
    def variables(self) -> dict[str, Any]:
        if self.result is not None:
            return dict(self.result.variables)
        assert self.state is not None
        return dict(self.state.scopes[self.state.root].variables)

    @property
    def done(self) -> bool:
        return self.state is not None and self.state.status == "completed"

    @property
    def rules(self) -> list[str]:
        return [incident.rule for incident in self.incidents.values()]

    def visited(self, kind: str = "completed") -> list[str]:
        return [entry.element_id for entry in self.trace if entry.kind == kind]
