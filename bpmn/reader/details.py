"""What only one kind of activity or gateway has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from lxml import etree

from bpmn import dialect
from bpmn.elements.details import AdHoc, Call, Complex, Decision, Detail, Job, Receive, Script, Send, UserTask
from bpmn.elements.expression import Value
from bpmn.elements.kinds import GLOBAL_TASKS
from bpmn.reader.embedded_forms import embedded_form
from bpmn.reader.events import message_ref, operation
from bpmn.reader.extensions import read_headers, read_job, read_properties
from bpmn.reader.shared import Shared
from bpmn.reader.source import Source, flag, kid, kids, local_ref, tag, text_of, zeebe

Read = Callable[[Source, Shared, etree._Element], Detail]


def read_detail(source: Source, shared: Shared, node: etree._Element, kind: str) -> Detail:
    reader = READERS.get(kind)
    return None if reader is None else reader(source, shared, node)


def _attribute(source: Source, node: etree._Element, element: str, attribute: str) -> Value | None:
    extension = zeebe(node, element)
    written = None if extension is None else extension.get(attribute)
    return source.value(extension, written, attribute) if extension is not None and written else None


def _user_task(source: Source, _: Shared, node: etree._Element) -> Detail:
    return UserTask(
        assignee=_attribute(source, node, "assignmentDefinition", "assignee")
        or _resource(source, node, "humanPerformer")
        or _resource(source, node, "performer"),
        candidate_groups=_attribute(source, node, "assignmentDefinition", "candidateGroups")
        or _resource(source, node, "potentialOwner"),
        candidate_users=_attribute(source, node, "assignmentDefinition", "candidateUsers"),
        due=_attribute(source, node, "taskSchedule", "dueDate"),
        follow_up=_attribute(source, node, "taskSchedule", "followUpDate"),
        priority=_attribute(source, node, "priorityDefinition", "priority"),
        form_id=_attribute(source, node, "formDefinition", "formId")
        or _attribute(source, node, "formDefinition", "externalReference")
        or embedded_form(node),
    )


def _resource(source: Source, node: etree._Element, local: str) -> Value | None:
    """§10.3.4: who does the task in the standard's own words, by an expression or a resource of the file."""
    role = kid(node, local)
    if role is None:
        return None
    assignment = kid(role, "resourceAssignmentExpression")
    expression = None if assignment is None else next(assignment.iterchildren("{*}*"), None)
    if expression is not None:
        return source.value(role, source.written(expression, literals=True) or None, f"The {local}")
    resource = source.by_id.get(local_ref(text_of(kid(role, "resourceRef"))))
    return None if resource is None else Value(resource.get("name") or resource.get("id") or "")


def _work(source: Source, node: etree._Element) -> Job | None:
    job = read_job(source, node)
    if job is None:
        source.problem("task-definition", node, "Nothing says what does this task.", "Add a zeebe:taskDefinition.")
    return job


def _service(source: Source, _: Shared, node: etree._Element) -> Detail:
    """A job; in the standard's own words the operation that it names."""
    if zeebe(node, "taskDefinition") is None and node.get("operationRef"):
        named = operation(source, node)
        if named is not None:
            return Job(Value(named.get("name") or named.get("id") or ""), Value("3"), read_headers(node))
        source.problem(
            "dangling-reference",
            node,
            f"operationRef '{node.get('operationRef')}' names no operation of the file.",
            "Add a zeebe:taskDefinition, or an interface with the operation.",
        )
        return None
    return _work(source, node)


def _send(source: Source, shared: Shared, node: etree._Element) -> Detail:
    if zeebe(node, "taskDefinition") is not None:
        return read_job(source, node)
    message = message_ref(source, shared, node)
    return Send(message) if message else None


def _receive(source: Source, shared: Shared, node: etree._Element) -> Detail:
    message = message_ref(source, shared, node)
    return Receive(message) if message else None


def _script(source: Source, _: Shared, node: etree._Element) -> Detail:
    script = zeebe(node, "script")
    if script is None:
        return _own_script(source, node) or _work(source, node)
    return Script(source.required(script, script.get("expression"), "The script"), script.get("resultVariable") or None)


