"""One evaluation of a decision or service: values on demand, each computed once."""

from collections.abc import Mapping
from dataclasses import replace

from bpmn.dmn.boxed import function_value
from bpmn.dmn.external import fitted
from bpmn.dmn.model import DECISION, INPUT, KNOWLEDGE, SERVICE, Definitions, Element, Reference
from bpmn.dmn.typed import fit
from bpmn.feel.runtime import MISSING, Runtime, Scope
from bpmn.feel.values import Function, Value

_OPEN = object()
_ABSENT = {
    INPUT: "The input '{}' was not given.", DECISION: "The decision '{}' has no logic, and its result was not given.",
}
_SERVICE_HEIGHT = 8  # stack levels of a service's call
Key = tuple[str, str]


class Session:
    """`inputs`: what the caller gave; `given`: values that stand for elements, as a service's arguments do; `free`:
    whether decisions see all inputs by name, required or not; `root`: the file that was asked."""

    def __init__(
        self,
        runtime: Runtime,
        inputs: Scope,
        root: Definitions,
        given: Mapping[Key, Value] | None = None,
        free: bool = False,
    ) -> None:
        self.runtime = runtime
        self._root = root
        self.inputs = inputs
        self._free = free
        self._values: dict[Key, Value] = dict(given or {})

    def resolve(self, file: Definitions, reference: Reference) -> tuple[Definitions, Element] | None:
        found = self._latest(reference) or file.resolve(reference)
        return found if found is None or file is self._root else self._root.prevailing(found)

    def _latest(self, reference: Reference) -> tuple[Definitions, Element] | None:
        """As the root knows it: a file of a circle of imports holds its fellows as they were read a round before."""
        holder = self._root.file(reference.namespace)
        element = holder.elements.get(reference.element) if holder is not None else None
        return None if holder is None or element is None else (holder, element)

    def value(self, file: Definitions, element: Element, aliases: tuple[str, ...] = ()) -> Value:
        key = (file.namespace, element.id)
        value = self._values.get(key, MISSING)
        if value is _OPEN:
            self.runtime.warn(f"'{element.name}' requires itself.")
            return None
        if value is MISSING:
            self._values[key] = _OPEN
            self._values[key] = value = _RULES[element.kind](self, file, element, aliases)
        return value

    def decide(self, file: Definitions, decision: Element) -> Value:
        """The decision after all that it requires, in an order without recursion: a chain of a hundred decisions is no
        deeper on the stack than one."""
        pending: list[tuple[Definitions, Element, tuple[str, ...], bool]] = [(file, decision, (), False)]
        seen: dict[Key, bool] = {}
        while pending:
            holder, element, aliases, ready = pending.pop()
            key = (holder.namespace, element.id)
            if ready:
                self.value(holder, element, aliases)
            elif key not in seen and key not in self._values:
                seen[key] = True
                pending.append((holder, element, aliases, True))
                for reference in reversed(element.requires):
                    found = self.resolve(holder, reference)
                    if found is not None and found[1].kind == DECISION:
                        pending.append((*found, (*aliases, reference.alias) if reference.alias else aliases, False))
        return self.value(file, decision)

    def scope(
        self, file: Definitions, element: Element, aliases: tuple[str, ...], outer: Scope | None = None
    ) -> Scope:
        return Scope(_Required(self, file, element, aliases), outer, self.runtime)

    def input(self, file: Definitions, element: Element, aliases: tuple[str, ...]) -> Value:
        """Input data, and decisions without logic. Of an imported model's: under the import's name when the caller gave
        it so, else by its bare name."""
        value: Value = MISSING
        if aliases:
            holder = self.inputs.find(aliases[0])
            for alias in aliases[1:]:
                holder = holder.get(alias) if type(holder) is dict else None
            value = holder.get(element.name, MISSING) if type(holder) is dict else MISSING
        if value is MISSING:
            value = self.inputs.find(element.name)
        if value is MISSING:
            self.runtime.warn(_ABSENT[element.kind].format(element.name))
            return None
        return fit(fitted(value, element.type), element.type, f"The input '{element.name}'", self.runtime)

    def decision(self, file: Definitions, element: Element, aliases: tuple[str, ...]) -> Value:
        if element.logic is None:
            return self.input(file, element, aliases)
        scope = self.scope(file, element, aliases, self.inputs if self._free else None)
        value = element.logic(scope)
        return fit(value, element.type, f"The result of '{element.name}'", self.runtime)

    def knowledge(self, file: Definitions, element: Element, aliases: tuple[str, ...]) -> Value:
        if element.logic is None:
            self.runtime.warn(f"'{element.name}' has no logic.")
            return None
        return function_value(self.scope(file, element, aliases), element.logic, element.parameters, element.type)

    def service(self, file: Definitions, element: Element, aliases: tuple[str, ...]) -> Value:
        """A function whose parameters are the input data, then the input decisions (10.4); imported ones bear the name
        of their import too, `base.level`."""
        inputs = self.service_inputs(file, element)

        def call(runtime: object, *values: Value) -> Value:
            given: dict[Key, Value] = {}
            for (holder, parameter), value in zip(inputs, values, strict=True):
                given[(holder.namespace, parameter.id)] = value
            return self.run_service(file, element, given)

        aliases_of = (reference.alias for reference in element.inputs if self.resolve(file, reference))
        names = tuple(
            f"{alias}.{parameter.name}" if alias else parameter.name
            for alias, (_, parameter) in zip(aliases_of, inputs, strict=False)
        )
        types = tuple(parameter.type for _, parameter in inputs)
        return Function(names, call, types, element.type, _SERVICE_HEIGHT)

    def service_inputs(self, file: Definitions, element: Element) -> list[tuple[Definitions, Element]]:
        """Each with the type that the service's own function type gives it, if it has one."""
        inputs = [found for reference in element.inputs if (found := self.resolve(file, reference))]
        declared = [type_ for _, type_ in element.parameters] or [None] * len(inputs)
        return [
            (holder, replace(one, type=type_ or one.type))
            for (holder, one), type_ in zip(inputs, declared, strict=False)
        ]

    def run_service(self, file: Definitions, element: Element, given: Mapping[Key, Value]) -> Value:
        inner = Session(self.runtime, self.inputs, self._root, given)
        results: dict[str, Value] = {}
        for reference in element.outputs:
            found = self.resolve(file, reference)
            if found is not None:
                results[found[1].name] = inner.decide(found[0], found[1])
        value = next(iter(results.values())) if len(results) == 1 else results
        return fit(value, element.type, f"The result of '{element.name}'", self.runtime)


