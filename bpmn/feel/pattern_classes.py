"""Character classes of XPath patterns: escapes, categories, blocks."""

import unicodedata
from collections.abc import Callable, Mapping

Test = Callable[[str], bool]

# The blocks that texts of this application's languages use; another block name is an error of the pattern.
_BLOCKS: Mapping[str, tuple[int, int]] = {
    "BasicLatin": (0x0, 0x7F), "Latin-1Supplement": (0x80, 0xFF), "LatinExtended-A": (0x100, 0x17F),
    "LatinExtended-B": (0x180, 0x24F), "Greek": (0x370, 0x3FF), "GreekandCoptic": (0x370, 0x3FF),
    "Cyrillic": (0x400, 0x4FF), "Hebrew": (0x590, 0x5FF), "Arabic": (0x600, 0x6FF), "Mongolian": (0x1800, 0x18AF),
    "Thai": (0xE00, 0xE7F), "GeneralPunctuation": (0x2000, 0x206F), "CurrencySymbols": (0x20A0, 0x20CF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F), "Hiragana": (0x3040, 0x309F), "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF), "HangulSyllables": (0xAC00, 0xD7A3),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
}
_CATEGORIES = (
    "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi",
    "Pf", "Po", "Z", "Zs", "Zl", "Zp", "S", "Sm", "Sc", "Sk", "So", "C", "Cc", "Cf", "Co", "Cn",
)


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] not in "PZC"


def _is_name_start(character: str) -> bool:
    return character in "_:" or unicodedata.category(character)[0] == "L"


def _is_name(character: str) -> bool:
    return character in "_:.-\xb7" or unicodedata.category(character)[0] in "LM" or _is_digit(character)


def _is_digit(character: str) -> bool:
    return unicodedata.category(character) == "Nd"


def _is_space(character: str) -> bool:
    return character in " \t\n\r"


_ESCAPED: Mapping[str, Test] = {"d": _is_digit, "w": _is_word, "s": _is_space, "i": _is_name_start, "c": _is_name}


def negated(test: Test) -> Test:
    return lambda character: not test(character)


def escaped(letter: str) -> Test | None:
    """\\d, \\D, … or None."""
    test = _ESCAPED.get(letter.lower())
    if test is None:
        return None
    return test if letter.islower() else negated(test)


def category(name: str) -> Test | None:
    """The class named in \\p{…}, or None."""
    if name.startswith("Is"):
        block = _BLOCKS.get(name[2:])
        return None if block is None else lambda character: block[0] <= ord(character) <= block[1]
    if name not in _CATEGORIES:
        return None
    return lambda character: unicodedata.category(character).startswith(name)


def literal(wanted: str, ignore_case: bool) -> Test:
    if not ignore_case:
        return lambda character: character == wanted
    folded = wanted.casefold()
    return lambda character: character == wanted or character.casefold() == folded


def span(low: str, high: str, ignore_case: bool) -> Test:
    if not ignore_case:
        return lambda character: low <= character <= high

    def test(character: str) -> bool:
        # Both cases of both cases: the Kelvin sign is a K only by way of its small letter.
        small, capital = character.lower(), character.upper()
        return any(low <= form <= high for form in (character, small, capital, small.upper(), capital.lower()))

    return test
