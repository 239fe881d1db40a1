"""How each field of a record is written as JSON data and read back: settled once, from the field's type.

Only what is typed as a record is read as one: nothing inside process variables is, whatever it looks like.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, Union, get_args, get_origin, get_type_hints

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class FieldLayout:
    """``write`` and ``read`` are None where the value is JSON data as it stands. ``default`` is what is left out."""

    name: str
    default: Any
    write: Convert | None
    read: Convert | None


@dataclass(frozen=True, slots=True)
class Layout:
    """Records that have a field of the name ``kind`` are told by ``class``, others by ``kind``."""

    tag: str
    fields: tuple[FieldLayout, ...]
    by_name: Mapping[str, FieldLayout]
    # What a field means that is not written, where that is not the default of a new record.
    absent: Mapping[str, Any]


class Layouts:
    """``records`` are the classes that may occur, ``write`` and ``read`` what turns one of them into JSON data."""

    def __init__(self, records: Mapping[str, type], write: Convert, read: Convert) -> None:
        self._records = frozenset(records.values())
        self._write, self._read = write, read
        self._known: dict[Any, Layout] = {}

    def of(self, kind: Any) -> Layout:
        return self._known.get(kind) or self._known.setdefault(kind, self._settle(kind))

    def _settle(self, kind: Any) -> Layout:
        hints = get_type_hints(kind)
        found = []
        for field in fields(kind):
            default = field.default
            if default is MISSING and field.default_factory is not MISSING:
                default = field.default_factory()
            default = field.metadata.get("absent", default)
            found.append(FieldLayout(field.name, default, *self._converters(hints[field.name])))
        tag = "class" if any(one.name == "kind" for one in found) else "kind"
        absent = {one.name: one.metadata["absent"] for one in fields(kind) if "absent" in one.metadata}
        return Layout(tag, tuple(found), {one.name: one for one in found}, absent)

    def _converters(self, hint: Any) -> tuple[Convert | None, Convert | None]:
        write, read = self._write, self._read
        parts = get_args(hint)
        if hint in self._records or self._is_record(parts, hint):
            return (
                lambda value: None if value is None else write(value),
                lambda value: None if value is None else read(value),
            )
        if get_origin(hint) is tuple and parts[0] in self._records:
            return lambda value: [write(item) for item in value], lambda value: tuple(read(item) for item in value)
        if get_origin(hint) is tuple:
            return None, tuple
        if get_origin(hint) is dict and parts[1] in self._records:
            # A table with number keys: a list of records, which hold their keys.
            return (
                lambda value: [write(item) for item in value.values()],
                lambda value: {item["key"]: read(item) for item in value},
            )
        if hint == dict[int, None]:
            return list, dict.fromkeys
        if get_origin(hint) is dict and parts[0] is int and get_origin(parts[1]) is tuple:
            # JSON has only texts for names.
            return (
                lambda value: {str(key): item for key, item in value.items()},
                lambda value: {int(key): tuple(item) for key, item in value.items()},
            )
        if get_origin(hint) is dict and get_origin(parts[1]) is tuple:
            return None, lambda value: {key: tuple(item) for key, item in value.items()}
        return None, None

    def _is_record(self, parts: tuple[Any, ...], hint: Any) -> bool:
        return get_origin(hint) in (Union, types.UnionType) and any(part in self._records for part in parts)
