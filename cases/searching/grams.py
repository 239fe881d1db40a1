"""Pieces of a text by which an inverted index finds every part of it: two characters, three within ASCII.

Chinese has no blanks to part words at, and two of its characters are rare enough; two digits are not. A piece that
begins at every character makes the search for a single character a search for the beginning of a piece.
"""

from __future__ import annotations

from collections.abc import Iterator


def pieces(text: str) -> list[str]:
    """Of a folded text, without repetition."""
    return list(dict.fromkeys(_piece(text, at) for at in range(len(text))))


def query(word: str) -> str:
    """A ``tsquery`` that every text with this folded word fulfils; others may, so the word itself is looked for then.

    Pieces that end with the word go on in the text in ways that are unknown: of those only the beginning is asked for.
    """
    whole = dict.fromkeys(_quoted(piece) for piece in _whole(word))
    end = word[-2:] if word[-2:].isascii() else word[-1:]
    begun = [f"{_quoted(end)}:*"] if not whole or (end.isascii() and len(end) == 2) else []
    return " & ".join((*whole, *begun))


def _piece(text: str, at: int) -> str:
    three = text[at : at + 3]
    return three if three.isascii() else three[:2]


def _whole(word: str) -> Iterator[str]:
    for at in range(len(word) - 1):
        piece = _piece(word, at)
        if len(piece) == 3 or not piece.isascii() or at + 2 < len(word):
            yield piece


def _quoted(piece: str) -> str:
    return "'" + piece.replace("\\", "\\\\").replace("'", "''") + "'"
