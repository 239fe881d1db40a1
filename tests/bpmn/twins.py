"""One model written twice: in our dialect, and in that of SpiffWorkflow, which reads Python where we read FEEL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tests.bpmn.bpmn_models import extension, process


@dataclass(frozen=True)
class Formula:
    """The same expression in both languages; most of ours read alike in both."""

    feel: str
    python: str


Text = Formula | str


@dataclass(frozen=True)
class Loop:
    """``shape``: parallel or sequential multi-instance, or a standard loop that tests ``before`` or after."""

    shape: str
    count: int = 0
    items: str = ""
    until: Text = ""
    condition: Text = ""
    maximum: int = 0
    before: bool = False


@dataclass(frozen=True)
class Part:
    """A node: ``kind`` is the element's tag; ``inside`` the plan of a subprocess, ``host`` that of a boundary event."""

    id: str
    kind: str
    inside: Plan | None = None
    formula: Text = ""
    result: str = ""
    loop: Loop | None = None
    host: str = ""
    event: str = ""
    reference: str = ""
    interrupting: bool = True
    default: str = ""


@dataclass
class Plan:
    """Nodes and flows of one scope; a flow is (source, target, condition)."""

    parts: list[Part] = field(default_factory=list)
    flows: list[tuple[str, str, Text]] = field(default_factory=list)
    # name -> tag, of messages, signals, errors and escalations that events of this scope or one inside it refer to
    shared: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Dialect:
    expression: Callable[[Text], str]
    script: Callable[[Part], str]
    items: Callable[[Loop], tuple[str, str]]


def _feel(text: Text) -> str:
    return f"={escape(text.feel if isinstance(text, Formula) else text)}"


def _python(text: Text) -> str:
    return escape(text.python if isinstance(text, Formula) else text)


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _our_items(loop: Loop) -> tuple[str, str]:
    return extension(f'<zeebe:loopCharacteristics inputCollection="={loop.items}" inputElement="item"/>'), ""


def _their_items(loop: Loop) -> tuple[str, str]:
    return "", f'<loopDataInputRef>{loop.items}</loopDataInputRef><inputDataItem id="item" name="item"/>'


OURS = Dialect(
    _feel,
    lambda part: extension(f'<zeebe:script expression="{_feel(part.formula)}" resultVariable="{part.result}"/>'),
    _our_items,
)
THEIRS = Dialect(_python, lambda part: f"<script>{part.result} = {_python(part.formula)}</script>", _their_items)


def ours(plan: Plan) -> bytes:
    return process(_scope(plan, OURS), _shared(plan))


def theirs(plan: Plan) -> bytes:
    return process(_scope(plan, THEIRS), _shared(plan))


def _shared(plan: Plan) -> str:
    codes = {"error": "errorCode", "escalation": "escalationCode"}
    found = []
    for name, tag in plan.shared.items():
        code = f' {codes[tag]}="{name}"' if tag in codes else ""
        key = extension('<zeebe:subscription correlationKey="=1"/>') if tag == "message" else ""
        found.append(f'<{tag} id="{name}" name="{name}"{code}>{key}</{tag}>')
    return "".join(found)


def _scope(plan: Plan, dialect: Dialect) -> str:
    body = "".join(_part(part, dialect) for part in plan.parts)
    for index, (source, target, condition) in enumerate(plan.flows):
        inner = f"<conditionExpression>{dialect.expression(condition)}</conditionExpression>" if condition else ""
        body += f'<sequenceFlow id="{_flow(plan, index)}" sourceRef="{source}" targetRef="{target}">{inner}'
        body += "</sequenceFlow>"
    return body


def _flow(plan: Plan, index: int) -> str:
    source, target, _ = plan.flows[index]
    return f"f_{source}_{target}"


def _part(part: Part, dialect: Dialect) -> str:
    attributes = f'id="{part.id}"'
    body = ""
    if part.kind == "userTask":
        body = extension("<zeebe:userTask/>")
    elif part.kind == "scriptTask":
        body = dialect.script(part)
    elif part.inside is not None:
        body = _scope(part.inside, dialect)
    if part.host:
        attributes += f' attachedToRef="{part.host}" cancelActivity="{str(part.interrupting).lower()}"'
    if part.default:
        attributes += f' default="f_{part.id}_{part.default}"'
    if part.event:
        reference = f' {part.event}Ref="{part.reference}"' if part.reference else ""
        body += f"<{part.event}EventDefinition{reference}/>"
    if part.loop is not None:
        body += _loop(part.loop, dialect)
    return f"<{part.kind} {attributes}>{body}</{part.kind}>"


def _loop(loop: Loop, dialect: Dialect) -> str:
    if loop.shape == "standard":
        maximum = f' loopMaximum="{loop.maximum}"' if loop.maximum else ""
        condition = f"<loopCondition>{dialect.expression(loop.condition)}</loopCondition>" if loop.condition else ""
        before = str(loop.before).lower()
        return f'<standardLoopCharacteristics testBefore="{before}"{maximum}>{condition}</standardLoopCharacteristics>'
    first, then = dialect.items(loop) if loop.items else ("", f"<loopCardinality>{loop.count}</loopCardinality>")
    until = f"<completionCondition>{dialect.expression(loop.until)}</completionCondition>" if loop.until else ""
    sequential = str(loop.shape == "sequential").lower()
    tag = "multiInstanceLoopCharacteristics"
    return f'<{tag} isSequential="{sequential}">{first}{then}{until}</{tag}>'


def row(parts: Sequence[Part], suffix: str = "") -> Plan:
    """A start, the parts one after the other, an end."""
    every = [Part(f"s{suffix}", "startEvent"), *parts, Part(f"e{suffix}", "endEvent")]
    return Plan(every, [(a.id, b.id, "") for a, b in pairwise(every)])
