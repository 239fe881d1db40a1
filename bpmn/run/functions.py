"""Functions that a model's expressions have beside FEEL's own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bpmn.feel.api import Function, as_function, host_function


def deadline(name: str, rung: str | None = None) -> dict[str, Any]:
    """A deadline reference: a timer or due date that evaluates to one follows the live deadline of that name."""
    return {"deadline": name, "rung": rung}


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {"deadline": as_function(host_function("deadline", "name: string, rung: string?", deadline))}
)


def reference(value: Any) -> tuple[str, str | None] | None:
    if isinstance(value, dict) and set(value) == {"deadline", "rung"} and isinstance(value["deadline"], str):
        return value["deadline"], value["rung"]
    return None
