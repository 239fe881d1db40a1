"""Plain data that nobody changes after it was made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

Made = TypeVar("Made")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(made: type[Made]) -> type[Made]:
    """A frozen dataclass for the type checker, and a plain one at run time.

    A frozen one sets every field through ``object.__setattr__``, which costs as much as the rest of a small step.
    """
    return dataclass(slots=True, unsafe_hash=True)(made)