def _own_script(source: Source, node: etree._Element) -> Script | None:
    """BPMN's own script, where it is FEEL: into its data output, or its entries as variables."""
    written = text_of(kid(node, "script")) or ""
    format_ = node.get("scriptFormat") or node.get("scriptLanguage")
    feel = (format_ or "feel").lower().rpartition("/")[2] in ("feel", "x-feel")
    if zeebe(node, "taskDefinition") is not None or not written:
        return None
    if feel and format_ and not written.startswith("="):
        written = f"={written}"
    if not feel or not written.startswith("="):
        source.problem(
            "script-language",
            node,
            f"The script is written in {format_ or 'no language that it names'}, which is not executed.",
            "Write it in FEEL, after =, with scriptFormat feel; or let a job do it by a zeebe:taskDefinition.",
        )
        return Script(Value(""), None)
    outputs = [output.get("name") for spec in kids(node, "ioSpecification") for output in kids(spec, "dataOutput")]
    result = outputs[0] if len(outputs) == 1 else None
    return Script(source.required(node, written, "The script"), result, spread=result is None)


def _decision(source: Source, _: Shared, node: etree._Element) -> Detail:
    called = zeebe(node, "calledDecision")
    if called is None:
        return _work(source, node)
    decision = source.value(called, called.get("decisionId"), "The decision id")
    if decision is None or not decision.text or not called.get("resultVariable"):
        source.problem(
            "called-decision", called, "decisionId and resultVariable are both needed.", "Write both attributes."
        )
    binding, version = _binding(source, called)
    return Decision(decision or Value(""), called.get("resultVariable") or "", binding, version)


def _call(source: Source, _: Shared, node: etree._Element) -> Detail:
    called = zeebe(node, "calledElement")
    target: Value | None = None
    binding, version = "latest", None
    if called is not None:
        target = source.value(called, called.get("processId") or called.get("processIdExpression"), "The process id")
        binding, version = _binding(source, called)
    elif node.get("calledElement"):
        target = Value(local_ref(node.get("calledElement")))
    inside = None if target is None else source.by_id.get(target.text)
    if inside is not None and (called is None or tag(inside)[1] in GLOBAL_TASKS):
        # BPMN's own reference names an element of this very file, and a global task belongs to its file.
        binding = "deployment"
        if tag(inside)[1] != "process" and tag(inside)[1] not in GLOBAL_TASKS:
            source.problem(
                "wrong-reference",
                node,
                f"calledElement '{target.text if target else ''}' names a {tag(inside)[1]}.",
                "Call a process or a global task.",
            )
    if target is None or not target.text:
        source.problem("called-element", node, "The call activity calls nothing.", "Name the called process.")
        target = Value("")
    parents = called is None or flag(called, "propagateAllParentVariables", True)
    children = called is None or flag(called, "propagateAllChildVariables", True)
    return Call(target, binding, version, parents, children)


def _binding(source: Source, element: etree._Element) -> tuple[str, str | None]:
    binding = element.get("bindingType") or "latest"
    version = element.get("versionTag")
    if binding not in ("latest", "deployment", "versionTag"):
        source.problem("binding-type", element, f"'{binding}' is no binding.", "Use latest, deployment or versionTag.")
    if binding == "versionTag" and not version:
        source.problem("binding-type", element, "The binding versionTag names no version.", "Write the versionTag.")
    return binding, version


def _ad_hoc(source: Source, _: Shared, node: etree._Element) -> Detail:
    completion = source.written(kid(node, "completionCondition"))
    active = zeebe(node, "adHoc")
    chosen = None if active is None else active.get("activeElementsCollection")
    collection = None if active is None else active.get("outputCollection")
    output = None if active is None else active.get("outputElement")
    if active is not None and bool(collection) != bool(output):
        source.problem(
            "ad-hoc-output", active, "outputCollection and outputElement belong together.", "Write both or neither."
        )
    discretionary = read_properties(source, node).get(dialect.DISCRETIONARY)
    return AdHoc(
        parallel=node.get("ordering", "Parallel") != "Sequential",
        completion=source.required(node, completion, "The completion condition") if completion else None,
        cancel_remaining=flag(node, "cancelRemainingInstances", True),
        active=source.required(node, chosen, "activeElementsCollection") if chosen else None,
        discretionary=discretionary is not None and discretionary.text == "true",
        output=source.required(node, output, "The output element") if output else None,
        output_collection=collection or None,
    )


def _complex(source: Source, _: Shared, node: etree._Element) -> Detail:
    activation = source.written(kid(node, "activationCondition"))
    return Complex(source.required(node, activation, "The activation condition") if activation else None)


READERS: Mapping[str, Read] = MappingProxyType(
    {
        "userTask": _user_task,
        "serviceTask": _service,
        "sendTask": _send,
        "receiveTask": _receive,
        "scriptTask": _script,
        "businessRuleTask": _decision,
        "callActivity": _call,
        "adHocSubProcess": _ad_hoc,
        "complexGateway": _complex,
    }
)
