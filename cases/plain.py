"""Variables as JSONB takes them: Decimals become text when a double could not hold them, else numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bpmn.values import Json


def plain(value: Json) -> Any:
    if isinstance(value, Decimal):
        as_float = float(value)
        return as_float if Decimal(repr(as_float)) == value else str(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
