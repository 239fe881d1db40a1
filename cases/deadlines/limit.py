"""A limit: a whole number of working days (`3wd`) or calendar days (`30d`)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from cases.deadlines.errors import BadLimit

_FORM = re.compile(r"(?P<sign>[+-]?)(?P<amount>\d{1,4})(?P<unit>wd|d)")


class Unit(StrEnum):
    WORKING_DAY = "wd"
    CALENDAR_DAY = "d"


_ZH = {Unit.WORKING_DAY: "个工作日", Unit.CALENDAR_DAY: "日"}
_EN = {Unit.WORKING_DAY: "working day", Unit.CALENDAR_DAY: "calendar day"}


@dataclass(frozen=True, slots=True)
class Limit:
    amount: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Self:
        """`3wd`, `30d`, `0d`. Raises BadLimit: half days and hours are refused, never rounded."""
        limit = cls._read(text)
        if limit.amount < 0:
            raise BadLimit(f"The limit {text!r} is negative; give zero or more whole days, such as 3wd.")
        return limit

    @classmethod
    def parse_offset(cls, text: str) -> Self:
        """Like `parse`, but `-1wd` (before) and `+3wd` (after) are meant."""
        return cls._read(text)

    @classmethod
    def _read(cls, text: str) -> Self:
        found = _FORM.fullmatch(text.strip())
        if found is None:
            raise BadLimit(
                f"{text!r} is not a limit: write whole working days as 3wd or whole calendar days as 30d "
                "(half days, hours and other units are not counted by these rules and are never rounded)."
            )
        amount = int(found["amount"])
        return cls(-amount if found["sign"] == "-" else amount, Unit(found["unit"]))

    @property
    def zh(self) -> str:
        return f"{self.amount}{_ZH[self.unit]}"

    @property
    def en(self) -> str:
        return f"{self.amount} {_EN[self.unit]}{'' if self.amount == 1 else 's'}"

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"
