"""Periodic reports and the days on which they are due."""

from datetime import date
from typing import Literal

from cases.policy.parameter import Name, Parameter, Section

Period = Literal["quarter", "first_half", "year"]
_LAST_MONTHS: dict[Period, tuple[int, ...]] = {"quarter": (3, 6, 9, 12), "first_half": (6,), "year": (12,)}


class DueDay(Section):
    """The `day`-th of the `months_after`-th month after the period ends."""

    months_after: int
    day: int


class Report(Section):
    title: Name
    period: Parameter[Period]
    due: Parameter[DueDay]
    owed_by: Parameter[tuple[Name, ...]]

    def due_dates(self, year: int) -> tuple[date, ...]:
        """When the reports about the periods of `year` are due; these days do not roll, the texts name them
        by date.
        """
        return tuple(self._due(year, month) for month in _LAST_MONTHS[self.period.value])

    def _due(self, year: int, last_month: int) -> date:
        months = last_month - 1 + self.due.value.months_after
        return date(year + months // 12, months % 12 + 1, self.due.value.day)
