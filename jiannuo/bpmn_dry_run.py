"""A dry run: the pure core with a virtual clock and a script in place of the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bpmn.commands import (
    ArmDeadline,
    CancelJob,
    CancelTimer,
    CloseSignal,
    CloseSubscription,
    CloseTask,
    Command,
    CompleteInstance,
    CreateTask,
    EvaluateDecision,
    OpenSignal,
    OpenSubscription,
    PublishMessage,
    RaiseIncident,
    ResolveDefinition,
    ResolveIncident,
    SetTimer,
    StartJob,
)
from bpmn.dmn.api import Definitions, DmnError, evaluate_decision
from bpmn.engine import advance, check
from bpmn.events import (
    DeadlineSet,
    DecisionEvaluated,
    DefinitionMissing,
    DefinitionResolved,
    Event,
    GraphRef,
    InstanceStarted,
    JobCompleted,
    JobErrored,
    JobFailed,
    MessageDelivered,
    SignalDelivered,
    TaskCompleted,
    TaskErrored,
    TaskEscalated,
    TimerFired,
)
from bpmn.feel.api import FeelError
from bpmn.model import Graph
from bpmn.run.evaluate import as_json
from bpmn.state import State
from bpmn.step import TraceEntry
from bpmn.timers.duration import add, parse_duration
from jiannuo.bpmn_script import Answer, Script, ScriptRefused

MAXIMUM_STEPS = 10_000
_OPENED: Mapping[type, str] = {
    CreateTask: "task_key",
    StartJob: "job_key",
    SetTimer: "timer_key",
    OpenSubscription: "subscription_key",
    OpenSignal: "subscription_key",
    ResolveDefinition: "request_key",
    EvaluateDecision: "request_key",
    RaiseIncident: "incident_key",
}
_CLOSED: Mapping[type, str] = {
    CloseTask: "task_key",
    CancelJob: "job_key",
    CancelTimer: "timer_key",
    CloseSubscription: "subscription_key",
    CloseSignal: "subscription_key",
    ResolveIncident: "incident_key",
}


class DryRun:
    """``status``: completed, cancelled, waiting (nobody answers), incident, or limit (too many steps)."""

    def __init__(
        self, graphs: Sequence[Graph], decisions: Sequence[Definitions], script: Script, now: datetime
    ) -> None:
        self.graphs = {graph.hash: graph for graph in graphs}
        self.decisions = decisions
        self.script = script
        self.now = now
        self.steps = 0
        self.state: State | None = None
        self.trace: list[tuple[datetime, TraceEntry]] = []
        self.open: dict[int, Command] = {}
        # What the instance said itself waits here until it listens: message names and keys are the world's affair.
        self.published: list[PublishMessage] = []
        self.variables: Mapping[str, Any] = {}
        self.on_step: Callable[[Sequence[TraceEntry]], None] = lambda entries: None

    def start(self, ref: GraphRef, variables: Mapping[str, Any], start_event: str | None = None) -> None:
        self._send(InstanceStarted(ref, "dry-run", variables, start_event))

    @property
    def status(self) -> str:
        if self.state is None or self.state.status != "running":
            return "waiting" if self.state is None else self.state.status
        if self.steps >= MAXIMUM_STEPS:
            return "limit"
        return "incident" if self.state.incidents else "waiting"

    def run(self, ask: Callable[[DryRun], Event | None] | None = None) -> None:
        """Until nothing more happens. ``ask`` is the person at the prompt, asked when the script has no answer."""
        while self.state is not None and self.state.status == "running" and self.steps < MAXIMUM_STEPS:
            event = self._next()
            if event is None and ask is not None:
                event = ask(self)
            event = event or self._next_timer()
            if event is None:
                return
            if check(self.graphs, self.state, event) is None:
                self._send(event)

    def _send(self, event: Event) -> None:
        step = advance(self.graphs, self.state, event, self.now)
        self.steps += 1
        self.state = step.state
        self.trace += [(self.now, entry) for entry in step.trace]
        self.on_step(step.trace)
        for command in step.commands:
            opened, closed = _OPENED.get(type(command)), _CLOSED.get(type(command))
            if opened is not None:
                self.open[getattr(command, opened)] = command
            elif closed is not None:
                self.open.pop(getattr(command, closed), None)
            elif isinstance(command, ArmDeadline):
                self.open[command.deadline_key] = command
            elif isinstance(command, PublishMessage):
                self.published.append(command)
            elif isinstance(command, CompleteInstance):
                self.variables = command.variables
        if self.state.status == "running":
            self.variables = self.state.scopes[self.state.root].variables

    def _next(self) -> Event | None:
        """What the world answers at once, or what the script has an answer for."""
        for key, command in list(self.open.items()):
            event = self._answer(key, command)
            if event is not None:
                return event
        return None

    def _answer(self, key: int, command: Command) -> Event | None:
        if isinstance(command, ResolveDefinition):
            del self.open[key]
            return self._resolve(command)
        if isinstance(command, EvaluateDecision):
            del self.open[key]
            return self._decide(command)
        if isinstance(command, ArmDeadline):
            del self.open[key]
            given = self.script.deadlines.get(command.name) or {}
            due = given.get("due_at")
            return DeadlineSet(key, 0, due and due[:10], due, given.get("rungs") or {})
        if isinstance(command, StartJob):
            del self.open[key]
            return _job(key, self._take("jobs", command.element_id, command.type) or Answer())
        if isinstance(command, CreateTask):
            answer = self._take("tasks", command.element_id)
            return None if answer is None else self._task(key, answer)
        if isinstance(command, OpenSubscription):
            for index, said in enumerate(self.published):
                if (said.name, said.correlation_key) == (command.message_name, command.correlation_key):
                    return MessageDelivered(key, "published", self.published.pop(index).variables)
            answer = self._take("messages", command.message_name)
            return None if answer is None else MessageDelivered(key, "script", answer.variables)
        if isinstance(command, OpenSignal):
            answer = self._take("signals", command.signal_name)
            return None if answer is None else SignalDelivered(key, answer.variables)
        return None

    def _take(self, table: str, *names: str) -> Answer | None:
        answer = self.script.peek(table, *names)
        if answer is not None and answer.after is not None:
            duration = parse_duration(answer.after)
            if duration is None:
                raise ScriptRefused(f"'{answer.after}' is no duration such as PT2H.")
            until = add(self.now, duration, ZoneInfo("UTC"))
            timer = self._first_timer()
            if timer is not None and datetime.fromisoformat(timer.at) < until:
                # A timer comes first: it may take this very task away.
                return None
            self.now = until
        return self.script.take(table, *names)

    def _task(self, key: int, answer: Answer) -> Event:
        if answer.escalation is not None:
            return TaskEscalated(key, answer.escalation, answer.variables)
        if answer.error is not None:
            return TaskErrored(key, answer.error, answer.variables)
        return TaskCompleted(key, answer.variables)

    def _resolve(self, asked: ResolveDefinition) -> Event:
        for graph in self.graphs.values():
            if asked.process_id in graph.processes:
                return DefinitionResolved(asked.request_key, GraphRef(graph.hash, asked.process_id))
        return DefinitionMissing(asked.request_key, f"No file that was given holds the process '{asked.process_id}'.")

    def _decide(self, asked: EvaluateDecision) -> Event:
        if asked.decision_id in self.script.decisions:
            return DecisionEvaluated(asked.request_key, self.script.decisions[asked.decision_id])
        reason = f"No file that was given holds the decision '{asked.decision_id}'."
        for definitions in self.decisions:
            try:
                found = evaluate_decision(
                    definitions,
                    asked.decision_id,
                    asked.variables,
                    self.now,
                    ZoneInfo("Asia/Shanghai"),
                    free_variables=True,
                )
            except (DmnError, FeelError) as error:
                reason = str(error)
                continue
            return DecisionEvaluated(asked.request_key, as_json(found.value))
        return JobFailed(asked.request_key, reason)

    def _first_timer(self) -> SetTimer | None:
        timers = [command for command in self.open.values() if isinstance(command, SetTimer)]
        return min(timers, key=lambda timer: (datetime.fromisoformat(timer.at), timer.timer_key), default=None)

    def _next_timer(self) -> Event | None:
        timer = self._first_timer()
        if timer is None:
            return None
        del self.open[timer.timer_key]
        self.now = max(self.now, datetime.fromisoformat(timer.at))
        return TimerFired(timer.timer_key)


def _job(key: int, answer: Answer) -> Event:
    if answer.fail is not None:
        return JobFailed(key, answer.fail)
    if answer.error is not None:
        return JobErrored(key, answer.error, "", answer.variables)
    return JobCompleted(key, answer.variables)
