"""A text of the model: a FEEL expression, compiled once at deployment, or a literal."""

from __future__ import annotations

from dataclasses import dataclass

from bpmn.feel.api import Expression


@dataclass(frozen=True, slots=True)
class Value:
    """``expression`` is None for a literal, which then is ``text`` itself."""

    text: str
    expression: Expression | None = None
    simple_name: str | None = None
