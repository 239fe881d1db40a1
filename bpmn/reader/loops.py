"""Loop characteristics: multi-instance (BPMN's own and ``zeebe:loopCharacteristics``) and standard loop."""

from __future__ import annotations

from lxml import etree

from bpmn.elements.loop import Loop, MultiInstance, StandardLoop
from bpmn.reader.data import variable_name
from bpmn.reader.source import Source, flag, kid, text_of, zeebe


def read_loop(source: Source, node: etree._Element) -> Loop | None:
    multiple = kid(node, "multiInstanceLoopCharacteristics")
    standard = kid(node, "standardLoopCharacteristics")
    if multiple is not None and standard is not None:
        source.problem("one-loop", node, "The activity has two loop characteristics.", "Keep one.")
    if multiple is not None:
        return _multi_instance(source, multiple)
    return None if standard is None else _standard(source, standard)


def _multi_instance(source: Source, element: etree._Element) -> MultiInstance:
    loop = zeebe(element, "loopCharacteristics")
    get = (lambda name: None) if loop is None else loop.get
    cardinality = source.value(element, text_of(kid(element, "loopCardinality")) or None, "The loop cardinality")
    collection = get("inputCollection") or _reference(source, element, "loopDataInputRef")
    item = kid(element, "inputDataItem")
    result = kid(element, "outputDataItem")
    outputs = get("outputCollection") or (_reference(source, element, "loopDataOutputRef") or "").strip("=`") or None
    output_text = get("outputElement") or (f"=`{result.get('name')}`" if result is not None and outputs else None)
    completion = text_of(kid(element, "completionCondition"))
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
        element=get("inputElement") or (item.get("name") if item is not None else None),
        output_collection=outputs,
        output=output,
        completion=source.required(element, completion, "The completion condition") if completion else None,
    )


def _reference(source: Source, element: etree._Element, local: str) -> str | None:
    """BPMN's own way to name the collection: a data object, property or data input of the file."""
    written = text_of(kid(element, local))
    name = variable_name(source, written) if written else None
    return f"=`{name}`" if name else None


def _standard(source: Source, element: etree._Element) -> StandardLoop:
    condition = text_of(kid(element, "loopCondition"))
    maximum = element.get("loopMaximum")
    if not condition and maximum is None:
        source.problem("loop-end", element, "Nothing ends the loop.", "Write a loopCondition or a loopMaximum.")
    if maximum is not None and maximum.strip().startswith("-"):
        source.problem("loop-maximum", element, f"loopMaximum is {maximum}.", "Write a number from 0 on.")
    return StandardLoop(
        source.required(element, condition, "The loop condition") if condition else None,
        flag(element, "testBefore", False),
        source.value(element, maximum, "loopMaximum"),
    )
