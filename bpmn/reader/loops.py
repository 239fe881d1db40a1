"""Loop characteristics: multi-instance (BPMN's own and ``zeebe:loopCharacteristics``) and standard loop."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from bpmn.elements.events import EventDefinition
from bpmn.elements.loop import Loop, LoopThrow, MultiInstance, StandardLoop
from bpmn.reader.data import variable_name
from bpmn.reader.events import read_definition, read_events, referred_definition
from bpmn.reader.shared import Shared
from bpmn.reader.source import Source, flag, kid, kids, local_ref, text_of, zeebe

# What an activity can throw while it runs: the others need a token of their own.
_THROWN = ("signal", "error", "escalation", "message")


def read_loop(source: Source, shared: Shared, node: etree._Element) -> Loop | None:
    multiple = kid(node, "multiInstanceLoopCharacteristics")
    standard = kid(node, "standardLoopCharacteristics")
    if multiple is not None and standard is not None:
        source.problem("one-loop", node, "The activity has two loop characteristics.", "Keep one.")
    if multiple is not None:
        return _multi_instance(source, shared, multiple)
    return None if standard is None else _standard(source, standard)


def _multi_instance(source: Source, shared: Shared, element: etree._Element) -> MultiInstance:
    loop = zeebe(element, "loopCharacteristics")
    get = (lambda name: None) if loop is None else loop.get
    cardinality = source.value(element, source.written(kid(element, "loopCardinality")) or None, "The loop cardinality")
    collection = get("inputCollection") or _reference(source, element, "loopDataInputRef")
    item = kid(element, "inputDataItem")
    result = kid(element, "outputDataItem")
    outputs = get("outputCollection") or (_reference(source, element, "loopDataOutputRef") or "").strip("=`") or None
    made = None if result is None else result.get("name") or result.get("id")
    output_text = get("outputElement") or (f"=`{made}`" if made and outputs else None)
    completion = source.written(kid(element, "completionCondition"))
    if cardinality is not None and cardinality.expression is None and not _counts(cardinality.text):
        source.problem(
            "loop-cardinality", element, f"The cardinality is '{cardinality.text}'.", "Write a number from 0 on."
        )
    if not collection and cardinality is None:
        source.problem(
            "loop-size",
            element,
            "The multi-instance activity has neither an input collection nor a cardinality.",
            "Write one of them.",
        )
    output = source.required(element, output_text, "The output element") if output_text else None
    if (output is None) != (not outputs):
        source.problem(
            "loop-output", element, "outputCollection and outputElement belong together.", "Write both or neither."
        )
    return MultiInstance(
        sequential=flag(element, "isSequential", False),
        collection=source.required(element, collection, "The input collection") if collection else None,
        cardinality=cardinality,
        element=get("inputElement") or (None if item is None else item.get("name") or item.get("id")),
        output_collection=outputs,
        output=output,
        completion=source.required(element, completion, "The completion condition") if completion else None,
        throws=tuple(_throws(source, shared, element)),
    )


def _throws(source: Source, shared: Shared, element: etree._Element) -> Iterator[LoopThrow]:
    """§10.3.8: None throws for each instance that completes, One for the first, Complex as its definitions say."""
    behavior = (element.get("behavior") or "All").strip()
    if behavior in ("None", "One"):
        reference = element.get(f"{behavior.lower()}BehaviorEventRef")
        definition = referred_definition(source, local_ref(reference))
        events = () if definition is None else read_definition(source, shared, definition)
        yield LoopThrow(None, behavior == "One", _thrown(source, element, events))
        if reference is not None and not events:
            source.problem(
                "dangling-reference",
                element,
                f"{behavior.lower()}BehaviorEventRef '{reference}' names no event definition of the file.",
                "Refer to an event definition.",
            )
    if behavior == "Complex":
        found = list(kids(element, "complexBehaviorDefinition"))
        if not found:
            source.problem(
                "complex-behavior",
                element,
                "The complex behavior has no definition.",
                "Write a complexBehaviorDefinition, or choose another behavior.",
            )
        for complex_ in found:
            condition = source.required(complex_, source.written(kid(complex_, "condition")), "The condition")
            event = kid(complex_, "event")
            if event is not None:
                thrown = _thrown(source, complex_, read_events(source, shared, event))
                if thrown:
                    yield LoopThrow(condition, events=thrown)
                else:
                    source.problem("complex-behavior", event, "The event has no definition.", "Say what is thrown.")


def _thrown(
    source: Source, element: etree._Element, events: tuple[EventDefinition, ...]
) -> tuple[EventDefinition, ...]:
    for event in events:
        if event.kind not in _THROWN:
            source.problem(
                "event-position",
                element,
                f"A multi-instance activity cannot throw a {event.kind} event.",
                f"Choose one of {', '.join(_THROWN)}.",
            )
    return events


def _reference(source: Source, element: etree._Element, local: str) -> str | None:
    """BPMN's own way to name the collection: a data object, property or data input of the file."""
    written = text_of(kid(element, local))
    name = variable_name(source, written) if written else None
    return f"=`{name}`" if name else None


def _counts(text: str) -> bool:
    return text.strip().isascii() and text.strip().isdigit()


def _standard(source: Source, element: etree._Element) -> StandardLoop:
    condition = source.written(kid(element, "loopCondition"))
    maximum = element.get("loopMaximum")
    if not condition and maximum is None:
        source.problem("loop-end", element, "Nothing ends the loop.", "Write a loopCondition or a loopMaximum.")
    if maximum is not None and not maximum.strip().startswith("=") and not _counts(maximum):
        source.problem("loop-maximum", element, f"loopMaximum is {maximum}.", "Write a number from 0 on.")
    return StandardLoop(
        source.required(element, condition, "The loop condition") if condition else None,
        flag(element, "testBefore", False),
        source.value(element, maximum, "loopMaximum"),
    )
