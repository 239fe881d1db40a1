"""Statutory holidays of years without an official table (全国年节及纪念日放假办法, as amended for 2025).

Thirteen days: 元旦 1, 春节 4 (除夕 to 初三), 清明 1, 劳动节 2, 端午 1, 中秋 1, 国庆节 3. A statutory day that
falls on a weekend is made up on the next working day (§6). The swaps (调休) of a year are unknown until the
State Council publishes them, so whatever rests on these days is provisional.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from cases.deadlines.errors import UncoveredDay

# year: 春节 初一, 清明, 端午, 中秋 as (month, day).
# Source: the Chinese calendar of GB/T 33661-2017; two independent implementations (lunar-python and
# holidays) agree on every row.
LUNAR: Mapping[int, tuple[tuple[int, int], ...]] = MappingProxyType(
    {
        2025: ((1, 29), (4, 4), (5, 31), (10, 6)),
        2026: ((2, 17), (4, 5), (6, 19), (9, 25)),
        2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
        2028: ((1, 26), (4, 4), (5, 28), (10, 3)),
        2029: ((2, 13), (4, 4), (6, 16), (9, 22)),
        2030: ((2, 3), (4, 5), (6, 5), (9, 12)),
        2031: ((1, 23), (4, 5), (6, 24), (10, 1)),
        2032: ((2, 11), (4, 4), (6, 12), (9, 19)),
        2033: ((1, 31), (4, 4), (6, 1), (9, 8)),
        2034: ((2, 19), (4, 5), (6, 20), (9, 27)),
        2035: ((2, 8), (4, 5), (6, 10), (9, 16)),
        2036: ((1, 28), (4, 4), (5, 30), (10, 4)),
        2037: ((2, 15), (4, 4), (6, 18), (9, 24)),
        2038: ((2, 4), (4, 5), (6, 7), (9, 13)),
        2039: ((1, 24), (4, 5), (5, 27), (10, 2)),
        2040: ((2, 12), (4, 4), (6, 14), (9, 20)),
    }
)
FIRST_YEAR, LAST_YEAR = min(LUNAR), max(LUNAR)

_SATURDAY = 5


@lru_cache(maxsize=32)
def statutory_days(year: int) -> Mapping[date, str]:
    """The days off of `year` by statute, made-up days (补假) included: date to Chinese name.

    Raises UncoveredDay before 2025 (another rule applied) and after 2040 (no lunar dates here).
    """
    if year not in LUNAR:
        raise UncoveredDay(
            f"Year {year} has no official holiday table, and the statutory days are known only for "
            f"{FIRST_YEAR}–{LAST_YEAR}; load the official table of {year} into the calendar."
        )
    spring, qingming, dragon_boat, mid_autumn = (date(year, month, day) for month, day in LUNAR[year])
    named = [
        (date(year, 1, 1), "元旦"),
        *((spring + timedelta(days=offset), "春节") for offset in range(-1, 3)),
        (qingming, "清明节"),
        *((date(year, 5, day), "劳动节") for day in (1, 2)),
        (dragon_boat, "端午节"),
        *((date(year, 10, day), "国庆节") for day in (1, 2, 3)),
        (mid_autumn, "中秋节"),
    ]
    off: dict[date, str] = {}
    to_make_up: list[tuple[date, str]] = []
    for day, name in named:
        # 中秋 inside 国庆节 was made up like a weekend in 2009 and 2020.
        if day.weekday() >= _SATURDAY or day in off:
            to_make_up.append((day, name))
        off.setdefault(day, name)
    for day, name in to_make_up:
        substitute = day
        while substitute.weekday() >= _SATURDAY or substitute in off:
            substitute += timedelta(days=1)
        off[substitute] = f"{name}补假"
    return MappingProxyType(off)
