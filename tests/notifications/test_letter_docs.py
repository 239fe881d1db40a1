"""docs/letters.md and the packs hold to the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from notifications.letters.context import letter_context
from notifications.letters.kinds import LETTER_KINDS, LetterKind
from tests.notifications.letter_builders import NMG, full_facts, nmg_texts

DOCS = (Path(__file__).resolve().parents[2] / "docs" / "letters.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", LETTER_KINDS, ids=lambda kind: str(kind.id))
def test_every_kind_and_placeholder_is_documented(kind: LetterKind) -> None:
    assert f"| {kind.id} | `{kind.code}` | {kind.issuer} |" in DOCS
    context = letter_context(full_facts(kind.id), nmg_texts().basis(kind.id, None))
    for name in context:
        assert f"`{name}" in DOCS


def test_no_text_is_without_a_kind() -> None:
    assert {path.stem for path in NMG[0].glob("*.j2")} == {kind.id for kind in LETTER_KINDS}
