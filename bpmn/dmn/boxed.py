"""Boxed expressions (DMN 1.5, 7.3 and 10.2) to logic: the table of kinds and the simple ones."""

from collections.abc import Callable, Mapping

from lxml import etree

from bpmn.dmn.decision_table import decision_table
from bpmn.dmn.model import Logic
from bpmn.dmn.reader_context import ReaderContext
from bpmn.dmn.typed import fit, typed
from bpmn.dmn.xml import child, children, local, text_of
from bpmn.feel import partial_results
from bpmn.feel.compile_collections import ItemValues
from bpmn.feel.invoke import invoke, invoke_named
from bpmn.feel.iteration import items_of
from bpmn.feel.name_index import normal
from bpmn.feel.runtime import Scope
from bpmn.feel.types import FeelType
from bpmn.feel.values import Function, Value, kind_of

_FEEL_LANGUAGES = ("feel", "dmn")
_HEIGHT = 4  # stack levels of one boxed expression
_NULL_REMEDY = "Fill it in, or remove it."


def expression_in(parent: etree._Element, context: ReaderContext, purpose: str) -> Logic:
    """The logic of the one expression that `parent` holds."""
    for element in parent:
        rule = _RULES.get(local(element))
        if rule is not None:
            return _deep(typed(rule(element, context), context.type_of(element), purpose))
    context.problem("no-expression", parent, f"{purpose} has no expression.", _NULL_REMEDY)
    return lambda scope: None


def has_expression(parent: etree._Element) -> bool:
    return any(local(element) in _RULES for element in parent)


def _one(element: etree._Element, context: ReaderContext) -> Logic:
    return _deep(typed(_RULES[local(element)](element, context), context.type_of(element), "An item"))


def _deep(logic: Logic) -> Logic:
    def evaluate(scope: Scope) -> Value:
        meter = scope.runtime.meter
        meter.step()
        meter.enter(_HEIGHT)
        value = logic(scope)
        meter.leave(_HEIGHT)
        return value

    return evaluate


def _literal(element: etree._Element, context: ReaderContext) -> Logic:
    language = element.get("expressionLanguage")
    if language and not any(known in language.lower() for known in _FEEL_LANGUAGES):
        context.problem("expression-language", element, f"The language '{language}' is not executed.", "Use FEEL.")
        return lambda scope: None
    text = text_of(element)
    if not text:
        if child(element, "importedValues") is not None:
            context.problem("imported-values", element, "Imported values are not executed.", "Write the expression.")
        else:
            context.problem("no-expression", element, "The literal expression is empty.", _NULL_REMEDY)
        return lambda scope: None
    return context.expression(text, element)


def _context(element: etree._Element, context: ReaderContext) -> Logic:
    entries: list[tuple[str, Logic]] = []
    result: Logic | None = None
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        if variable is None:
            result = expression_in(entry, context, "The result of the context")
            continue
        name = normal(variable.get("name") or "")
        # An entry that is a function may call itself.
        inner = context.within((name,))
        what = f"The entry '{name}'"
        entries.append((name, typed(expression_in(entry, inner, what), context.type_of(variable), what)))
        context = inner

    def evaluate(scope: Scope) -> Value:
        values: dict[str, Value] = {}
        inner = Scope(values, scope, scope.runtime)
        for name, logic in entries:
            values[name] = logic(inner)
        return values if result is None else result(inner)

    return evaluate


def _list(element: etree._Element, context: ReaderContext) -> Logic:
    items = [_one(item, context) for item in element if local(item) in _RULES]
    return lambda scope: [item(scope) for item in items]


def _relation(element: etree._Element, context: ReaderContext) -> Logic:
    clauses = children(element, "column")
    declared = [(normal(column.get("name") or ""), context.type_of(column)) for column in clauses]
    columns = [name for name, _ in declared]
    rows: list[list[Logic]] = []
    for row in children(element, "row"):
        cells = [_one(cell, context) for cell in row if local(cell) in _RULES]
        if len(cells) != len(columns):
            context.problem("relation-row", row, f"A row has {len(cells)} cells for {len(columns)} columns.",
                            "Give each row one expression for each column.")
        pairs = zip(cells, declared, strict=False)
        rows.append([typed(cell, type_, f"A cell of '{name}'") for cell, (name, type_) in pairs])
    return lambda scope: [dict(zip(columns, (cell(scope) for cell in row), strict=False)) for row in rows]


def formal_parameters(
    element: etree._Element, context: ReaderContext
) -> tuple[tuple[str, FeelType | None], ...]:
    return tuple(
        (normal(parameter.get("name") or ""), context.type_of(parameter))
        for parameter in children(element, "formalParameter")
    )


def function_logic(element: etree._Element, context: ReaderContext) -> Logic:
    """The logic of a function's body; Java and PMML functions give null."""
    kind = element.get("kind") or "FEEL"
    if kind != "FEEL":
        return _external
    names = [name for name, _ in formal_parameters(element, context)]
    return expression_in(element, context.within(names), "The function")


def _external(scope: Scope) -> Value:
    scope.runtime.warn("External functions are not executed.")
    return None


