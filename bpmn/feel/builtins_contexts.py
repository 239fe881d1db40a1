"""Context functions (DMN 1.5, 10.3.4.8)."""

from collections.abc import Sequence

from bpmn.feel.runtime import Runtime
from bpmn.feel.signature import Builtin, signature
from bpmn.feel.values import Value


def _get_value(runtime: Runtime, context: dict[str, Value], key: str) -> Value:
    return context.get(key)


def _get_by_path(runtime: Runtime, context: dict[str, Value], keys: Sequence[Value]) -> Value:
    value: Value = context
    for key in keys:
        value = value.get(key) if type(value) is dict and type(key) is str else None
    return value if keys else None


def _get_entries(runtime: Runtime, context: dict[str, Value]) -> Value:
    runtime.meter.step(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


def _context(runtime: Runtime, entries: Sequence[Value]) -> Value:
    """From `{key, value}` entries; a missing part or a double key makes it null."""
    runtime.meter.step(len(entries))
    made: dict[str, Value] = {}
    for entry in entries:
        if type(entry) is not dict or "value" not in entry or type(entry.get("key")) is not str:
            return None
        if entry["key"] in made:
            return None
        made[entry["key"]] = entry["value"]
    return made


def _put(runtime: Runtime, context: dict[str, Value], key: str, value: Value) -> Value:
    runtime.meter.step(len(context))
    return {**context, key: value}


def _put_by_path(runtime: Runtime, context: dict[str, Value], keys: Sequence[Value], value: Value) -> Value:
    """Contexts on the way are made where they are missing; another value on the way makes it null."""
    if not keys or any(type(key) is not str for key in keys):
        return None
    runtime.meter.step(len(context) + len(keys))
    path: list[dict[str, Value]] = [context]
    for key in keys[:-1]:
        inner = path[-1].get(key)
        if inner is not None and type(inner) is not dict:
            return None
        path.append(inner or {})
    made: Value = value
    for holder, key in zip(reversed(path), reversed(keys), strict=True):
        made = {**holder, key: made}
    return made


def _merge(runtime: Runtime, contexts: Sequence[Value]) -> Value:
    if any(type(context) is not dict for context in contexts):
        return None
    merged: dict[str, Value] = {}
    for context in contexts:
        runtime.meter.step(len(context))
        merged.update(context)
    return merged


CONTEXTS = (
    Builtin("get value", (
        signature("m: context, key: string", _get_value),
        signature("context: context, key: string", _get_value),
        signature("m: context, key: list", _get_by_path),
    )),
    Builtin("get entries", (
        signature("m: context", _get_entries), signature("context: context", _get_entries),
    )),
    Builtin("context", (signature("entries: list", _context),)),
    Builtin("context put", (
        signature("context: context, key: string, value: any", _put),
        signature("context: context, keys: list, value: any", _put_by_path),
    )),
    Builtin("context merge", (signature("contexts: list", _merge),)),
)
