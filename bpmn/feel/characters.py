"""Character classes of FEEL names (DMN 1.5, 10.3.1.2, rules 28 to 30) and its white space (rules 61, 62)."""

_START_RANGES = (
    (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF), (0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F),
    (0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF),
)
_PART_RANGES = ((0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040))
WHITE_SPACE = frozenset(
    "\t\n\x0b\x0c\r \x85\xa0\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)


def is_name_start(character: str) -> bool:
    if character < "\x80":
        return character.isalpha() or character in "?_"
    if character in WHITE_SPACE:
        return False
    code = ord(character)
    return any(low <= code <= high for low, high in _START_RANGES)


def is_name_part(character: str) -> bool:
    if character < "\x80":
        return character.isalnum() or character in "?_"
    code = ord(character)
    return is_name_start(character) or any(low <= code <= high for low, high in _PART_RANGES)
