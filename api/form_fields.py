"""A form-js form as fields of a page. Each field's name is its component's id: two acts of one form may share a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from cases.deadlines.zone import SHANGHAI
from cases.errors import Invalid
from cases.forms import ACT, INPUT_TYPES, components
from cases.words import ACTS

PREFIX = "f."
# Fields that hold a unit's code: the page offers the directory's units there.
UNIT_KEYS = frozenset({"to", "unit_uscc", "target"})
MANY = frozenset({"checklist", "taglist"})
# form-js: a field of type datetime is a day, with this subtype a day and an hour.
MOMENT = "moment"


@dataclass(frozen=True)
class Field:
    """``acts``: the acts that ask for it; the page hides it for others (with JavaScript) or names them (without)."""

    name: str
    key: str
    type: str
    label: str
    acts: tuple[str, ...]
    required: bool
    options: Sequence[tuple[str, str]] = ()
    limits: Mapping[str, Any] = field(default_factory=dict)
    value: Any = None
    problem: str | None = None
    units: bool = False


def labels(form: Mapping[str, Any] | None, acts: Sequence[str]) -> list[tuple[str, str]]:
    """The acts of a task as buttons to choose from, named as the form names them."""
    chooser: Mapping[str, Any] = next((c for c in (form or {}).get("components", []) if c.get("key") == ACT), {})
    named = {option["value"]: option["label"] for option in chooser.get("values", [])}
    return [(act, named.get(act) or ACTS.get(act, act)) for act in acts]


def fields(
    form: Mapping[str, Any] | None,
    acts: Sequence[str],
    typed: Mapping[str, Any] | None = None,
    defaults: Mapping[str, Any] | None = None,
    problems: Mapping[str, str] | None = None,
    act: str | None = None,
) -> list[Field]:
    """``typed`` by field name (what the person sent), ``defaults`` by key (what the system knows already)."""
    found = []
    for component in (form or {}).get("components", []):
        key = component.get("key")
        asked = tuple(one for one in acts if component in components(form or {}, one))
        if component.get("type") not in INPUT_TYPES or key == ACT or not asked:
            continue
        name = PREFIX + component["id"]
        rules = component.get("validate", {})
        value = (typed or {}).get(name) if typed is not None else (defaults or {}).get(key)
        found.append(
            Field(
                name, key, _type_of(component), component.get("label", key), asked, bool(rules.get("required")),
                [(option["value"], option["label"]) for option in component.get("values", [])],
                {name: rules[name] for name in ("min", "max", "minLength", "maxLength") if name in rules},
                value, (problems or {}).get(key) if act is None or act in asked else None, key in UNIT_KEYS,
            )
        )  # fmt: skip
    return found


def _type_of(component: Mapping[str, Any]) -> str:
    kind = str(component["type"])
    return MOMENT if kind == "datetime" and component.get("subtype") == "datetime" else kind


def content(form: Mapping[str, Any] | None, act: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed for this act, by key, as the form check takes it."""
    found: dict[str, Any] = {}
    for component in components(form or {}, act):
        raw = typed.get(PREFIX + component["id"])
        if component["type"] in MANY:
            raw = raw if isinstance(raw, list) else [raw] if raw else []
            if not component.get("values") and raw:
                raw = [word for part in raw for word in str(part).replace("，", ",").split(",") if word.strip()]
        elif component["type"] == "checkbox":
            raw = raw in ("true", "on")
        elif isinstance(raw, list):
            raw = raw[-1]
        found[component["key"]] = raw.strip() if isinstance(raw, str) else raw
    return found


def moment(typed: Mapping[str, Any], name: str, otherwise: datetime) -> datetime:
    """A date-time field of the page, in Shanghai time. Empty means ``otherwise``. Raises Invalid."""
    text = str(typed.get(name) or "").strip()
    if not text:
        return otherwise
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid({name: "请按“2026-09-18 16:20”填写时间。"}) from None
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def day(typed: Mapping[str, Any], name: str) -> date | None:
    text = str(typed.get(name) or "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid({name: "请按“2026-09-18”填写日期。"}) from None
