"""A letter as PDF. The same facts and body give the same bytes, so that a retry issues the same letter."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from notifications.letters.facts import LetterFacts
from notifications.letters.fonts import LetterFonts
from notifications.letters.kinds import Form, letter_kind
from notifications.letters.render import Sheet, compose
from notifications.letters.texts import LetterTexts

_TEMPLATE = Path(__file__).with_name("letter.typ")
# Midnight in Asia/Shanghai, in UTC: the creation date that the file states is the day of issue, not of the retry.
_SHANGHAI_MIDNIGHT = timedelta(hours=-8)


def render_pdf(facts: LetterFacts, texts: LetterTexts, fonts: LetterFonts, body: str | None = None) -> bytes:
    """PDF/A-2b of the letter; ``body`` is the officer's text, None takes the pack's. Without ``doc_no``: 草稿.

    Raises the errors of ``render_text``. Takes some 50 ms and the caller's thread: async code runs it in a thread.
    """
    pdf: bytes = _compile(facts, compose(facts, texts, body), fonts, output="pdf", pdf_standards="a-2b")
    return pdf


def _compile(facts: LetterFacts, sheet: Sheet, fonts: LetterFonts, output: str, **options: Any) -> Any:
    issued, form = facts.issued_on, letter_kind(facts.kind).form
    # Text travels as JSON and is set as a string: nothing that a user typed is read as markup.
    data = asdict(sheet) | {
        "form": form.value,
        "number": facts.doc_no,
        # A 送达回证 is a record and bears no number: its date alone tells that it is done.
        "draft": facts.issued_on is None if form is Form.RECEIPT else facts.doc_no is None,
    }
    day = datetime(issued.year, issued.month, issued.day, tzinfo=UTC) if issued else datetime(1970, 1, 2, tzinfo=UTC)
    return typst.compile(
        _template(),
        font_paths=fonts.index,
        sys_inputs={"sheet": json.dumps(data, ensure_ascii=False)},
        format=output,  # type: ignore[call-overload, unused-ignore]
        timestamp=int((day + _SHANGHAI_MIDNIGHT).timestamp()),
        **options,
    )


@lru_cache(maxsize=1)
def _template() -> bytes:
    return _TEMPLATE.read_bytes()
