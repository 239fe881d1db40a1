"""States of earlier versions, brought forward one version at a time as JSON data.

Each migration says what changed and why; ``STATE_VERSION`` is the number after the last one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from bpmn.state import STATE_VERSION

Migration = Callable[[dict[str, Any]], dict[str, Any]]

# version -> what makes a state of that version one of the next
MIGRATIONS: Mapping[int, Migration] = MappingProxyType({})


def migrate(
    plain: dict[str, Any], migrations: Mapping[int, Migration] = MIGRATIONS, newest: int = STATE_VERSION
) -> dict[str, Any]:
    version = plain.get("version", newest)
    if version > newest:
        raise ValueError(f"The state has version {version}; this engine knows versions up to {newest}.")
    while version < newest:
        plain = {**migrations[version](plain), "version": version + 1}
        version += 1
    return plain
