"""The State Council's holiday notices 2004–2026, from the table of the chinesecalendar package.

Only its table is used: its `find_workday` moves to a working day before it counts, which is a day late from a
Saturday.
"""

from functools import lru_cache
from importlib.metadata import version

# The package ships no type information.
from chinese_calendar.constants import Holiday, holidays, workdays  # type: ignore[import-untyped]

from cases.deadlines.calendar import Calendar, DayKind, DayRow, DayTable

_CHINESE_NAME = {holiday.value: holiday.chinese for holiday in Holiday}


def national_table() -> DayTable:
    rows = [
        *(DayRow(day, DayKind.HOLIDAY, f"{_CHINESE_NAME[name]}放假") for day, name in holidays.items()),
        *(DayRow(day, DayKind.WORKDAY, f"{_CHINESE_NAME[name]}调休") for day, name in workdays.items()),
    ]
    return DayTable.of(f"chinesecalendar-{version('chinesecalendar')}", rows)


@lru_cache(maxsize=1)
def national_calendar() -> Calendar:
    """The official table alone; overlays are added with `with_overlay`."""
    return Calendar(national_table())
