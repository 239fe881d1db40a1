"""Reads tokens on demand at a position: which token stands there may depend on the names in scope, so there is no
token stream to prepare."""

from decimal import Decimal

from bpmn.feel import numbers
from bpmn.feel.characters import WHITE_SPACE, is_name_part, is_name_start
from bpmn.feel.errors import FeelSyntaxError
from bpmn.feel.full_width import hint

_DIGITS = "0123456789"
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_HEX_LENGTH = {"u": 4, "U": 6}


class Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def error(self, message: str, position: int | None = None) -> FeelSyntaxError:
        at = self.position if position is None else position
        line = self.text.count("\n", 0, at) + 1
        column = at - (self.text.rfind("\n", 0, at) + 1) + 1
        return FeelSyntaxError(self.text, line, column, message + hint(self.text[at : at + 1]))

    def skip(self) -> None:
        """White space and comments."""
        text, position = self.text, self.position
        while position < len(text):
            if text[position] in WHITE_SPACE:
                position += 1
            elif text.startswith("//", position):
                end = text.find("\n", position)
                position = len(text) if end < 0 else end
            elif text.startswith("/*", position):
                end = text.find("*/", position + 2)
                if end < 0:
                    raise self.error("This comment has no closing */.", position)
                position = end + 2
            else:
                break
        self.position = position

    def at_end(self) -> bool:
        self.skip()
        return self.position >= len(self.text)

    def starts(self, symbol: str) -> bool:
        self.skip()
        return self.text.startswith(symbol, self.position)

    def take(self, symbol: str) -> bool:
        if not self.starts(symbol):
            return False
        self.position += len(symbol)
        return True

    def expect(self, symbol: str, purpose: str) -> None:
        if not self.take(symbol):
            raise self.error(f"Expected '{symbol}' {purpose}, found {self.found()}.")

    def found(self) -> str:
        """What stands here, for messages."""
        self.skip()
        if self.position >= len(self.text):
            return "the end of the expression"
        word = self.word()
        return f"'{word or self.text[self.position]}'"

    def word(self) -> str:
        """The identifier here without taking it, or ''."""
        self.skip()
        text, start = self.text, self.position
        if start >= len(text) or not is_name_start(text[start]):
            return ""
        end = start + 1
        while end < len(text) and is_name_part(text[end]):
            end += 1
        return text[start:end]

    def take_word(self, word: str) -> bool:
        if self.word() != word:
            return False
        self.position += len(word)
        return True

    def expect_word(self, word: str, purpose: str) -> None:
        if not self.take_word(word):
            raise self.error(f"Expected '{word}' {purpose}, found {self.found()}.")

    def at_number(self) -> bool:
        self.skip()
        text, position = self.text, self.position
        character = text[position : position + 1]
        following = text[position + 1 : position + 2]
        if character == ".":
            character = following
        return character != "" and character in _DIGITS

    def number(self) -> Decimal:
        start = self.position
        self._digits()
        if self.text.startswith(".", self.position) and self.text[self.position + 1 : self.position + 2].isdigit():
            self.position += 1
            self._digits()
        if self.text[self.position : self.position + 1] in ("e", "E"):
            mark = self.position
            self.position += 1
            if self.text[self.position : self.position + 1] in ("+", "-"):
                self.position += 1
            if not self._digits():
                self.position = mark
        value = numbers.from_text(self.text[start : self.position])
        if value is None:
            raise self.error("This number is outside the range of FEEL numbers.", start)
        return value

    def _digits(self) -> bool:
        start = self.position
        while self.position < len(self.text) and self.text[self.position] in _DIGITS:
            self.position += 1
        return self.position > start

    def string(self) -> str:
        """A string literal, the opening quote at the position."""
        start = self.position
        self.position += 1
        parts: list[str] = []
        text = self.text
        while self.position < len(text):
            character = text[self.position]
            self.position += 1
            if character == '"':
                return _join_surrogates("".join(parts))
            parts.append(self._escape() if character == "\\" else character)
        raise self.error("This string has no closing quote.", start)

    def _escape(self) -> str:
        """An unknown escape stays as it is written, so that patterns such as \\d survive."""
        character = self.text[self.position : self.position + 1]
        length = _HEX_LENGTH.get(character)
        if length is not None:
            digits = self.text[self.position + 1 : self.position + 1 + length]
            if len(digits) == length and all(digit in "0123456789abcdefABCDEF" for digit in digits):
                code = int(digits, 16)
                if code <= 0x10FFFF:
                    self.position += 1 + length
                    return chr(code)
        if character in _ESCAPES:
            self.position += 1
            return _ESCAPES[character]
        return "\\"


def _join_surrogates(text: str) -> str:
    """Two \\u escapes may write one character beyond the BMP."""
    if not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
