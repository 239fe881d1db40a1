"""An executable decision model: elements with compiled logic. Immutable, so deployments share it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bpmn.dmn.errors import Problem
from bpmn.feel.runtime import Scope
from bpmn.feel.types import FeelType
from bpmn.feel.values import Value

Logic: TypeAlias = Callable[[Scope], Value]
UNNAMED = "\0"  # begins the key of an import without a name; no name can
INPUT, DECISION, KNOWLEDGE, SERVICE = "input data", "decision", "business knowledge model", "decision service"


@dataclass(frozen=True, slots=True)
class Reference:
    """A required element: `alias` is the import it comes by ('' for an import without a name or this file)."""

    namespace: str
    element: str
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """A node of the requirements graph. `requires`: what its logic may name."""

    kind: str
    id: str
    name: str
    line: int
    type: FeelType | None
    requires: tuple[Reference, ...] = ()
    logic: Logic | None = field(default=None, compare=False, repr=False)
    parameters: tuple[tuple[str, FeelType | None], ...] = ()  # of a service: types of its inputs, if declared
    outputs: tuple[Reference, ...] = ()  # of a decision service
    inputs: tuple[Reference, ...] = ()  # of a decision service, in the order of its parameters


@dataclass(frozen=True, slots=True)
class Definitions:
    """One file. `imports` by alias; `types` by name; `problems` only when it was read leniently."""

    id: str
    name: str
    namespace: str
    elements: Mapping[str, Element]
    types: Mapping[str, FeelType]
    imports: Mapping[str, "Definitions"]
    members: frozenset[str]
    problems: tuple[Problem, ...] = ()

    def find(self, id_or_name: str, *kinds: str) -> "tuple[Definitions, Element] | None":
        """By id first, since a name may equal another element's id; then in imports without a name."""
        element = self.elements.get(id_or_name)
        if element is not None and element.kind in kinds:
            return self, element
        wanted = " ".join(id_or_name.split())
        named = next((one for one in self.elements.values() if one.kind in kinds and one.name == wanted), None)
        if named is not None:
            return self, named
        return next((found for one in self.merged() if (found := one.find(id_or_name, *kinds))), None)

    def resolve(self, reference: Reference) -> "tuple[Definitions, Element] | None":
        """Where a reference leads. One into this file may also mean an element that an import without a name merged
        into it; the first such import wins, with what it merges itself (DMN 1.5, 6.3.3)."""
        holder = self.file(reference.namespace)
        if holder is None:
            return None
        element = holder.elements.get(reference.element)
        return (holder, element) if element is not None else holder.merged_element(reference.element)

    def merged_element(self, id_: str) -> "tuple[Definitions, Element] | None":
        for imported in self.merged():
            element = imported.elements.get(id_)
            found = (imported, element) if element is not None else imported.merged_element(id_)
            if found is not None:
                return found
        return None

    def prevailing(self, found: "tuple[Definitions, Element]") -> "tuple[Definitions, Element]":
        """What stands for an element when this file is the one evaluated: of what imports without a name merged, the
        first of a kind and name prevails, this file's own before all (6.3.3), also within the merged files."""
        file, element = found
        return self.find(element.name, element.kind) or found if self._merges(file) else found

    def _merges(self, file: "Definitions") -> bool:
        return any(one is file or one._merges(file) for one in self.merged())

    def merged(self) -> "list[Definitions]":
        """The imports without a name."""
        return [imported for alias, imported in self.imports.items() if alias.startswith(UNNAMED)]

    def file(self, namespace: str) -> "Definitions | None":
        """The file with the namespace: this one or one imported directly or further on."""
        if namespace == self.namespace:
            return self
        for imported in self.imports.values():
            found = imported.file(namespace)
            if found is not None:
                return found
        return None
