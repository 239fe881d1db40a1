"""JSON text that keeps decimal digits: the standard encoder knows no Decimal, and a float would lose them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number.")


# Made once: json.dumps and json.loads make a new one of each for every call with options.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse)


def dumps(value: Any) -> str:
    """Compact; names of an object in their own order. A float is written as it is read in Python (0.1 is 0.1)."""
    try:
        return _ENCODER.encode(value)
    except TypeError:
        # A Decimal somewhere: the same text, written by hand.
        parts: list[str] = []
        _write(value, parts)
        return "".join(parts)


def loads(text: str) -> Any:
    return _DECODER.decode(text)


def _write(value: Any, parts: list[str]) -> None:
    if value is None or value is True or value is False or isinstance(value, (str, int)):
        parts.append(_ENCODER.encode(value))
    elif isinstance(value, (Decimal, float)):
        parts.append(_number(value))
    elif isinstance(value, Mapping):
        parts.append("{")
        for index, (key, item) in enumerate(value.items()):
            parts.append(("," if index else "") + _ENCODER.encode(str(key)) + ":")
            _write(item, parts)
        parts.append("}")
    elif isinstance(value, (list, tuple)):
        parts.append("[")
        for index, item in enumerate(value):
            if index:
                parts.append(",")
            _write(item, parts)
        parts.append("]")
    else:
        raise TypeError(f"{type(value).__name__} has no JSON form.")


def _number(value: Decimal | float) -> str:
    number = Decimal(repr(value)) if isinstance(value, float) else value
    if not number.is_finite():
        raise ValueError(f"{value} has no JSON form.")
    return str(number)
