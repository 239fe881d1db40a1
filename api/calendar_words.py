"""What a date was counted by, as its readers know it: the official notice, not the version of a table."""

from __future__ import annotations

from datetime import date, datetime

from api.language import Language
from cases.deadlines.national import national_calendar
from cases.deadlines.zone import SHANGHAI
from cases.tables.clocks import Deadline

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def counted_by(lang: Language, row: Deadline) -> str:
    """Years whose notice is published, then those that are counted by the statutory days alone. A later year that is
    not provisional has its table in the database, which is the State Council's too.
    """
    start = row.start_at or row.due_at
    if start is None:
        return ""
    first = start.astimezone(SHANGHAI).year
    last = max(row.due.year if row.due else first, first)
    packaged = national_calendar().official.years
    open_years = [year for year in range(first, last + 1) if row.provisional and year not in packaged]
    told = [
        lang.gettext("法定节假日（%(year)s年尚未公布调休）") % {"year": year}
        if year in open_years
        else lang.gettext("国务院办公厅关于%(year)s年部分节假日安排的通知") % {"year": year}
        for year in range(first, last + 1)
    ]
    return ("；" if lang.code == "zh" else "; ").join(told)


def weekday(lang: Language, value: date | None) -> str:
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI)
    return lang.gettext(WEEKDAYS[value.weekday()]) if value else ""
