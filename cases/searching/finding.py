"""Which cases have these words: conditions of a query over cases, for the rows that are read and for the index."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, cast, select
from sqlalchemy.dialects.postgresql import TSQUERY

from cases.searching.folding import words
from cases.searching.grams import query
from cases.tables.searching import CaseText

# More words than anybody remembers of a title; each costs a look at every row that has the others.
MAX_WORDS = 8


def sought(text: str) -> list[str]:
    return words(text)[:MAX_WORDS]


def having(found: Sequence[str]) -> list[ColumnElement[bool]]:
    """Of a query joined to ``case_text``."""
    return [CaseText.text.contains(word, autoescape=True) for word in found]


def indexed(found: Sequence[str]) -> Select[str]:
    """The ids of all cases with these words, by the index; the pieces of a word may also stand apart, so it is read."""
    pieces = cast(" & ".join(query(word) for word in found), TSQUERY)
    return select(CaseText.id).where(CaseText.pieces.op("@@")(pieces), *having(found))
