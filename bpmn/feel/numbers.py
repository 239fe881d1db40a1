"""FEEL numbers: IEEE 754-2008 decimal128 (DMN 1.5, 10.3.2.3.1), by this explicit context, never the ambient one."""

from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal

CONTEXT = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, capitals=1, clamp=0, flags=[], traps=[])
# Integer arithmetic of temporal values must not lose digits.
EXACT = Context(prec=200, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX, flags=[], traps=[])
ZERO = Decimal(0)
ONE = Decimal(1)


def finite(value: Decimal) -> Decimal | None:
    """Infinity and NaN are no FEEL numbers: they are null."""
    return value if value.is_finite() else None


def from_text(text: str) -> Decimal | None:
    return finite(CONTEXT.create_decimal(text))


def from_int(value: int) -> Decimal:
    return CONTEXT.create_decimal(value)


def from_float(value: float) -> Decimal | None:
    """By its shortest decimal text: 0.1 is 0.1, not the binary neighbour of it."""
    return from_text(repr(value))


def is_integer(value: Decimal) -> bool:
    return value == value.to_integral_value(context=CONTEXT)


def to_int(value: Decimal) -> int | None:
    """The integer that equals `value`, or None. Larger than ±10^18 is None too: no index, scale or date part is."""
    if value.adjusted() > 18 or not is_integer(value):
        return None
    return int(value)


def text_of(value: Decimal) -> str:
    """Canonical text: no exponent, no trailing zeros after the point."""
    if not value:
        return "0"
    if abs_exponent(value) > 60:
        return str(value.normalize(CONTEXT))
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def abs_exponent(value: Decimal) -> int:
    return abs(value.adjusted())
