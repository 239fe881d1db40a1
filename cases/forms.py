"""Validating what a person typed against the task's form (form-js JSON), field by field, nothing lost.

Only fields marked ``routing`` travel to the execution; everything else stays in the submission.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from bpmn.values import Json

INPUT_TYPES = frozenset(
    {"textfield", "textarea", "number", "select", "radio", "checklist", "taglist", "checkbox", "datetime"}
)
ACT = "act"
CODE = re.compile(r"[A-Za-z0-9_]{1,64}")


@dataclass
class Checked:
    """``problems``: field to sentence; ``content``: the cleaned form; ``routing``: the facts that travel."""

    problems: dict[str, str] = field(default_factory=dict)
    content: dict[str, Any] = field(default_factory=dict)
    routing: dict[str, Json] = field(default_factory=dict)


def components(form: Mapping[str, Any], act: str) -> list[dict[str, Any]]:
    """The input fields that this act asks for."""
    return [
        item
        for item in form.get("components", [])
        if item.get("type") in INPUT_TYPES and item.get("key") != ACT and _applies(item, act)
    ]


def _applies(component: Mapping[str, Any], act: str) -> bool:
    """``conditional.hide`` of our forms has one shape: hidden unless the act is in a list."""
    hide = component.get("conditional", {}).get("hide")
    return hide is None or f'"{act}"' in hide


def check(form: Mapping[str, Any] | None, act: str, data: Mapping[str, Any]) -> Checked:
    """Fields that the form does not know are kept with the submission and never travel."""
    result = Checked(content=dict(data))
    for component in components(form or {}, act):
        key, label = component["key"], component.get("label", component["key"])
        raw = next((data[name] for name in (key, *_other_names(component)) if data.get(name) is not None), None)
        rules = component.get("validate", {})
        if raw in (None, []) or (isinstance(raw, str) and not raw.strip()):
            if rules.get("required"):
                result.problems[key] = f"请填写“{label}”。"
            elif routed(component):
                result.routing[key] = None
            continue
        try:
            value = _PARSERS.get(component["type"], _text)(component, raw)
        except ValueError as error:
            result.problems[key] = f"“{label}”{error}"
            continue
        result.content[key] = raw
        if routed(component):
            result.routing[key] = value
    return result


def _other_names(component: Mapping[str, Any]) -> list[str]:
    """``also``: names under which other systems send the same field."""
    return str(component.get("properties", {}).get("also", "")).split()


def routed(component: Mapping[str, Any]) -> bool:
    return str(component.get("properties", {}).get("routing", "")).lower() == "true"


def _text(component: Mapping[str, Any], raw: Any) -> Json:
    text = str(raw)
    rules = component.get("validate", {})
    if any(ord(char) < 32 and char not in "\n\r\t" for char in text):
        raise ValueError("含有不可见的控制字符,请删除后再提交。")
    if len(text) > rules.get("maxLength", 20_000):
        raise ValueError(f"不得超过{rules['maxLength']}字,现为{len(text)}字。")
    if len(text) < rules.get("minLength", 0):
        raise ValueError(f"应为{rules['minLength']}字以上,现为{len(text)}字。")
    return text


def _number(component: Mapping[str, Any], raw: Any) -> Json:
    try:
        number = Decimal(str(raw))
    except InvalidOperation:
        raise ValueError("应为数字。") from None
    if not number.is_finite():
        raise ValueError("应为数字。")
    rules = component.get("validate", {})
    if "min" in rules and number < rules["min"]:
        raise ValueError(f"不得小于{rules['min']}。")
    if "max" in rules and number > rules["max"]:
        raise ValueError(f"不得大于{rules['max']}。")
    return int(number) if number == number.to_integral_value() else number


def _choice(component: Mapping[str, Any], raw: Any) -> Json:
    known = [option["value"] for option in component.get("values", [])]
    if raw not in known and not (_is_open(component) and CODE.fullmatch(str(raw))):
        raise ValueError("请从列出的选项中选择。")
    return str(raw)


def _is_open(component: Mapping[str, Any]) -> bool:
    """Lists that the texts leave open (等): other systems may send codes of their own, never free text."""
    return str(component.get("properties", {}).get("open", "")).lower() == "true"


def _choices(component: Mapping[str, Any], raw: Any) -> Json:
    items = raw if isinstance(raw, list) else [raw]
    known = [option["value"] for option in component.get("values", [])]
    if known and any(item not in known for item in items):
        raise ValueError("请从列出的选项中选择。")
    return [str(item) for item in items]


def _flag(component: Mapping[str, Any], raw: Any) -> Json:
    if isinstance(raw, bool):
        return raw
    if str(raw).lower() in ("true", "on", "1"):
        return True
    if str(raw).lower() in ("false", "off", "0"):
        return False
    raise ValueError("应为是或否。")


def _moment(component: Mapping[str, Any], raw: Any) -> Json:
    try:
        return date.fromisoformat(str(raw)).isoformat()
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(str(raw)).isoformat()
    except ValueError:
        raise ValueError("应为日期,例如2026-09-18。") from None


_PARSERS = {
    "textfield": _text,
    "textarea": _text,
    "number": _number,
    "select": _choice,
    "radio": _choice,
    "checklist": _choices,
    "taglist": _choices,
    "checkbox": _flag,
    "datetime": _moment,
}