class _Required(dict[str, Value]):
    """The names that an element's logic may use, computed when they are read: what a branch does not need is not
    evaluated. Imported elements stand under the name of their import."""

    __slots__ = ("aliases", "element", "file", "session")

    def __init__(self, session: Session, file: Definitions, element: Element, aliases: tuple[str, ...]) -> None:
        super().__init__()
        self.session = session
        self.file = file
        self.element = element
        self.aliases = aliases

    def get(self, name: str, default: Value = None) -> Value:
        if name in self:
            return self[name]
        imported: dict[str, Value] = {}
        for reference in self.element.requires:
            found = self.session.resolve(self.file, reference)
            if found is None:
                continue
            path = (*self.aliases, reference.alias) if reference.alias else self.aliases
            if reference.alias == name and name:
                imported[found[1].name] = self.session.value(*found, path)
            elif not reference.alias and found[1].name == name:
                self[name] = self.session.value(*found, path)
                return self[name]
        if imported:
            self[name] = imported
            return imported
        if self.element.kind == KNOWLEDGE and name == self.element.name:
            return self.session.value(self.file, self.element, self.aliases)
        return default


_RULES = {
    INPUT: Session.input, DECISION: Session.decision, KNOWLEDGE: Session.knowledge, SERVICE: Session.service,
}
