"""Proleptic Gregorian day counts for any year: FEEL years reach ±999,999,999, `datetime.date` stops at 9999."""

MIN_YEAR, MAX_YEAR = -999_999_999, 999_999_999
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    return 29 if month == 2 and is_leap(year) else _MONTH_DAYS[month - 1]


def valid(year: int, month: int, day: int) -> bool:
    return MIN_YEAR <= year <= MAX_YEAR and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)


def to_days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01. Years are counted from March, so that the leap day ends a year."""
    year -= month <= 2
    era, of_era = divmod(year, 400)
    of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def from_days(days: int) -> tuple[int, int, int]:
    era, of_era = divmod(days + 719_468, 146_097)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return year + era * 400 + (month <= 2), month, of_year - (153 * shifted + 2) // 5 + 1


def day_of_year(year: int, month: int, day: int) -> int:
    return to_days(year, month, day) - to_days(year, 1, 1) + 1


def weekday(year: int, month: int, day: int) -> int:
    """ISO: Monday is 1. 1970-01-01 was a Thursday."""
    return (to_days(year, month, day) + 3) % 7 + 1


def iso_week(year: int, month: int, day: int) -> int:
    thursday = to_days(year, month, day) - weekday(year, month, day) + 4
    iso_year = from_days(thursday)[0]
    return (thursday - to_days(iso_year, 1, 1)) // 7 + 1


def add_months(year: int, month: int, day: int, months: int) -> tuple[int, int, int]:
    """The day is cut to the length of the month it lands in."""
    index = year * 12 + month - 1 + months
    year, month = index // 12, index % 12 + 1
    return year, month, min(day, days_in_month(year, month))
