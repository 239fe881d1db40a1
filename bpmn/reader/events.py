"""Event definitions of one event node, inline or by reference to a shared one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from lxml import etree

from bpmn.dialect import BPMN
from bpmn.elements.events import (
    CancelDefinition,
    CompensateDefinition,
    ConditionalDefinition,
    ErrorDefinition,
    EscalationDefinition,
    EventDefinition,
    LinkDefinition,
    Message,
    MessageDefinition,
    SignalDefinition,
    TerminateDefinition,
    TimerDefinition,
)
from bpmn.elements.expression import Value
from bpmn.reader.shared import Shared
from bpmn.reader.source import Source, flag, kid, local_ref, named, tag, text_of, zeebe

Read = Callable[[Source, Shared, etree._Element], EventDefinition | None]


def read_events(source: Source, shared: Shared, node: etree._Element) -> tuple[EventDefinition, ...]:
    found: list[EventDefinition] = []
    for element in node:
        local = tag(element)[1]
        definition = element
        if local == "eventDefinitionRef":
            referred = referred_definition(source, local_ref(text_of(element)))
            if referred is None:
                source.problem(
                    "dangling-reference",
                    element,
                    f"eventDefinitionRef '{text_of(element)}' names no event definition of the file.",
                    "Refer to an event definition.",
                )
                continue
            definition = referred
        found += read_definition(source, shared, definition)
    return tuple(found)


def read_definition(source: Source, shared: Shared, definition: etree._Element) -> tuple[EventDefinition, ...]:
    reader = READERS.get(tag(definition)[1])
    event = None if reader is None else reader(source, shared, definition)
    return () if event is None else (event,)


def referred_definition(source: Source, reference: str) -> etree._Element | None:
    """A definition at the top of the file, as the standard has it, or one that stands at another event."""
    found = source.by_id.get(reference)
    return found if found is not None and tag(found)[1] in READERS else None


def message_ref(source: Source, shared: Shared, element: etree._Element) -> Message | None:
    """Its own reference; else the message of its operation, or of a message flow that is drawn to or from it."""
    reference = local_ref(element.get("messageRef")) or _operation_message(source, element) or _drawn(source, element)
    message = shared.messages.get(reference)
    if message is None:
        source.problem(
            "message-reference",
            element,
            f"messageRef '{reference}' names no message." if reference else "The element names no message.",
            "Choose a message.",
        )
    return message


def operation(source: Source, element: etree._Element) -> etree._Element | None:
    reference = local_ref(element.get("operationRef") or text_of(kid(element, "operationRef")))
    found = source.by_id.get(reference)
    return found if found is not None and tag(found)[1] == "operation" else None


def _operation_message(source: Source, element: etree._Element) -> str:
    """§8.4.3: what a participant is sent to have the operation done."""
    found = operation(source, element)
    return "" if found is None else local_ref(text_of(kid(found, "inMessageRef")))


def _drawn(source: Source, element: etree._Element) -> str:
    owner = named(element) if element.get("id") is None or tag(element)[1] == "messageEventDefinition" else element
    node = owner if tag(owner)[1] != "messageEventDefinition" else owner.getparent()
    name = None if node is None else node.get("id")
    for flow in source.root.iter(f"{{{BPMN}}}messageFlow"):
        if name in (local_ref(flow.get("sourceRef")), local_ref(flow.get("targetRef"))) and flow.get("messageRef"):
            return local_ref(flow.get("messageRef"))
    return ""


def _timer(source: Source, _: Shared, element: etree._Element) -> EventDefinition | None:
    forms = [(form, kid(element, tag_)) for tag_, form in _FORMS]
    given = [(form, child) for form, child in forms if child is not None]
    if len(given) != 1 or not text_of(given[0][1]):
        source.problem(
            "timer-definition",
            element,
            "A timer needs exactly one of timeDate, timeDuration and timeCycle.",
            "Write one of them.",
        )
        return None
    form, child = given[0]
    written = source.written(child, literals=True)
    return TimerDefinition(form, source.value(element, written, "The timer") or Value(""))


_FORMS = (("timeDate", "date"), ("timeDuration", "duration"), ("timeCycle", "cycle"))


def _message(source: Source, shared: Shared, element: etree._Element) -> EventDefinition | None:
    node = element.getparent()
    if node is not None and zeebe(node, "taskDefinition") is not None and element.get("messageRef") is None:
        # A job sends it, and knows what.
        return MessageDefinition(Message("", Value("")))
    message = message_ref(source, shared, element)
    return MessageDefinition(message) if message else None


def _signal(source: Source, shared: Shared, element: etree._Element) -> EventDefinition | None:
    signal = shared.signals.get(local_ref(element.get("signalRef")))
    if signal is None:
        source.problem("signal-reference", element, "The event names no signal of the file.", "Choose a signal.")
        return None
    return SignalDefinition(signal)


def _error(source: Source, shared: Shared, element: etree._Element) -> EventDefinition | None:
    return ErrorDefinition(_coded(source, element, "errorRef", shared.errors))


def _escalation(source: Source, shared: Shared, element: etree._Element) -> EventDefinition | None:
    return EscalationDefinition(_coded(source, element, "escalationRef", shared.escalations))


def _coded(source: Source, element: etree._Element, attribute: str, table: Mapping[str, object]):  # type: ignore[no-untyped-def]
    written = element.get(attribute)
    if written is None:
        return None
    found = table.get(local_ref(written))
    if found is None:
        source.problem("dangling-reference", element, f"{attribute} '{written}' names nothing.", "Correct it.")
    return found


def _conditional(source: Source, _: Shared, element: etree._Element) -> EventDefinition | None:
    condition = source.required(element, source.written(kid(element, "condition")), "The condition")
    given = zeebe(element, "conditionalFilter")
    if given is None:
        return ConditionalDefinition(condition)
    names, changes = (_listed(given.get(name)) for name in ("variableNames", "variableEvents"))
    for change in changes:
        if change not in ("create", "update"):
            source.problem(
                "conditional-filter", given, f"'{change}' is no change of a variable.", "Write create, update or both."
            )
    return ConditionalDefinition(condition, names, changes)


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _link(source: Source, _: Shared, element: etree._Element) -> EventDefinition | None:
    name = (element.get("name") or "").strip()
    if not name:
        source.problem("link-name", element, "The link event has no link name.", "Name the link.")
        return None
    return LinkDefinition(name)


def _compensate(_: Source, __: Shared, element: etree._Element) -> EventDefinition | None:
    return CompensateDefinition(local_ref(element.get("activityRef")) or None, flag(element, "waitForCompletion", True))


READERS: Mapping[str, Read] = MappingProxyType(
    {
        "timerEventDefinition": _timer,
        "messageEventDefinition": _message,
        "signalEventDefinition": _signal,
        "errorEventDefinition": _error,
        "escalationEventDefinition": _escalation,
        "conditionalEventDefinition": _conditional,
        "linkEventDefinition": _link,
        "terminateEventDefinition": lambda *_: TerminateDefinition(),
        "cancelEventDefinition": lambda *_: CancelDefinition(),
        "compensateEventDefinition": _compensate,
    }
)
