"""Unified social credit codes: GB 32100-2015 with the organisation code's own check digit (GB 11714)."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(3**i % 31 for i in range(17))
EARLY_PILOT = "代码第17位(组织机构代码校验位)不符,可能为早期试点代码,请核实。"
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def check_digit(code: str) -> str:
    """The 18th character that the first 17 call for. Raises ValueError for a character outside the alphabet."""
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(code[:17], WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def org_check_digit(body: str) -> str:
    """The ninth character of an organisation code (letters count A=10 … Z=35)."""
    total = sum(int(char, 36) * weight for char, weight in zip(body[:8], ORG_WEIGHTS, strict=True))
    return "0123456789X"[(11 - total % 11) % 11]


def problem(code: str) -> str | None:
    """A sentence about what is wrong with a code, or None. Real codes of old pilots fail only the inner digit."""
    text = code.strip().upper()
    if len(text) != 18:
        return f"统一社会信用代码应为18位,实际为{len(text)}位,请核对营业执照。"
    stray = sorted(set(text) - set(ALPHABET))
    if stray:
        return f"统一社会信用代码中不应出现“{''.join(stray)}”(不使用字母I、O、S、V、Z),请核对。"
    if check_digit(text) != text[17]:
        return "统一社会信用代码的校验位不符,请逐位核对。"
    return None


def warning(code: str) -> str | None:
    """Codes of early pilots carry an inner check digit that does not hold: to be looked at, not refused."""
    text = code.strip().upper()
    return None if org_check_digit(text[8:17]) == text[16] else EARLY_PILOT
