"""List functions (DMN 1.5, 10.3.4.4), except the aggregates."""

from collections.abc import Sequence
from decimal import Decimal

from bpmn.feel import numbers
from bpmn.feel.compare import same
from bpmn.feel.invoke import invoke
from bpmn.feel.merge_sort import merge_sort
from bpmn.feel.runtime import Runtime
from bpmn.feel.signature import Builtin, signature
from bpmn.feel.values import Function, Value


def _made(runtime: Runtime, items: list[Value]) -> list[Value]:
    runtime.meter.length(len(items))
    runtime.meter.step(len(items))
    return items


def _index(items: Sequence[Value], position: Decimal, past_end: int = 0) -> int | None:
    """0-based; a negative position counts from the end."""
    number = numbers.to_int(position)
    if number is None or number == 0 or abs(number) > len(items) + past_end:
        return None
    return number - 1 if number > 0 else len(items) + number


def _contains(runtime: Runtime, items: Sequence[Value], element: Value) -> Value:
    runtime.meter.measure(items)
    runtime.meter.measure(element)
    return any(same(item, element) for item in items)


def _sublist(runtime: Runtime, items: Sequence[Value], start: Decimal, length: Decimal | None = None) -> Value:
    first = _index(items, start)
    if first is None:
        return None
    if length is None:
        return _made(runtime, list(items[first:]))
    count = numbers.to_int(length)
    if count is None or count < 1 or first + count > len(items):
        return None
    return _made(runtime, list(items[first : first + count]))


def _append(runtime: Runtime, items: Sequence[Value], *more: Value) -> Value:
    return _made(runtime, [*items, *more])


def _concatenate(runtime: Runtime, *lists: Sequence[Value]) -> Value:
    runtime.meter.length(sum(len(items) for items in lists))
    return _made(runtime, [item for items in lists for item in items])


def _insert(runtime: Runtime, items: Sequence[Value], position: Decimal, new: Value) -> Value:
    index = _index(items, position)
    return None if index is None else _made(runtime, [*items[:index], new, *items[index:]])


def _remove(runtime: Runtime, items: Sequence[Value], position: Decimal) -> Value:
    index = _index(items, position)
    return None if index is None else _made(runtime, [*items[:index], *items[index + 1 :]])


def _replace_at(runtime: Runtime, items: Sequence[Value], position: Decimal, new: Value) -> Value:
    index = _index(items, position)
    return None if index is None else _made(runtime, [*items[:index], new, *items[index + 1 :]])


def _replace_where(runtime: Runtime, items: Sequence[Value], match: Function, new: Value) -> Value:
    """`match(item, new)` decides; anything but a boolean from it makes the result null."""
    replaced: list[Value] = []
    for item in items:
        verdict = invoke(match, [item, new], runtime)
        if type(verdict) is not bool:
            return None
        replaced.append(new if verdict else item)
    return _made(runtime, replaced)


def _reverse(runtime: Runtime, items: Sequence[Value]) -> Value:
    return _made(runtime, list(reversed(items)))


def _index_of(runtime: Runtime, items: Sequence[Value], match: Value) -> Value:
    runtime.meter.measure(items)
    runtime.meter.measure(match)
    return [Decimal(number) for number, item in enumerate(items, 1) if same(item, match)]


def _distinct(runtime: Runtime, items: Sequence[Value]) -> list[Value]:
    kept: list[Value] = []
    runtime.meter.measure(items)
    for item in items:
        runtime.meter.step(len(kept) + 1)
        if not any(same(item, other) for other in kept):
            kept.append(item)
    return kept


def _union(runtime: Runtime, *lists: Sequence[Value]) -> Value:
    runtime.meter.length(sum(len(items) for items in lists))
    return _distinct(runtime, [item for items in lists for item in items])


def _flatten(runtime: Runtime, items: Sequence[Value]) -> Value:
    flat: list[Value] = []
    pending: list[Value] = list(reversed(items))
    while pending:
        runtime.meter.step()
        item = pending.pop()
        if type(item) is list:
            runtime.meter.step(len(item))
            pending.extend(reversed(item))
        else:
            flat.append(item)
    return _made(runtime, flat)


def _sort(runtime: Runtime, items: Sequence[Value], precedes: Function | None = None) -> Value:
    """Stable; a precedes function that gives no boolean makes the result null (10.3.4.9)."""
    return merge_sort(items, precedes, runtime)


def _count(runtime: Runtime, items: Sequence[Value]) -> Value:
    return Decimal(len(items))


def _partition(runtime: Runtime, items: Sequence[Value], size: Decimal) -> Value:
    width = numbers.to_int(size)
    if width is None or width < 1:
        return None
    return _made(runtime, [list(items[start : start + width]) for start in range(0, len(items), width)])


def _is_empty(runtime: Runtime, items: Sequence[Value]) -> Value:
    return not items


LISTS = (
    Builtin("list contains", (signature("list: list, element: any", _contains),)),
    Builtin("sublist", (signature("list: list, start position: number, length: number?", _sublist),)),
    Builtin("append", (signature("list: list, item: any*", _append),)),
    Builtin("concatenate", (signature("list: list*", _concatenate),)),
    Builtin("union", (signature("list: list*", _union),)),
    Builtin("insert before", (signature("list: list, position: number, newItem: any", _insert),)),
    Builtin("remove", (signature("list: list, position: number", _remove),)),
    Builtin("list replace", (
        signature("list: list, position: number, newItem: any", _replace_at),
        signature("list: list, match: function, newItem: any", _replace_where),
    )),
    Builtin("reverse", (signature("list: list", _reverse),)),
    Builtin("index of", (signature("list: list, match: any", _index_of),)),
    Builtin("distinct values", (signature("list: list", _distinct),)),
    Builtin("flatten", (signature("list: list", _flatten),)),
    Builtin("sort", (signature("list: list, precedes: function?", _sort),)),
    Builtin("count", (signature("list: list", _count),)),
    Builtin("partition", (signature("list: list, size: number", _partition),)),
    Builtin("is empty", (signature("list: list", _is_empty),)),
)
