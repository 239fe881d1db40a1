"""What the reading functions share: the element index, the problems found so far, and small XML helpers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from bpmn.dialect import BPMN, ZEEBE
from bpmn.elements.expression import Value
from bpmn.errors import Problem
from bpmn.feel.api import compile_expression
from bpmn.feel.errors import FeelError

_SIMPLE = re.compile(r"\s*([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)(\.[\w.\u0080-\uffff]+)?\s*$")

_DATA = ("dataObject", "dataObjectReference", "property", "dataInput", "dataOutput", "dataStore")


class Source:
    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.by_id: dict[str, etree._Element] = {}
        # Names of data that hold spaces: an expression can only tell them from several names when they are announced.
        self.spaced = frozenset(
            name
            for local in _DATA
            for element in root.iter(f"{{{BPMN}}}{local}")
            for name in (" ".join((element.get("name") or "").split()),)
            if " " in name and name.replace(" ", "_").isidentifier()
        )
        # The name that the first reference to a data object shows, by the object's id.
        self.shown: dict[str, str] = {}
        for reference in root.iter(f"{{{BPMN}}}dataObjectReference"):
            if reference.get("name"):
                self.shown.setdefault(local_ref(reference.get("dataObjectRef")), reference.get("name", ""))

    def problem(self, rule: str, element: etree._Element, message: str, remedy: str) -> None:
        owner = named(element)
        self.problems.append(
            Problem(rule, owner.get("id", ""), owner.get("name", ""), line_of(element), message, remedy)
        )

    def value(self, element: etree._Element, text: str | None, what: str) -> Value | None:
        """FEEL after ``=``, else a literal. None stays None."""
        if text is None:
            return None
        stripped = text.strip()
        if not stripped.startswith("="):
            return Value(stripped)
        body = stripped[1:]
        try:
            expression = compile_expression(body, self.spaced)
        except (FeelError, RecursionError) as error:
            self.problem("feel-syntax", element, f"{what} is no FEEL expression: {error}", "Correct the expression.")
            return Value(stripped)
        simple = _SIMPLE.match(body)
        return Value(stripped, expression, simple.group(1) if simple else None)

    def written(self, expression: etree._Element | None, *, literals: bool = False) -> str | None:
        """The text of an expression element. One in FEEL by its own or the file's language needs no ``=``.

        ``literals``: where a text that is no expression has a meaning, the file's language does not say that it is one.
        """
        text = text_of(expression)
        if expression is None or not text:
            return text
        own = expression.get("language")
        if own is not None and not _is_feel(own):
            self.problem(
                "expression-language",
                expression,
                f"The {tag(expression)[1]} is written in {own}, which is not executed.",
                "Write it in FEEL, after =.",
            )
        feel = _is_feel(own) if own is not None else not literals and _is_feel(self.root.get("expressionLanguage"))
        return f"={text}" if feel and not text.startswith("=") else text

    def required(self, element: etree._Element, text: str | None, what: str) -> Value:
        """FEEL only: a condition or key that were a literal would always or never hold."""
        value = self.value(element, text or "", what) or Value("")
        if not value.text:
            self.problem("expression-required", element, f"{what} is missing.", "Write a FEEL expression, after =.")
        elif not value.text.startswith("="):
            self.problem(
                "expression-required",
                element,
                f"{what} must be a FEEL expression, not '{value.text}'.",
                "Rewrite it in FEEL, as =x > 5." if "{" in value.text else "Write = before the expression.",
            )
        return value


def _is_feel(language: str | None) -> bool:
    """FEEL's namespace in any version of DMN, or its name."""
    return (language or "").strip().rstrip("/").lower().rpartition("/")[2] == "feel" or "/feel/" in (
        language or ""
    ).lower()


def tag(element: etree._Element) -> tuple[str, str]:
    name = str(element.tag)
    if name.startswith("{"):
        namespace, _, local = name[1:].partition("}")
        return namespace, local
    return "", name


def kids(element: etree._Element, local: str, namespace: str = BPMN) -> Iterator[etree._Element]:
    return element.iterchildren(f"{{{namespace}}}{local}")


def kid(element: etree._Element, local: str, namespace: str = BPMN) -> etree._Element | None:
    return next(kids(element, local, namespace), None)


def text_of(element: etree._Element | None) -> str | None:
    return None if element is None else "".join(str(part) for part in element.itertext()).strip()


def zeebe(element: etree._Element, local: str) -> etree._Element | None:
    extensions = kid(element, "extensionElements")
    return None if extensions is None else kid(extensions, local, ZEEBE)


def flag(element: etree._Element, attribute: str, default: bool) -> bool:
    written = element.get(attribute)
    return default if written is None else written.strip() in ("true", "1")


def drawing(element: etree._Element) -> bool:
    """A process that is not executable shows what others do."""
    return not flag(element, "isExecutable", True)


def local_ref(reference: str | None) -> str:
    """A QName reference within the file: its prefix stands for the target namespace."""
    return (reference or "").strip().rpartition(":")[2]


def line_of(element: etree._Element) -> int:
    return element.sourceline if isinstance(element.sourceline, int) else 0


def named(element: etree._Element) -> etree._Element:
    current: etree._Element | None = element
    while current is not None and current.get("id") is None:
        current = current.getparent()
    return element if current is None else current
