"""Builds DMN files in a few lines, and evaluates them at one fixed instant."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from bpmn.dmn.api import DecisionResult, Definitions, evaluate_decision, read
from bpmn.feel.api import to_json

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"
NOW = datetime(2026, 9, 18, 2, 30, tzinfo=UTC)


def model(*elements: str, namespace: str = "urn:test", dmn: str = NAMESPACE) -> bytes:
    body = "\n".join(elements)
    head = f'<definitions xmlns="{dmn}" id="d" name="m" namespace="{namespace}">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{body}\n</definitions>'.encode()


def text(expression: str, tag: str = "literalExpression", attributes: str = "") -> str:
    return f"<{tag} {attributes}><text>{escape(expression)}</text></{tag}>"


def requires(*ids: str) -> str:
    """Ids that begin with 'i' are inputs, with 'k' or 's' knowledge, others decisions."""
    kinds = {"i": ("information", "Input"), "k": ("knowledge", "Knowledge"), "s": ("knowledge", "Knowledge")}
    parts = []
    for id_ in ids:
        group, kind = kinds.get(id_.rpartition("#")[2][0], ("information", "Decision"))
        href = id_ if "#" in id_ else f"#{id_}"
        parts.append(f'<{group}Requirement><required{kind} href="{href}"/></{group}Requirement>')
    return "".join(parts)


def decision(id_: str, logic: str, *needs: str, name: str = "", type_: str = "") -> str:
    typed = f' typeRef="{escape(type_)}"' if type_ else ""
    called = name or id_
    return (
        f'<decision id="{id_}" name="{called}"><variable name="{called}"{typed}/>{requires(*needs)}{logic}</decision>'
    )


def input_data(id_: str, name: str = "", type_: str = "") -> str:
    typed = f' typeRef="{escape(type_)}"' if type_ else ""
    return f'<inputData id="{id_}" name="{name or id_}"><variable name="{name or id_}"{typed}/></inputData>'


def knowledge(id_: str, parameters: str, body: str, *needs: str, name: str = "") -> str:
    formal = "".join(f'<formalParameter name="{one.strip()}"/>' for one in parameters.split(",") if one.strip())
    return (
        f'<businessKnowledgeModel id="{id_}" name="{name or id_}"><encapsulatedLogic>{formal}{body}</encapsulatedLogic>'
        f"{requires(*needs)}</businessKnowledgeModel>"
    )


def table(policy: str, inputs: list[str], outputs: list[str], rules: list[list[str]]) -> str:
    """`outputs`: ready `<output>` clauses or names; each rule lists its input and output entries."""
    hit, _, aggregation = policy.partition(" ")
    attribute = f' aggregation="{aggregation}"' if aggregation else ""
    parts = [f'<decisionTable hitPolicy="{hit.replace("_", " ")}"{attribute}>']
    parts += [f"<input>{text(one, 'inputExpression')}</input>" for one in inputs]
    parts += [one if one.startswith("<") else f'<output name="{one}"/>' for one in outputs]
    for rule in rules:
        parts.append("<rule>")
        for position, entry in enumerate(rule):
            parts.append(text(entry, "inputEntry" if position < len(inputs) else "outputEntry"))
        parts.append("</rule>")
    return "".join([*parts, "</decisionTable>"])


def result(source: bytes | Definitions, name: str, context: Mapping[str, Any] | None = None) -> DecisionResult:
    definitions = read(source, "test.dmn") if isinstance(source, bytes) else source
    return evaluate_decision(definitions, name, context or {}, NOW, UTC)


def value(source: bytes | Definitions, name: str, context: Mapping[str, Any] | None = None) -> Any:
    """As JSON."""
    return to_json(result(source, name, context).value)
