"""Process variables are JSON: what a state, an event or a command may carry.

Numbers are ``int`` or ``Decimal`` (never ``float``: 0.1 must stay 0.1), instants are ISO 8601 strings with an offset.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

Json: TypeAlias = bool | int | str | Decimal | list["Json"] | dict[str, "Json"] | None
Variables: TypeAlias = Mapping[str, Json]
