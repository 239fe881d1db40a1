"""range(): an interval written in a string; its endpoints must be literals (DMN 1.5, 10.3.4.1)."""

from bpmn.feel.compare import less, order_key
from bpmn.feel.errors import FeelSyntaxError
from bpmn.feel.scanner import Scanner
from bpmn.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from bpmn.feel.temporal_text import parse_any, parse_date, parse_date_time, parse_duration, parse_time
from bpmn.feel.values import Range, Value

_OPENING = {"[": True, "(": False, "]": False}
_CLOSING = {"]": True, ")": False, "[": False}
_CONSTRUCTORS = (
    ("date and time", parse_date_time), ("date", parse_date), ("time", parse_time), ("duration", parse_duration),
)
_TEMPORAL = (Date, Time, DateTime, DaysDuration, MonthsDuration)


def parse_range(text: str) -> Range | None:
    """None when the text is no range of literals."""
    scanner = Scanner(text)
    try:
        return _interval(scanner)
    except FeelSyntaxError:
        return None


def _interval(scanner: Scanner) -> Range | None:
    low_included = _bracket(scanner, _OPENING)
    low = None if scanner.starts("..") else _endpoint(scanner)
    scanner.expect("..", "between the endpoints")
    high = None if any(scanner.starts(symbol) for symbol in _CLOSING) else _endpoint(scanner)
    high_included = _bracket(scanner, _CLOSING)
    if not scanner.at_end() or (low is None and high is None):
        return None
    if (low is None and low_included) or (high is None and high_included):
        return None
    if low is not None and high is not None and less(high, low) is not False:
        return None
    return Range(low, high, low_included, high_included, low is not None, high is not None)


def _bracket(scanner: Scanner, symbols: dict[str, bool]) -> bool:
    for symbol, included in symbols.items():
        if scanner.take(symbol):
            return included
    raise scanner.error("Expected a bracket.")


def _endpoint(scanner: Scanner) -> Value:
    negative = scanner.take("-")
    if scanner.at_number():
        number = scanner.number()
        return number.copy_negate() if negative else number
    if scanner.starts('"') and not negative:
        return scanner.string()
    value = _temporal(scanner) if not negative else None
    if type(value) not in _TEMPORAL or order_key(value) is None:
        raise scanner.error("Expected a literal.")
    return value


def _temporal(scanner: Scanner) -> Value:
    if scanner.take("@"):
        return parse_any(_text(scanner))
    for name, parse in _CONSTRUCTORS:
        mark = scanner.position
        if scanner.take(name) and scanner.take("("):
            value = parse(_text(scanner))
            scanner.expect(")", "after the literal")
            return value
        scanner.position = mark
    return None


def _text(scanner: Scanner) -> str:
    if not scanner.starts('"'):
        raise scanner.error("Expected a string.")
    return scanner.string()
