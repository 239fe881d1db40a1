"""Item definitions (DMN 1.5, 7.3.2) to FEEL types."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from lxml import etree

from bpmn.dmn.model import Logic
from bpmn.dmn.reader_context import ReaderContext
from bpmn.dmn.xml import child, children, local, text_of
from bpmn.feel.api import DEFAULT
from bpmn.feel.budget import Meter
from bpmn.feel.name_index import is_simple, normal
from bpmn.feel.parse_types import built_in
from bpmn.feel.runtime import Runtime, Scope
from bpmn.feel.types import ANY, UNDECLARED, ConstrainedType, ContextType, FeelType, FunctionType, ListType
from bpmn.feel.values import Value

# Constraints are about values, not about time: a fixed instant keeps them independent of the clock.
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def read_types(
    root: etree._Element, imported: Mapping[str, FeelType], context: ReaderContext
) -> Mapping[str, FeelType]:
    """By name; imported types by `alias.name`."""
    return _Types(root, imported, context).all()


class _Types:
    def __init__(self, root: etree._Element, imported: Mapping[str, FeelType], context: ReaderContext) -> None:
        self._elements: dict[str, etree._Element] = {}
        for element in children(root, "itemDefinition"):
            self._elements[normal(element.get("name") or "")] = element
        self._done = {name: type_ for name, type_ in imported.items() if name not in self._elements}
        self._open: list[str] = []
        self._context = context

    def all(self) -> Mapping[str, FeelType]:
        for name in self._elements:
            self._named(name, self._elements[name])
        return MappingProxyType(self._done)

    def _named(self, reference: str, element: etree._Element) -> FeelType:
        """Own definitions first: a file may redefine the name of a built-in type."""
        name = normal(reference)
        for candidate in (name, name.partition(":")[2]):
            if candidate in self._done:
                return self._done[candidate]
            if candidate in self._elements:
                return self._defined(candidate)
            found = built_in(candidate) if candidate else None
            if found is not None:
                return found
        self._context.problem("unknown-type", element, f"The type '{name}' is not defined.",
                              "Define it as an item definition or use a type of FEEL.")
        return ANY

    def _defined(self, name: str) -> FeelType:
        element = self._elements[name]
        if name in self._open:
            self._context.problem("cyclic-type", element, f"The type '{name}' contains itself.", "Break the cycle.")
            return ANY
        self._open.append(name)
        self._done[name] = self._item(element)
        self._open.pop()
        return self._done[name]

    def _item(self, element: etree._Element) -> FeelType:
        name = normal(element.get("name") or "")
        base = self._constrained(self._base(element), child(element, "allowedValues"), name)
        if (element.get("isCollection") or "").strip() in ("true", "1"):
            base = ListType(base)
        return self._constrained(base, child(element, "typeConstraint"), name)

    def _base(self, element: etree._Element) -> FeelType:
        components = list(children(element, "itemComponent"))
        if components:
            return ContextType(tuple((normal(part.get("name") or ""), self._item(part)) for part in components))
        function = child(element, "functionItem")
        if function is not None:
            parameters = tuple(self._reference(part, UNDECLARED) for part in children(function, "parameters"))
            output = function.get("outputTypeRef")
            return FunctionType(parameters, self._named(output, function) if output else ANY)
        return self._reference(element)

    def _reference(self, element: etree._Element, default: FeelType = ANY) -> FeelType:
        written = child(element, "typeRef")
        reference = (written.text or "") if written is not None else (element.get("typeRef") or "")
        return self._named(reference, element) if reference.strip() else default

    def _constrained(self, base: FeelType, clause: etree._Element | None, name: str) -> FeelType:
        text = text_of(clause)
        if clause is None or not text:
            return base
        if isinstance(base, ConstrainedType):
            base = base.base  # allowed values of the derived type take the place of those it would inherit
        return ConstrainedType(base, _allows(self._context.unary_tests(text, clause)), name)


def _allows(tests: Logic) -> Callable[[Value], bool]:
    def allows(value: Value) -> bool:
        runtime = Runtime(Meter(DEFAULT), _NO_TIME, UTC, {})
        return tests(Scope({"?": value}, None, runtime)) is True

    return allows


def member_names(elements: Iterable[etree._Element]) -> frozenset[str]:
    """Every name in the file, keys of contexts in its expressions included: what a path may read of a value that one of
    its elements made."""
    names: dict[str, None] = {}
    for element in elements:
        if element.get("name"):
            names[normal(element.get("name") or "")] = None
        for key in _keys(element.text or "") if local(element) == "text" else ():
            names[key] = None
    return frozenset(name for name in names if not is_simple(name))


def _keys(expression: str) -> Iterator[str]:
    """Words before a ':' that follow '{' or ','. One too many does no harm: it only has to be a name that may occur."""
    pieces = expression.replace("{", ",").split(",") if ":" in expression else []
    for piece in pieces:
        key, colon, _ = piece.partition(":")
        if colon and not any(bracket in key for bracket in "()[]}\"<>="):
            yield normal(key)
