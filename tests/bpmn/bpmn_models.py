"""Builders for small models, and a driver that plays the outside world."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bpmn import codec
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


def definitions(body: str, shared: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="file" targetNamespace="t">'
        f"{shared}{body}</definitions>"
    ).encode()


def process(body: str, shared: str = "", name: str = "p") -> bytes:
    return definitions(f'<process id="{name}" isExecutable="true">{body}</process>', shared)


def flows(*pairs: str) -> str:
    """``"a>b"`` draws a flow a_b; ``"a>b ? x = 1"`` gives it a condition."""
    found = []
    for pair in pairs:
        ends, _, condition = pair.partition("?")
        source, _, target = ends.strip().partition(">")
        name = f"{source}_{target}"
        body = f"<conditionExpression>={_escape(condition.strip())}</conditionExpression>" if condition else ""
        found.append(f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{body}</sequenceFlow>')
    return "".join(found)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def extension(body: str) -> str:
    return f"<extensionElements>{body}</extensionElements>" if body else ""


def properties(values: Mapping[str, str]) -> str:
    inner = "".join(f'<zeebe:property name="{key}" value="{_escape(value)}"/>' for key, value in values.items())
    return f"<zeebe:properties>{inner}</zeebe:properties>" if values else ""


def io(inputs: Mapping[str, str] | None = None, outputs: Mapping[str, str] | None = None) -> str:
    parts = [f'<zeebe:input source="{_escape(s)}" target="{t}"/>' for t, s in (inputs or {}).items()]
    parts += [f'<zeebe:output source="{_escape(s)}" target="{t}"/>' for t, s in (outputs or {}).items()]
    return f"<zeebe:ioMapping>{''.join(parts)}</zeebe:ioMapping>"


def user(node_id: str, ext: str = "", inside: str = "", **attributes: str) -> str:
    return (
        f'<userTask id="{node_id}"{_attributes(attributes)}>{extension("<zeebe:userTask/>" + ext)}{inside}</userTask>'
    )


def service(node_id: str, ext: str = "", inside: str = "", type: str = "work", **attributes: str) -> str:
    definition = f'<zeebe:taskDefinition type="{type}"/>'
    return f'<serviceTask id="{node_id}"{_attributes(attributes)}>{extension(definition + ext)}{inside}</serviceTask>'


def script(node_id: str, expression: str, result: str, ext: str = "", inside: str = "", **attributes: str) -> str:
    body = f'<zeebe:script expression="={_escape(expression)}" resultVariable="{result}"/>'
    return f'<scriptTask id="{node_id}"{_attributes(attributes)}>{extension(body + ext)}{inside}</scriptTask>'


def start(name: str = "s", inside: str = "", **attributes: str) -> str:
    return f'<startEvent id="{name}"{_attributes(attributes)}>{inside}</startEvent>'


def end(name: str = "e", inside: str = "", ext: str = "") -> str:
    return f'<endEvent id="{name}">{extension(ext)}{inside}</endEvent>'


def gateway(kind: str, name: str, **attributes: str) -> str:
    return f'<{kind}Gateway id="{name}"{_attributes(attributes)}/>'


def catch(name: str, inside: str, ext: str = "", **attributes: str) -> str:
    return (
        f'<intermediateCatchEvent id="{name}"{_attributes(attributes)}>{extension(ext)}{inside}'
        "</intermediateCatchEvent>"
    )


def throw(name: str, inside: str = "", ext: str = "") -> str:
    return f'<intermediateThrowEvent id="{name}">{extension(ext)}{inside}</intermediateThrowEvent>'


def boundary(name: str, host: str, inside: str, interrupting: bool = True, ext: str = "", **attributes: str) -> str:
    return (
        f'<boundaryEvent id="{name}" attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}"'
        f"{_attributes(attributes)}>{extension(ext)}{inside}</boundaryEvent>"
    )


def sub(name: str, body: str, ext: str = "", tag: str = "subProcess", **attributes: str) -> str:
    return f'<{tag} id="{name}"{_attributes(attributes)}>{extension(ext)}{body}</{tag}>'


def event_sub(name: str, body: str) -> str:
    return sub(name, body, triggeredByEvent="true")


def timer(text: str, form: str = "timeDuration") -> str:
    return f"<timerEventDefinition><{form}>{_escape(text)}</{form}></timerEventDefinition>"


def message(reference: str) -> str:
    return f'<messageEventDefinition messageRef="{reference}"/>'


def signal(reference: str) -> str:
    return f'<signalEventDefinition signalRef="{reference}"/>'


def error(reference: str = "") -> str:
    return f'<errorEventDefinition errorRef="{reference}"/>' if reference else "<errorEventDefinition/>"


def escalation(reference: str = "") -> str:
    return f'<escalationEventDefinition escalationRef="{reference}"/>' if reference else "<escalationEventDefinition/>"


def conditional(text: str) -> str:
    return f"<conditionalEventDefinition><condition>={_escape(text)}</condition></conditionalEventDefinition>"


def multi(
    collection: str = "",
    element: str = "",
    output: str = "",
    into: str = "",
    cardinality: str = "",
    until: str = "",
    sequential: bool = False,
) -> str:
    attributes = {
        "inputCollection": f"={collection}" if collection else "",
        "inputElement": element,
        "outputElement": f"={output}" if output else "",
        "outputCollection": into,
    }
    loop = f"<zeebe:loopCharacteristics{_attributes({k: v for k, v in attributes.items() if v})}/>"
    size = f"<loopCardinality>{cardinality}</loopCardinality>" if cardinality else ""
    done = f"<completionCondition>={_escape(until)}</completionCondition>" if until else ""
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"{extension(loop)}{size}{done}</multiInstanceLoopCharacteristics>"
    )


def _attributes(values: Mapping[str, str]) -> str:
    return "".join(f' {key}="{_escape(value)}"' for key, value in values.items())


TERMINATE = "<terminateEventDefinition/>"
COMPENSATE = "<compensateEventDefinition/>"
CANCEL = "<cancelEventDefinition/>"


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
        self.send(InstanceStarted(ref, business_key, variables or {}, start_event, definition))

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
