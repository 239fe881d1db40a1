"""What a person typed into a field, as text, day or sum; what does not fit is a sentence beside the field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any


def text_of(typed: Mapping[str, Any], key: str) -> str:
    value = typed.get(key) or ""
    return str(value[-1] if isinstance(value, list) else value).strip(" \t\r\n")


def date_of(typed: Mapping[str, Any], key: str, problems: dict[str, str]) -> date | None:
    text = text_of(typed, key)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problems[key] = "请按“2026-09-18”填写日期。"
        return None


def amount_of(typed: Mapping[str, Any], key: str, problems: dict[str, str]) -> Decimal | None:
    text = text_of(typed, key).replace(",", "").replace("，", "")
    try:
        value = Decimal(text) if text else None
    except InvalidOperation:
        value = Decimal("NaN")
    if value is not None and (not value.is_finite() or -(value.as_tuple().exponent) > 2):  # type: ignore[operator]
        problems[key] = "请填写人民币金额（元），至多两位小数，例如 744000.00。"
        return None
    return value