def function_value(
    scope: Scope, logic: Logic, parameters: tuple[tuple[str, FeelType | None], ...], result: FeelType | None
) -> Function:
    names = tuple(name for name, _ in parameters)

    def call(runtime: object, *values: Value) -> Value:
        value = logic(Scope(dict(zip(names, values, strict=True)), scope, scope.runtime))
        return fit(value, result, "The result of the function", scope.runtime)

    return Function(names, call, tuple(type_ for _, type_ in parameters), result, _HEIGHT)


def _function(element: etree._Element, context: ReaderContext) -> Logic:
    parameters = formal_parameters(element, context)
    logic = function_logic(element, context)
    return lambda scope: function_value(scope, logic, parameters, None)


def _invocation(element: etree._Element, context: ReaderContext) -> Logic:
    called = expression_in(element, context, "The invocation")
    bindings: list[tuple[str, Logic]] = []
    for binding in children(element, "binding"):
        parameter = child(binding, "parameter")
        name = normal((parameter.get("name") if parameter is not None else "") or "")
        if has_expression(binding):
            what = f"The binding of '{name}'"
            bindings.append((name, typed(expression_in(binding, context, what), context.type_of(parameter), what)))
        else:
            bindings.append((name, lambda scope: None))

    def evaluate(scope: Scope) -> Value:
        function = called(scope)
        if type(function) is not Function:
            scope.runtime.warn(f"A {kind_of(function)} cannot be invoked.")
            return None
        if not bindings:
            return invoke(function, [], scope.runtime)
        return invoke_named(function, {name: logic(scope) for name, logic in bindings}, scope.runtime)

    return evaluate


def _part(element: etree._Element, name: str, context: ReaderContext) -> Logic:
    part = child(element, name)
    if part is None:
        context.problem("no-expression", element, f"'{local(element)}' has no '{name}'.", _NULL_REMEDY)
        return lambda scope: None
    return expression_in(part, context, f"'{name}'")


def _conditional(element: etree._Element, context: ReaderContext) -> Logic:
    condition, then, otherwise = (_part(element, name, context) for name in ("if", "then", "else"))

    def evaluate(scope: Scope) -> Value:
        """Unlike `if` in FEEL, a condition that is neither true, false nor null makes it null."""
        verdict = condition(scope)
        if verdict is not None and type(verdict) is not bool:
            scope.runtime.warn(f"The condition is a {kind_of(verdict)}, not true or false.")
            return None
        return then(scope) if verdict is True else otherwise(scope)

    return evaluate


def _filter(element: etree._Element, context: ReaderContext) -> Logic:
    source = _part(element, "in", context)
    match = _part(element, "match", context.within(("item", *context.member_names)))

    def evaluate(scope: Scope) -> Value:
        value = source(scope)
        if value is None:
            return None
        kept: list[Value] = []
        for item in value if type(value) is list else [value]:
            scope.runtime.meter.step()
            verdict = match(Scope(ItemValues(item), scope, scope.runtime))
            if verdict is not None and type(verdict) is not bool:
                scope.runtime.warn("The match of a filter is a condition.")
                return None
            if verdict is True:
                kept.append(item)
        return kept

    return evaluate


def _iterator(element: etree._Element, context: ReaderContext) -> Logic:
    """for, some and every, one variable each."""
    kind = local(element)
    variable = normal(element.get("iteratorVariable") or "")
    source = _part(element, "in", context)
    inner = context.within((variable, partial_results.NAME))
    part = "return" if kind == "for" else "satisfies"
    body = _part(element, part, inner)
    finish = _FINISH[kind]
    written = child(element, part)
    keeps = written is not None and any(partial_results.NAME in str(text) for text in written.itertext())

    def evaluate(scope: Scope) -> Value:
        value = source(scope)
        if value is None or (kind != "for" and type(value) is not list):
            scope.runtime.warn(f"'{kind}' has nothing to iterate over.")
            return None
        items = items_of(value, scope.runtime)
        meter = scope.runtime.meter
        results: list[Value] = []
        for item in items or ():
            meter.step()
            partial = partial_results.copied(results, meter) if keeps else results
            results.append(body(Scope({partial_results.NAME: partial, variable: item}, scope, scope.runtime)))
            meter.length(len(results))
        return None if items is None else finish(results)

    return evaluate


def _decided(results: list[Value], decisive: bool) -> Value:
    """Unlike in FEEL, a result that is neither true, false nor null makes it null even beside a decisive one."""
    if any(result is not None and type(result) is not bool for result in results):
        return None
    if any(result is decisive for result in results):
        return decisive
    return None if any(type(result) is not bool for result in results) else not decisive


_FINISH: Mapping[str, Callable[[list[Value]], Value]] = {
    "for": lambda results: results,
    "some": lambda results: _decided(results, decisive=True),
    "every": lambda results: _decided(results, decisive=False),
}
_RULES: Mapping[str, Callable[[etree._Element, ReaderContext], Logic]] = {
    "literalExpression": _literal,
    "decisionTable": decision_table,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "functionDefinition": _function,
    "invocation": _invocation,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iterator,
    "some": _iterator,
    "every": _iterator,
}
