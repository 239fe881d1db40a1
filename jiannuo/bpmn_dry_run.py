"""A dry run: the pure core with a virtual clock and a script in place of the world.

What an instance says reaches the others: a message one that waits for it, else the processes that it starts; a signal
all of them. So the pools of one collaboration play together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from bpmn.commands import (
    ArmDeadline,
    BroadcastSignal,
    Command,
    CreateTask,
    EvaluateDecision,
    OpenSignal,
    OpenSubscription,
    PublishMessage,
    ResolveDefinition,
    SetTimer,
    StartJob,
)
from bpmn.dmn.api import Definitions, DmnError, evaluate_decision
from bpmn.events import (
    DeadlineSet,
    DecisionEvaluated,
    DefinitionMissing,
    DefinitionResolved,
    Event,
    GraphRef,
    InstanceStarted,
    JobFailed,
    MessageDelivered,
    SignalDelivered,
    TimerFired,
)
from bpmn.feel.api import FeelError
from bpmn.model import Graph
from bpmn.run.evaluate import as_json
from bpmn.starts import Start, started_by_message, started_by_signal
from bpmn.step import TraceEntry
from bpmn.timer_starts import TimerStart, first
from bpmn.timers.duration import add, parse_duration
from jiannuo.bpmn_planned import Planned
from jiannuo.bpmn_played import Played
from jiannuo.bpmn_script import Answer, Script, ScriptRefused, job_event, task_event

MAXIMUM_STEPS = 10_000
MAXIMUM_INSTANCES = 1_000
KEY = "dry-run"
SAYS = (PublishMessage, BroadcastSignal)
Asked = tuple[Played, Event]


class DryRun:
    """``status`` of all instances together: completed, cancelled, waiting (nobody answers), incident, or limit."""

    def __init__(
        self, graphs: Sequence[Graph], decisions: Sequence[Definitions], script: Script, now: datetime
    ) -> None:
        self.graphs = {graph.hash: graph for graph in graphs}
        self.decisions = decisions
        self.script = script
        self.now = now
        self.steps = 0
        self.played: list[Played] = []
        self.trace: list[tuple[datetime, int, TraceEntry]] = []
        self.said: list[tuple[Played, Command]] = []
        # What nobody waits for yet stays here until somebody does.
        self.published: list[PublishMessage] = []
        self.planned = Planned()
        self.on_step: Callable[[Sequence[TraceEntry]], None] = lambda entries: None

    def start(
        self,
        ref: GraphRef,
        variables: Mapping[str, Any],
        start_event: str | None = None,
        business_key: str = KEY,
        definition: int | None = None,
    ) -> None:
        one = Played(len(self.played) + 1, ref.process_id, business_key)
        event = InstanceStarted(ref, business_key, variables, start_event, definition)
        self.played.append(one)
        self._step(one, event)

    def plan(self, timed: TimerStart, ref: GraphRef, variables: Mapping[str, Any], business_key: str = KEY) -> None:
        """At the first instant of the timer, as if the model had been deployed now. Raises Failure."""
        at, start = first(timed, self.now).at, timed.start
        if at:
            begin = partial(self.start, ref, variables, start.start_event, business_key, start.definition)
            self.planned.add(datetime.fromisoformat(at), begin)

    @property
    def status(self) -> str:
        if self.steps >= MAXIMUM_STEPS or len(self.played) >= MAXIMUM_INSTANCES:
            return "limit"
        found = dict.fromkeys(one.status for one in self.played)
        if self.planned.waiting or not self.played:
            found["waiting"] = None
        return next((status for status in ("incident", "waiting", "cancelled") if status in found), "completed")

    def run(self, ask: Callable[[DryRun], Asked | None] | None = None) -> None:
        """Until nothing more happens. ``ask`` is the person at the prompt, asked when the script has no answer."""
        while self.status != "limit":
            if self.said:
                self._say()
                continue
            asked = self._next()
            if asked is None and ask is not None:
                asked = ask(self)
            if asked is None and self._begin_planned():
                continue
            asked = asked or self._next_timer()
            if asked is None:
                return
            one, event = asked
            if one.takes(self.graphs, event):
                self._step(one, event)

    def _step(self, one: Played, event: Event) -> None:
        step = one.step(self.graphs, event, self.now)
        self.steps += 1
        self.trace += [(self.now, one.number, entry) for entry in step.trace]
        self.on_step(step.trace)
        self.said += [(one, command) for command in step.commands if isinstance(command, SAYS)]

    def _say(self) -> None:
        """In order; what is said because of it comes after it."""
        one, command = self.said.pop(0)
        if isinstance(command, PublishMessage):
            self._publish(command)
        elif isinstance(command, BroadcastSignal):
            self._broadcast(one, command)

    def _publish(self, said: PublishMessage) -> None:
        """One that waits for it hears it; else it starts what begins by it, once for each key of a process."""
        if any(_waits(command, said) for one in self.played for command in one.open.values()):
            self.published.append(said)
            return
        begun = False
        for graph in self.graphs.values():
            for start in started_by_message(graph, said.name):
                if not any(
                    one.running and (one.process_id, one.business_key) == (start.process_id, said.correlation_key)
                    for one in self.played
                ):
                    begun = True
                    self._begin(graph, start, said.variables, said.correlation_key)
        if not begun:
            self.published.append(said)

    def _broadcast(self, thrower: Played, said: BroadcastSignal) -> None:
        heard = [
            (one, key)
            for one in self.played
            for key, command in one.open.items()
            if one is not thrower and isinstance(command, OpenSignal) and command.signal_name == said.name
        ]
        for one, key in heard:
            event = SignalDelivered(key, said.variables)
            if one.takes(self.graphs, event):
                self._step(one, event)
        for graph in self.graphs.values():
            for start in started_by_signal(graph, said.name):
                self._begin(graph, start, said.variables, f"{KEY}-{len(self.played) + 1}")

    def _begin(self, graph: Graph, start: Start, variables: Mapping[str, Any], key: str) -> None:
        if self.status != "limit":
            self.start(GraphRef(graph.hash, start.process_id), variables, start.start_event, key, start.definition)

    def _next(self) -> Asked | None:
        """What the world answers at once, or what the script has an answer for."""
        for one in self.played:
            for key, command in list(one.open.items()) if one.running else ():
                event = self._answer(one, key, command)
                if event is not None:
                    return one, event
        return None

    def _answer(self, one: Played, key: int, command: Command) -> Event | None:
        if isinstance(command, ResolveDefinition):
            del one.open[key]
            return self._resolve(command)
        if isinstance(command, EvaluateDecision):
            del one.open[key]
            return self._decide(command)
        if isinstance(command, ArmDeadline):
            del one.open[key]
            given = self.script.deadlines.get(command.name) or {}
            due = given.get("due_at")
            return DeadlineSet(key, 0, due and due[:10], due, given.get("rungs") or {})
        if isinstance(command, StartJob):
            del one.open[key]
            return job_event(key, self._take("jobs", command.element_id, command.type) or Answer())
        if isinstance(command, CreateTask):
            answer = self._take("tasks", command.element_id)
            return None if answer is None else task_event(key, answer)
        if isinstance(command, OpenSubscription):
            for index, said in enumerate(self.published):
                if _waits(command, said):
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
            first = self._first_timer()
            if first is not None and datetime.fromisoformat(first[1].at) < until:
                # A timer comes first: it may take this very task away.
                return None
            self.now = until
        return self.script.take(table, *names)

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

    def _first_timer(self) -> tuple[Played, SetTimer] | None:
        timers = [
            (one, command)
            for one in self.played
            for command in one.open.values()
            if isinstance(command, SetTimer) and one.running
        ]
        return min(
            timers,
            key=lambda found: (datetime.fromisoformat(found[1].at), found[0].number, found[1].timer_key),
            default=None,
        )

    def _begin_planned(self) -> bool:
        timer = self._first_timer()
        found = self.planned.take(datetime.fromisoformat(timer[1].at) if timer else None)
        if found is not None:
            self.now = max(self.now, found[0])
            found[1]()
        return found is not None

    def _next_timer(self) -> Asked | None:
        first = self._first_timer()
        if first is None:
            return None
        one, timer = first
        del one.open[timer.timer_key]
        self.now = max(self.now, datetime.fromisoformat(timer.at))
        return one, TimerFired(timer.timer_key)


def _waits(command: Command, said: PublishMessage) -> bool:
    return isinstance(command, OpenSubscription) and (command.message_name, command.correlation_key) == (
        said.name,
        said.correlation_key,
    )
