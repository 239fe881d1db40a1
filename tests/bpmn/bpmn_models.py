"""Builders for small models."""

from __future__ import annotations

from collections.abc import Mapping

# What the events of most models here refer to. M is correlated by the variable `order`.
ROOTS = (
    '<message id="M" name="paid"><extensionElements><zeebe:subscription correlationKey="=order"/></extensionElements>'
    '</message><message id="N" name="note"/><signal id="S" name="stop"/><error id="E1" errorCode="bad"/>'
    '<error id="E2" errorCode="worse"/><escalation id="X1" escalationCode="late"/>'
)


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
