"""A text is found by each of its parts, in whatever width, case or script it is typed."""

from __future__ import annotations

import random

import pytest

from cases.searching.folding import folded, words
from cases.searching.grams import pieces, query


@pytest.mark.parametrize(
    ("typed", "found"),
    [("供熱管網項目", "供热管网项目"), ("ＨＴ－２０２５", "ht-2025"), ("拖 欠\u3000款", "拖欠款"), ("", "")],
)
def test_one_spelling_for_every_width_case_and_script(typed: str, found: str) -> None:
    assert folded(typed) == found


def test_words_are_parted_by_blanks_of_any_width_and_asked_for_once() -> None:
    assert words("供熱\u3000尾款  供热") == ["供热", "尾款"]


def fulfils(text: str, wanted: str) -> bool:
    """What PostgreSQL answers for ``array_to_tsvector(pieces) @@ query``."""
    have = set(pieces(text))
    for term in wanted.split(" & "):
        prefix = term.endswith(":*")
        piece = term.removesuffix(":*")[1:-1].replace("''", "'").replace("\\\\", "\\")
        if not (any(one.startswith(piece) for one in have) if prefix else piece in have):
            return False
    return True


@pytest.mark.parametrize("seed", range(20))
def test_every_part_of_a_text_is_found_by_its_pieces(seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(chance.choice("供热管网项目款ab1207-'\\、") for _ in range(chance.randint(1, 24)))
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            assert fulfils(text, query(text[start:end])), (seed, text, text[start:end])


@pytest.mark.parametrize(("text", "word"), [("供热管网", "热网"), ("ht-2025", "2052"), ("工程", "没"), ("ab款", "bc")])
def test_what_a_text_lacks_is_not_found(text: str, word: str) -> None:
    assert not fulfils(text, query(word))
