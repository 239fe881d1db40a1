"""Lists, contexts, ranges, paths, filters, for, some, every."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from bpmn.feel import ast, numbers, partial_results
from bpmn.feel.compare import less
from bpmn.feel.compiler import Compiler, Evaluator
from bpmn.feel.iteration import items_of, span
from bpmn.feel.properties import descend, member
from bpmn.feel.runtime import Runtime, Scope
from bpmn.feel.values import Range, Value, kind_of


def _list(node: ast.ListOf, compiler: Compiler) -> Evaluator:
    items = tuple(compiler(item) for item in node.items)
    return lambda scope: [item(scope) for item in items]  # paid for as nodes of the expression or body it stands in


def _context(node: ast.ContextOf, compiler: Compiler) -> Evaluator:
    entries = tuple((key, compiler(value)) for key, value in node.entries)

    def evaluate(scope: Scope) -> Value:
        values: dict[str, Value] = {}
        inner = Scope(values, scope, scope.runtime)
        for key, value in entries:
            values[key] = value(inner)
        return values

    return evaluate


def _interval(node: ast.Interval, compiler: Compiler) -> Evaluator:
    low, high = compiler(node.low), compiler(node.high)
    low_included, high_included = node.low_included, node.high_included

    def evaluate(scope: Scope) -> Value:
        one, other = low(scope), high(scope)
        if one is not None and other is not None and less(other, one) is not False:
            scope.runtime.warn(f"There is no interval from this {kind_of(one)} to this {kind_of(other)}.")
            return None
        # A null end stays an end: (null..10) is another range than (< 10).
        return Range(one, other, low_included, high_included)

    return evaluate


def _path(node: ast.Path, compiler: Compiler) -> Evaluator:
    source, name = compiler(node.source), node.member

    def evaluate(scope: Scope) -> Value:
        value = source(scope)
        if type(value) is dict and name in value:
            return value[name]
        return member(value, name, scope.runtime)

    return evaluate


def _descendants(node: ast.Descendants, compiler: Compiler) -> Evaluator:
    source, name = compiler(node.source), node.member
    return lambda scope: descend(source(scope), name, scope.runtime)


class ItemValues(dict[str, Value]):
    """The scope of one item in a filter: `item` and, of a context, its members, which are not copied."""

    __slots__ = ("item",)

    def __init__(self, item: Value) -> None:
        super().__init__()
        self.item = item

    def get(self, name: str, default: Value = None) -> Value:
        item = self.item
        if type(item) is dict and name in item:
            return item[name]
        return item if name == "item" else default


def _filter(node: ast.Filter, compiler: Compiler) -> Evaluator:
    source, (condition, cost) = compiler(node.source), compiler.repeated(node.condition)

    def evaluate(scope: Scope) -> Value:
        value = source(scope)
        runtime = scope.runtime
        items = value if type(value) is list else ([] if value is None else [value])
        runtime.meter.step(cost + 2)
        kept: list[Value] = []
        if not items:
            index = condition(Scope(ItemValues(None), scope, runtime))
            return None if type(index) is Decimal else kept
        for position, item in enumerate(items):
            if position == 1:  # an index is known after the first item and costs no more
                runtime.meter.step((len(items) - 1) * (cost + 1))
            verdict = condition(Scope(ItemValues(item), scope, runtime))
            if position == 0 and type(verdict) is Decimal:
                return _at(items, verdict, runtime)
            if position == 0 and verdict is not None and type(verdict) is not bool:
                runtime.warn(f"A filter takes a number or a condition, not {kind_of(verdict)}.")
                return None
            if verdict is True:
                kept.append(item)
        return kept

    return evaluate


def _at(items: list[Value], index: Decimal, runtime: Runtime) -> Value:
    """1 is the first item, -1 the last (10.3.2.5)."""
    position = numbers.to_int(index)
    if position is None or position == 0 or abs(position) > len(items):
        runtime.warn("The index is outside the list.")
        return None
    return items[position - 1 if position > 0 else position]


Domain = Callable[[Scope], Iterator[Value] | None]


def _domain(iteration: ast.Iteration, compiler: Compiler) -> Domain:
    low = compiler(iteration.domain)
    if iteration.high is None:
        return lambda scope: items_of(low(scope), scope.runtime)
    high = compiler(iteration.high)
    return lambda scope: span(low(scope), high(scope), scope.runtime)


def _bindings(domains: tuple[tuple[str, Domain], ...], scope: Scope, values: dict[str, Value]) -> Iterator[bool]:
    """Every combination, the last iterator fastest; False once when a domain is no list."""
    if not domains:
        yield True
        return
    (name, domain), rest = domains[0], domains[1:]
    items = domain(scope)
    if items is None:
        yield False
        return
    for item in items:
        scope.runtime.meter.step()
        values[name] = item
        for usable in _bindings(rest, scope, values):
            yield usable
            if not usable:
                return


def _for(node: ast.For, compiler: Compiler) -> Evaluator:
    domains = tuple((iteration.name, _domain(iteration, compiler)) for iteration in node.iterations)
    body, cost = compiler.repeated(node.body, len(domains))
    cost += len(domains) // 4  # each result has a copy of the variables
    keeps = partial_results.keeps(node.body)

    def evaluate(scope: Scope) -> Value:
        results: list[Value] = []
        values: dict[str, Value] = {}
        inner = Scope(values, scope, scope.runtime)
        meter = scope.runtime.meter
        for usable in _bindings(domains, inner, values):
            if not usable:
                return None
            meter.step(cost)
            # Each result may keep its scope (a function) or the earlier ones: both are copies of this moment.
            bound = {partial_results.NAME: partial_results.copied(results, meter) if keeps else results, **values}
            results.append(body(Scope(bound, scope, scope.runtime)))
            meter.length(len(results))
        return results

    return evaluate


def _quantified(node: ast.Quantified, compiler: Compiler) -> Evaluator:
    domains = tuple((iteration.name, _domain(iteration, compiler)) for iteration in node.iterations)
    condition, cost = compiler.repeated(node.condition, len(domains))
    decisive = not node.every

    def evaluate(scope: Scope) -> Value:
        values: dict[str, Value] = {}
        inner = Scope(values, scope, scope.runtime)
        undecided = False
        for usable in _bindings(domains, inner, values):
            if not usable:
                return None
            scope.runtime.meter.step(cost)
            verdict = condition(inner)
            if verdict is decisive:
                return decisive
            undecided = undecided or type(verdict) is not bool
        return None if undecided else not decisive

    return evaluate


RULES: Mapping[type[ast.Node], Callable[..., Evaluator]] = {
    ast.ListOf: _list,
    ast.ContextOf: _context,
    ast.Interval: _interval,
    ast.Path: _path,
    ast.Descendants: _descendants,
    ast.Filter: _filter,
    ast.For: _for,
    ast.Quantified: _quantified,
}
