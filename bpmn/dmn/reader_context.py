"""What reading a part of a file needs to know: names in scope, types, and where to put problems."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from bpmn.dmn.errors import Problem
from bpmn.dmn.model import Logic
from bpmn.dmn.xml import line_of
from bpmn.feel.api import Expression, FeelSyntaxError, compile_expression, compile_unary_tests, evaluate_in
from bpmn.feel.name_index import NameIndex, normal
from bpmn.feel.parse_types import built_in
from bpmn.feel.runtime import Scope
from bpmn.feel.types import FeelType, UnknownType
from bpmn.feel.values import Value


@dataclass(frozen=True, slots=True)
class ReaderContext:
    """`owner` is the element that problems are reported on; `problems` is shared by all contexts of one file."""

    types: Mapping[str, FeelType]
    members: NameIndex
    problems: list[Problem]
    member_names: frozenset[str] = frozenset()
    owner: str = ""
    owner_name: str = ""
    names: frozenset[str] = field(default_factory=frozenset)

    def within(self, names: Iterable[str]) -> "ReaderContext":
        """More names in scope."""
        return replace(self, names=self.names | frozenset(names))

    def of(self, owner: str, name: str) -> "ReaderContext":
        return replace(self, owner=owner, owner_name=name)

    def problem(self, rule: str, element: etree._Element, message: str, remedy: str) -> None:
        owner = element.get("id") or self.owner
        name = normal(element.get("name") or self.owner_name)
        self.problems.append(Problem(rule, owner, name, line_of(element), message, remedy))

    def type_of(self, element: etree._Element | None) -> FeelType | None:
        """The type that the `typeRef` attribute names; None when nothing is declared."""
        reference = None if element is None else element.get("typeRef")
        return self.named_type(reference, element) if reference and element is not None else None

    def named_type(self, reference: str, element: etree._Element) -> FeelType | None:
        name = normal(reference)
        found = self.types.get(name) or built_in(name)
        if found is None:
            # DMN 1.1 writes qualified names: feel:number, or the prefix of the file's own namespace.
            bare = name.partition(":")[2]
            found = (self.types.get(bare) or built_in(bare)) if bare else None
        if found is None:
            self.problem("unknown-type", element, f"The type '{name}' is not defined.",
                         "Define it as an item definition or use a type of FEEL.")
            return UnknownType(name)
        return found

    def expression(self, text: str, element: etree._Element) -> Logic:
        return self._compiled(text, element, unary=False)

    def unary_tests(self, text: str, element: etree._Element) -> Logic:
        return self._compiled(text, element, unary=True)

    def _compiled(self, text: str, element: etree._Element, unary: bool) -> Logic:
        compiler = compile_unary_tests if unary else compile_expression
        try:
            compiled = compiler(text, self.names, members=self.members, types=self.types)
        except FeelSyntaxError as error:
            self.problem("feel-syntax", element, str(error), "Correct the expression.")
            return _broken(str(error))
        return _run(compiled)


def _run(compiled: Expression) -> Logic:
    return lambda scope: evaluate_in(compiled, scope)


def _broken(message: str) -> Logic:
    """Of a file read leniently: the value is null."""

    def evaluate(scope: Scope) -> Value:
        scope.runtime.warn(message)
        return None

    return evaluate
