"""Hit policies (DMN 1.5, 8.2.8) and aggregations (8.2.9): what the matching rules amount to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bpmn.feel.compare import same
from bpmn.feel.membership import matches_value
from bpmn.feel.registry import built_in_function
from bpmn.feel.runtime import Runtime
from bpmn.feel.signature import call_built_in
from bpmn.feel.values import Value


@dataclass(frozen=True, slots=True)
class Hit:
    """A matching rule: its number from 1, its output entries, and the value that they make."""

    rule: int
    entries: tuple[Value, ...]
    value: Value


@dataclass(frozen=True, slots=True)
class Column:
    """An output clause; `priorities` are its output values, the highest first."""

    name: str
    priorities: tuple[Value, ...]


Policy = Callable[[Sequence[Hit], Sequence[Column], Runtime], Value]


def _unique(hits: Sequence[Hit], columns: Sequence[Column], runtime: Runtime) -> Value:
    if len(hits) > 1:
        runtime.warn(f"Hit policy UNIQUE: the rules {_numbers(hits)} match at once.")
        return None
    return _only(hits, runtime)


def _any(hits: Sequence[Hit], columns: Sequence[Column], runtime: Runtime) -> Value:
    for hit in hits if len(hits) > 1 else ():
        runtime.meter.measure(hit.value)
    if any(not _alike(hit.value, hits[0].value) for hit in hits[1:]):
        runtime.warn(f"Hit policy ANY: the rules {_numbers(hits)} match with different outputs.")
        return None
    return _only(hits[:1], runtime)


def _alike(one: Value, other: Value) -> bool:
    return same(one, other)


def _first(hits: Sequence[Hit], columns: Sequence[Column], runtime: Runtime) -> Value:
    return _only(hits[:1], runtime)


def _priority(hits: Sequence[Hit], columns: Sequence[Column], runtime: Runtime) -> Value:
    return _only(_by_priority(hits, columns, runtime)[:1], runtime)


def _rule_order(hits: Sequence[Hit], columns: Sequence[Column], runtime: Runtime) -> Value:
    _note(hits, runtime)
    return [hit.value for hit in hits]


def _output_order(hits: Sequence[Hit], columns: Sequence[Column], runtime: Runtime) -> Value:
    return _rule_order(_by_priority(hits, columns, runtime), columns, runtime)


def _count(hits: Sequence[Hit], columns: Sequence[Column], runtime: Runtime) -> Value:
    _note(hits, runtime)
    return Decimal(len(hits))


def _aggregate(function: str) -> Policy:
    def policy(hits: Sequence[Hit], columns: Sequence[Column], runtime: Runtime) -> Value:
        """Of several outputs each is aggregated on its own."""
        _note(hits, runtime)
        called = built_in_function(function)
        if not hits or called is None:
            return None
        totals = [
            call_built_in(called.builtin, [[hit.entries[position] for hit in hits]], runtime)
            for position in range(len(columns))
        ]
        return totals[0] if len(columns) == 1 else {
            column.name: total for column, total in zip(columns, totals, strict=True)
        }

    return policy


def _only(hits: Sequence[Hit], runtime: Runtime) -> Value:
    _note(hits, runtime)
    return hits[0].value if hits else None


def _note(hits: Sequence[Hit], runtime: Runtime) -> None:
    runtime.trace.extend(hit.rule for hit in hits)


def _by_priority(hits: Sequence[Hit], columns: Sequence[Column], runtime: Runtime) -> list[Hit]:
    """Highest first, the first output deciding before the next; rules of equal rank keep their order."""

    def rank(hit: Hit) -> tuple[int, ...]:
        return tuple(_rank(entry, column, runtime) for entry, column in zip(hit.entries, columns, strict=True))

    return sorted(hits, key=rank)


def _rank(entry: Value, column: Column, runtime: Runtime) -> int:
    for position, value in enumerate(column.priorities):
        if matches_value(entry, value, runtime.meter) is True:
            return position
    return len(column.priorities)


def _numbers(hits: Sequence[Hit]) -> str:
    return ", ".join(str(hit.rule) for hit in hits)


POLICIES: Mapping[str, Policy] = {
    "U": _unique,
    "A": _any,
    "F": _first,
    "P": _priority,
    "R": _rule_order,
    "O": _output_order,
    "C": _rule_order,
    "C+": _aggregate("sum"),
    "C<": _aggregate("min"),
    "C>": _aggregate("max"),
    "C#": _count,
}
