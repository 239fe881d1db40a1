"""How an official letter writes dates, sums and its number."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

_TEN_THOUSAND = Decimal(10_000)


def date_zh(day: date) -> str:
    """2026年9月8日: Arabic figures, no leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def money_zh(amount: Decimal) -> str:
    """CNY as a letter states it: in 万元 from ten thousand on, to the cent and never rounded (1280.5万元, 860元)."""
    if amount.is_signed() or not amount.is_finite() or amount != amount.quantize(Decimal("0.01")):
        raise ValueError("an amount is CNY, not negative, with at most two decimals")
    if amount < _TEN_THOUSAND:
        return f"{_plain(amount)}元"
    return f"{_plain(amount / _TEN_THOUSAND)}万元"


def document_number(prefix: str, year: int, n: int) -> str:
    """发文字号: 云岭信转〔2026〕7号. Hexagonal brackets, no 第, no leading zeros (GB/T 9704-2012, 7.2.5)."""
    if not prefix.strip() or year < 1949 or n < 1:
        raise ValueError(f"a document number needs a prefix, a year from 1949 on and n >= 1, got year {year}, n {n}")
    return f"{prefix.strip()}〔{year}〕{n}号"


def _plain(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
