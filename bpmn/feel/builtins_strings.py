"""String functions (DMN 1.5, 10.3.4.3). Positions count Unicode code points from 1."""

from collections.abc import Sequence
from decimal import Decimal

from bpmn.feel import numbers
from bpmn.feel.runtime import Runtime
from bpmn.feel.signature import Builtin, signature
from bpmn.feel.values import Value


def _substring(runtime: Runtime, string: str, start: Decimal, length: Decimal | None = None) -> Value:
    position = numbers.to_int(start.to_integral_value(context=numbers.CONTEXT))
    if position is None or position == 0 or abs(position) > len(string):
        return None
    first = position - 1 if position > 0 else len(string) + position
    if length is None:
        return string[first:]
    count = int(length) if length.adjusted() < 18 else len(string)
    return string[first : first + count] if count >= 1 else None


def _length(runtime: Runtime, string: str) -> Value:
    return Decimal(len(string))


def _upper(runtime: Runtime, string: str) -> Value:
    return string.upper()


def _lower(runtime: Runtime, string: str) -> Value:
    return string.lower()


def _before(runtime: Runtime, string: str, match: str) -> Value:
    return string.partition(match)[0] if match and match in string else ""


def _after(runtime: Runtime, string: str, match: str) -> Value:
    if not match:
        return string
    return string.partition(match)[2] if match in string else ""


def _contains(runtime: Runtime, string: str, match: str) -> Value:
    return match in string


def _starts(runtime: Runtime, string: str, match: str) -> Value:
    return string.startswith(match)


def _ends(runtime: Runtime, string: str, match: str) -> Value:
    return string.endswith(match)


def _join(runtime: Runtime, items: Sequence[Value], delimiter: str | None = None) -> Value:
    """Nulls are left out; anything else that is no string makes it null."""
    parts = [item for item in items if item is not None]
    if any(type(item) is not str for item in parts):
        return None
    runtime.meter.size(sum(len(part) for part in parts) + len(delimiter or "") * len(parts))
    return (delimiter or "").join(parts)


def _join_within(
    runtime: Runtime, items: Sequence[Value], delimiter: str | None, prefix: str | None, suffix: str | None
) -> Value:
    """Camunda's longer form."""
    joined = _join(runtime, items, delimiter)
    if joined is None:
        return None
    runtime.meter.size(len(joined) + len(prefix or "") + len(suffix or ""))
    return f"{prefix or ''}{joined}{suffix or ''}"


def _trim(runtime: Runtime, string: str) -> Value:
    return string.strip()


STRINGS = (
    Builtin("substring", (signature("string: string, start position: number, length: number?", _substring),)),
    Builtin("string length", (signature("string: string", _length),)),
    Builtin("upper case", (signature("string: string", _upper),)),
    Builtin("lower case", (signature("string: string", _lower),)),
    Builtin("substring before", (signature("string: string, match: string", _before),)),
    Builtin("substring after", (signature("string: string, match: string", _after),)),
    Builtin("contains", (signature("string: string, match: string", _contains),)),
    Builtin("starts with", (signature("string: string, match: string", _starts),)),
    Builtin("ends with", (signature("string: string, match: string", _ends),)),
    Builtin("string join", (
        signature("list: list, delimiter: string?!", _join),
        signature("list: list, delimiter: string!, prefix: string!, suffix: string!", _join_within),
    )),
    Builtin("trim", (signature("string: string", _trim),)),
)
