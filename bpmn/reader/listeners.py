"""``zeebe:executionListeners`` and ``zeebe:taskListeners``: jobs around what a node does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from lxml import etree

from bpmn import dialect
from bpmn.elements.details import Job
from bpmn.elements.expression import Value
from bpmn.elements.kinds import EVENTS, GATEWAYS
from bpmn.reader.extensions import headers_of, read_headers
from bpmn.reader.source import Source, kid, kids, tag, zeebe

# (extension, event type) -> the phase it belongs to. A task's own listeners lie inside its execution listeners.
_PHASES: Mapping[str, tuple[tuple[str, str, str], ...]] = MappingProxyType(
    {
        "start": (
            ("executionListeners", "executionListener", "start"),
            ("taskListeners", "taskListener", "creating"),
        ),
        "end": (
            ("taskListeners", "taskListener", "completing"),
            ("executionListeners", "executionListener", "end"),
        ),
    }
)
_KNOWN = ("start", "end", "creating", "completing")
_LEAVING_EVENTS = ("errorEventDefinition", "cancelEventDefinition", "terminateEventDefinition")


def read_listeners(source: Source, node: etree._Element, phase: str) -> tuple[Job, ...]:
    """The jobs of one phase, in the order in which they run."""
    found: list[Job] = []
    for group, local, event in _PHASES[phase]:
        for element in _listeners(node, group, local):
            written = element.get("eventType", "")
            if written != event:
                if phase == "start" and not _fits(written, group):
                    _refuse(source, element, f"A {local} for '{written}' is not executed.", "Model it as a task.")
                continue
            if not _possible(node, phase):
                _refuse(source, element, f"A {tag(node)[1]} has no moment '{event}'.", "Put it on an element beside.")
            found.append(_job(source, node, element))
    return tuple(found)


def _listeners(node: etree._Element, group: str, local: str) -> Iterator[etree._Element]:
    listeners = zeebe(node, group)
    return iter(()) if listeners is None else kids(listeners, local, dialect.ZEEBE)


def _fits(event: str, group: str) -> bool:
    return event in _KNOWN and (event in ("start", "end")) == (group == "executionListeners")


def _possible(node: etree._Element, phase: str) -> bool:
    """Events that are caught begin by being caught; gateways, and ends that leave their scope, end in one move."""
    local = tag(node)[1]
    if phase == "start":
        return local not in ("startEvent", "boundaryEvent")
    leaves = local in EVENTS and any(kid(node, name) is not None for name in _LEAVING_EVENTS)
    return local not in GATEWAYS and not leaves


def _job(source: Source, node: etree._Element, element: etree._Element) -> Job:
    kind = source.value(element, element.get("type"), "The listener's type")
    if kind is None or not kind.text:
        source.problem("task-type", element, "The listener has no type.", "Name the task type.")
    retries = source.value(element, element.get("retries") or "3", "Retries")
    # Its own headers win over those of the element that it listens to.
    headers = {**dict(read_headers(node)), **dict(headers_of(kid(element, "taskHeaders", dialect.ZEEBE)))}
    return Job(kind or Value(""), retries or Value("3"), tuple(headers.items()))


def _refuse(source: Source, element: etree._Element, message: str, remedy: str) -> None:
    source.problem("unsupported-extension", element, message, remedy)
