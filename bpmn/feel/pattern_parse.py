"""XPath and XQuery regular expressions (F&O 3.1, 5.6.1) to a program: what DMN 1.5, 10.3.4.3 prescribes for matches,
replace and split."""

from bpmn.feel import pattern_classes as classes
from bpmn.feel.pattern_classes import Test
from bpmn.feel.pattern_program import (
    BACK,
    JUMP,
    LINE_END,
    LINE_START,
    MATCH,
    MAX_PROGRAM,
    SAVE,
    SPLIT,
    TEST,
    Instruction,
    PatternError,
    Program,
)

_FLAGS = "smixq"
_SINGLE = {"n": "\n", "r": "\r", "t": "\t"}
_ESCAPABLE = "\\|.-^?*+{}()[]$"
_MAX_NESTING = 50
_MAX_REPEAT = 1_000
Code = list[Instruction]


def compile_pattern(pattern: str, flags: str = "") -> Program:
    if any(flag not in _FLAGS for flag in flags):
        raise PatternError(f"The flags hold another letter than {_FLAGS}.")
    if "q" in flags:
        pattern = "".join("\\" + character if character in _ESCAPABLE else character for character in pattern)
    return _Parser(pattern, flags).program()


class _Parser:
    def __init__(self, pattern: str, flags: str) -> None:
        self._text = _without_space(pattern) if "x" in flags and "q" not in flags else pattern
        self._at = 0
        self._dot_all = "s" in flags
        self._multiline = "m" in flags
        self._ignore_case = "i" in flags
        self._groups = 0
        self._closed: list[int] = []
        self._references = False
        self._nesting = 0

    def program(self) -> Program:
        code = self._alternatives()
        if self._at < len(self._text):
            raise PatternError("A ')' has no '('.")
        whole: Code = [(SAVE, 0, None), *code, (SAVE, 1, None), (MATCH, None, None)]
        return Program(tuple(whole), self._groups, self._multiline, self._references, self._ignore_case)

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _next(self) -> str:
        character = self._peek()
        if not character:
            raise PatternError("The pattern ends too early.")
        self._at += 1
        return character

    def _alternatives(self) -> Code:
        self._nesting += 1
        if self._nesting > _MAX_NESTING:
            raise PatternError("The pattern nests too deep.")
        code = self._branch()
        while self._peek() == "|":
            self._at += 1
            other = self._branch()
            # Jumps are relative, so that code can be moved and repeated.
            code = [(SPLIT, 1, len(code) + 2), *code, (JUMP, len(other) + 1, None), *other]
            self._check(code)
        self._nesting -= 1
        return code

    def _check(self, code: Code) -> None:
        if len(code) > MAX_PROGRAM:
            raise PatternError("The pattern is too large.")

    def _branch(self) -> Code:
        code: Code = []
        while self._peek() not in ("", "|", ")"):
            code += self._quantified(self._atom())
            self._check(code)
        return code

    def _quantified(self, code: Code) -> Code:
        symbol = self._peek()
        if symbol not in ("*", "+", "?", "{") or not symbol:
            return code
        self._at += 1
        low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(symbol) or self._bounds()
        greedy = True
        if self._peek() == "?":
            self._at += 1
            greedy = False
        if self._peek() in ("*", "+", "?", "{") and self._peek():
            raise PatternError("A quantifier follows a quantifier.")
        return self._repeat(code, low, high, greedy)

    def _bounds(self) -> tuple[int, int | None]:
        end = self._text.find("}", self._at)
        body = self._text[self._at : end] if end >= 0 else ""
        low, comma, high = body.partition(",")
        if not _is_number(low) or (high and not _is_number(high)):
            raise PatternError("'{' opens no quantifier.")
        self._at = end + 1
        least, most = int(low), (int(high) if high else None) if comma else int(low)
        if least > _MAX_REPEAT or (most or 0) > _MAX_REPEAT or (most is not None and most < least):
            raise PatternError("The bounds of a quantifier are not usable.")
        return least, most

    def _repeat(self, code: Code, low: int, high: int | None, greedy: bool) -> Code:
        if len(code) * max(low, high or 0) > MAX_PROGRAM:
            raise PatternError("The pattern is too large.")
        result: Code = code * low
        skip = len(code) + 1
        if high is None:
            loop: Code = [_split(greedy, 1, skip + 1), *code, (JUMP, -skip, None)]
            return result + loop
        optional: Code = []
        for _ in range(high - low):
            optional = [_split(greedy, 1, len(code) + len(optional) + 1), *code, *optional]
        return result + optional

    def _atom(self) -> Code:
        character = self._next()
        if character == "(":
            return self._group()
        if character == "[":
            start = self._at
            # What a class costs grows with its members: the matcher pays for them.
            return [(TEST, self._class(), (self._at - start) // 16)]
        if character == ".":
            return [(TEST, (lambda c: True) if self._dot_all else (lambda c: c not in "\n\r"), None)]
        if character == "^":
            return [(LINE_START, None, None)]
        if character == "$":
            return [(LINE_END, None, None)]
        if character == "\\":
            return self._escape()
        if character in "?*+{}])":
            raise PatternError(f"'{character}' stands where a character should.")
        return [(TEST, classes.literal(character, self._ignore_case), None)]

    def _group(self) -> Code:
        number = 0
        if self._text.startswith("?:", self._at):
            self._at += 2
        elif self._peek() == "?":
            raise PatternError("'(?' opens no group of XPath patterns.")
        else:
            self._groups += 1
            number = self._groups
        code = self._alternatives()
        if self._peek() != ")":
            raise PatternError("A '(' has no ')'.")
        self._at += 1
        if number:
            self._closed.append(number)
            return [(SAVE, 2 * number, None), *code, (SAVE, 2 * number + 1, None)]
        return code

    def _escape(self) -> Code:
        letter = self._text[self._at : self._at + 1]
        if letter and letter in "123456789":
            return self._reference()
        return [(TEST, self._escaped_test(), None)]

    def _reference(self) -> Code:
        """\\N takes as many digits as still name a group."""
        number = int(self._text[self._at])
        self._at += 1
        while self._at < len(self._text) and self._text[self._at] in "0123456789":
            longer = number * 10 + int(self._text[self._at])
            if longer > self._groups:
                break
            number = longer
            self._at += 1
        if number not in self._closed:
            raise PatternError(f"\\{number} refers to no group that is closed before it.")
        self._references = True
        return [(BACK, number, None)]

    def _escaped_test(self) -> Test:
        letter = self._text[self._at : self._at + 1]
        self._at += 1
        if letter in ("p", "P"):
            end = self._text.find("}", self._at)
            if self._text[self._at : self._at + 1] != "{" or end < 0:
                raise PatternError("\\p needs a category in braces.")
            test = classes.category(self._text[self._at + 1 : end])
            self._at = end + 1
            if test is None:
                raise PatternError("\\p names an unknown category.")
            return classes.negated(test) if letter == "P" else test
        test = classes.escaped(letter) if letter else None
        if test is not None:
            return test
        return classes.literal(self._single(letter), self._ignore_case)

    def _single(self, letter: str) -> str:
        if letter in _SINGLE:
            return _SINGLE[letter]
        if letter and letter in _ESCAPABLE:
            return letter
        raise PatternError(f"'\\{letter}' is no escape of XPath patterns.")

    def _class(self) -> Test:
        """After '[': ranges, escapes, negation, subtraction."""
        self._nesting += 1
        if self._nesting > _MAX_NESTING:
            raise PatternError("The pattern nests too deep.")
        negative = self._peek() == "^"
        self._at += negative
        tests: list[Test] = []
        removed: Test | None = None
        while self._peek() != "]" or not tests:
            if self._text.startswith("-[", self._at) and tests:
                self._at += 2
                removed = self._class()
                if self._peek() != "]":
                    raise PatternError("A subtraction ends its class.")
                break
            tests.append(self._member())
        self._at += 1
        self._nesting -= 1
        return _combined(tuple(tests), negative, removed)

    def _member(self) -> Test:
        low = self._next()
        if low == "[":
            raise PatternError("'[' inside a class must be escaped.")
        if low == "\\":
            letter = self._peek()
            if letter not in _SINGLE and letter not in _ESCAPABLE:
                return self._escaped_test()
            self._at += 1
            low = self._single(letter)
        following = self._text[self._at + 1 : self._at + 2]
        if self._peek() != "-" or following in ("]", "["):
            return classes.literal(low, self._ignore_case)
        self._at += 1
        high = self._next()
        if high == "\\":
            high = self._single(self._next())
        if high < low:
            raise PatternError("A range of characters runs backwards.")
        return classes.span(low, high, self._ignore_case)


def _without_space(pattern: str) -> str:
    """Flag x: white space means nothing outside character classes, not even after a backslash (F&O 5.6.2)."""
    kept: list[str] = []
    classes_open = 0
    escaped = False
    for character in pattern:
        if not classes_open and character in " \t\n\r":
            continue
        kept.append(character)
        if not escaped and character in "[]":
            classes_open = max(0, classes_open + (1 if character == "[" else -1))
        escaped = character == "\\" and not escaped
    return "".join(kept)


def _is_number(text: str) -> bool:
    return 0 < len(text) < 6 and all(digit in "0123456789" for digit in text)


def _split(greedy: bool, into: int, past: int) -> Instruction:
    return (SPLIT, into, past) if greedy else (SPLIT, past, into)


def _combined(tests: tuple[Test, ...], negative: bool, removed: Test | None) -> Test:
    def test(character: str) -> bool:
        inside = any(member(character) for member in tests) is not negative
        return inside and not (removed is not None and removed(character))

    return test
