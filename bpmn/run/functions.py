"""Functions that a model's expressions have beside FEEL's own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bpmn.feel.api import Builtin, Function, as_function, host_function, to_json


def deadline(name: str, rung: str | None = None) -> dict[str, Any]:
    """A deadline reference: a timer or due date that evaluates to one follows the live deadline of that name."""
    return {"deadline": name, "rung": rung}


def cycle(repetitions: Any, interval: Any = None) -> str:
    """The text of a timer cycle, as Camunda's function of that name writes it; null repeats without end."""
    if interval is None:
        return f"R/{to_json(repetitions)}"
    return f"R{'' if repetitions is None else to_json(repetitions)}/{to_json(interval)}"


_CYCLE = host_function("cycle", "repetitions: number!, interval: duration", cycle)
_ENDLESS = host_function("cycle", "interval: duration", cycle)
FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "deadline": as_function(host_function("deadline", "name: string, rung: string?", deadline)),
        "cycle": as_function(Builtin("cycle", (*_CYCLE.signatures, *_ENDLESS.signatures))),
    }
)


def reference(value: Any) -> tuple[str, str | None] | None:
    if isinstance(value, dict) and set(value) == {"deadline", "rung"} and isinstance(value["deadline"], str):
        return value["deadline"], value["rung"]
    return None
