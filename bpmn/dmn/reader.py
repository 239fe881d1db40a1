"""A DMN file to executable definitions: imports, types, elements, requirements."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from lxml import etree

from bpmn.dmn import boxed
from bpmn.dmn.errors import DmnReadError, Problem
from bpmn.dmn.item_definitions import member_names, read_types
from bpmn.dmn.model import DECISION, INPUT, KNOWLEDGE, SERVICE, UNNAMED, Definitions, Element, Reference
from bpmn.dmn.reader_context import ReaderContext
from bpmn.dmn.requirements import check_references, cyclic
from bpmn.dmn.xml import child, children, line_of, local, parse
from bpmn.feel.name_index import NameIndex, normal
from bpmn.feel.parse import PROPERTIES
from bpmn.feel.types import UNDECLARED, FeelType, FunctionType

_KINDS = {"inputData": INPUT, "decision": DECISION, "businessKnowledgeModel": KNOWLEDGE, "decisionService": SERVICE}
_REQUIREMENTS = {
    "informationRequirement": ("requiredDecision", "requiredInput"), "knowledgeRequirement": ("requiredKnowledge",),
}


def read_definitions(
    source: bytes, name: str, imported: Sequence[Definitions], lenient: bool
) -> Definitions:
    root = parse(source, name)
    return _File(root, name, imported).definitions(lenient)


class _File:
    def __init__(self, root: etree._Element, name: str, imported: Sequence[Definitions]) -> None:
        self.root = root
        self.source = name
        self.namespace = root.get("namespace") or ""
        self.problems: list[Problem] = []
        plain = ReaderContext(MappingProxyType({}), PROPERTIES, self.problems)
        self.sources: dict[str, etree._Element] = {}
        self.imports = self._imports(imported, plain)
        named = (element for element in root.iter() if local(element))
        members = member_names(named).union(*(one.members for one in self.imports.values()))
        self.members = members
        index = NameIndex(members, PROPERTIES)
        types = read_types(root, self._imported_types(), ReaderContext(MappingProxyType({}), index, self.problems))
        self.context = ReaderContext(types, index, self.problems, members)

    def definitions(self, lenient: bool) -> Definitions:
        headers = self._headers()
        elements = {element.id: self._element(element, headers) for element in headers.values()}
        definitions = Definitions(
            self.root.get("id") or "", normal(self.root.get("name") or ""), self.namespace,
            MappingProxyType(elements), self.context.types, MappingProxyType(dict(self.imports)), self.members,
        )
        self.problems.extend(check_references(definitions))
        self.problems.extend(cyclic(definitions))
        if self.problems and not lenient:
            raise DmnReadError(self.source, tuple(sorted(self.problems, key=lambda problem: problem.line)))
        return Definitions(
            definitions.id, definitions.name, definitions.namespace, definitions.elements, definitions.types,
            definitions.imports, definitions.members, tuple(self.problems),
        )

    def _imports(self, imported: Sequence[Definitions], context: ReaderContext) -> dict[str, Definitions]:
        by_alias: dict[str, Definitions] = {}
        for number, element in enumerate(children(self.root, "import")):
            namespace = element.get("namespace") or ""
            found = next((one for one in imported if one.namespace == namespace), None)
            alias = normal(element.get("name") or "")
            if namespace == self.namespace:
                continue  # a file that imports itself gains nothing
            if found is not None:
                # Imports without a name merge into the file's own names; the key only has to be unique.
                by_alias[alias or f"{UNNAMED}{number}"] = found
            elif "DMN" in (element.get("importType") or "DMN").upper():
                context.problem("missing-import", element, f"The imported model '{namespace}' is not at hand.",
                                "Deploy it together with this file.")
        return by_alias

    def _imported_types(self) -> Mapping[str, FeelType]:
        types: dict[str, FeelType] = {}
        for alias, file in self.imports.items():
            prefix = "" if alias.startswith(UNNAMED) else f"{alias}."
            for name, type_ in file.types.items():
                types.setdefault(prefix + name, type_)  # the first import without a name prevails
        return types

    # headers: names and types first, since logic is compiled against the names of what it requires

    def _headers(self) -> dict[str, Element]:
        headers: dict[str, Element] = {}
        for element in children(self.root, *_KINDS):
            id_ = element.get("id") or f"name:{element.get('name') or ''}"
            name = normal(element.get("name") or "")
            context = self.context.of(id_, name)
            if not name:
                context.problem("no-name", element, "The element has no name.", "Name it.")
            if id_ in headers:
                context.problem("duplicate-id", element, f"The id '{id_}' occurs twice.", "Make ids unique.")
            self.sources[id_] = element
            type_ = context.type_of(child(element, "variable"))
            headers[id_] = Element(_KINDS[local(element)], id_, name, line_of(element), type_, self._requires(element))
        return headers

    def _requires(self, element: etree._Element) -> tuple[Reference, ...]:
        return tuple(
            self._reference(required.get("href") or "")
            for group, kinds in _REQUIREMENTS.items()
            for requirement in children(element, group)
            for required in children(requirement, *kinds)
        )

    def _reference(self, href: str) -> Reference:
        """`#id` in this file, `namespace#id` or, as some tools write, a bare id."""
        namespace, mark, id_ = href.rpartition("#")
        namespace = namespace if mark and namespace else self.namespace
        alias = next((name for name, file in self.imports.items() if file.file(namespace) is not None), "")
        return Reference(namespace, id_, "" if namespace == self.namespace or alias.startswith(UNNAMED) else alias)

    def _references(self, element: etree._Element, kind: str) -> tuple[Reference, ...]:
        return tuple(self._reference(part.get("href") or "") for part in children(element, kind))

    def _element(self, header: Element, headers: Mapping[str, Element]) -> Element:
        element = self.sources[header.id]
        context = self.context.of(header.id, header.name).within(self._names(header, headers))
        return _BUILDERS[header.kind](self, header, element, context)

    def _names(self, header: Element, headers: Mapping[str, Element]) -> list[str]:
        """What the logic may name: required elements, or the import that they come by."""
        names = [name for name in self.imports if not name.startswith(UNNAMED)]
        for reference in header.requires:
            if reference.alias:
                continue
            required = headers.get(reference.element) if reference.namespace == self.namespace else None
            required = required or self._imported_element(reference)
            if required is not None:
                names.append(required.name)
        if header.kind == KNOWLEDGE:
            names.append(header.name)  # recursion
        return names

    def _imported_element(self, reference: Reference) -> Element | None:
        """Of this file's own namespace: merged by an import without a name."""
        own = reference.namespace == self.namespace
        for alias, file in self.imports.items():
            if own and not alias.startswith(UNNAMED):
                continue
            found = file.resolve(Reference(file.namespace, reference.element) if own else reference)
            if found is not None:
                return found[1]
        return None

    # builders

    def input(self, header: Element, element: etree._Element, context: ReaderContext) -> Element:
        return header

    def decision(self, header: Element, element: etree._Element, context: ReaderContext) -> Element:
        if not boxed.has_expression(element):
            return header  # the standard allows it (6.3.7): people decide, or the caller brings the result
        return _with(header, logic=boxed.expression_in(element, context, "The decision"))

    def knowledge(self, header: Element, element: etree._Element, context: ReaderContext) -> Element:
        body = child(element, "encapsulatedLogic")
        if body is None:
            return header
        declared = header.type or context.type_of(body)  # as a function, or (before DMN 1.3) as what it returns
        result = declared.result if isinstance(declared, FunctionType) else declared
        return _with(
            header, type=result, logic=boxed.function_logic(body, context),
            parameters=boxed.formal_parameters(body, context),
        )

    def service(self, header: Element, element: etree._Element, context: ReaderContext) -> Element:
        outputs = self._references(element, "outputDecision")
        if not outputs:
            context.problem("no-output", element, "The decision service has no output decision.", "Add one.")
        result = header.type.result if isinstance(header.type, FunctionType) else header.type
        inputs = (*self._references(element, "inputData"), *self._references(element, "inputDecision"))
        declared = (header.type.parameters or ()) if isinstance(header.type, FunctionType) else ()
        parameters = tuple(
            (reference.element, None if type_ == UNDECLARED else type_)
            for reference, type_ in zip(inputs, declared, strict=False)
        ) if len(declared) == len(inputs) else ()
        return _with(header, type=result, outputs=outputs, inputs=inputs, parameters=parameters)


def _with(header: Element, **changes: object) -> Element:
    values = {slot: getattr(header, slot) for slot in Element.__slots__}
    return Element(**{**values, **changes})


_BUILDERS = {INPUT: _File.input, DECISION: _File.decision, KNOWLEDGE: _File.knowledge, SERVICE: _File.service}
