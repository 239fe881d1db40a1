"""The typeset letter: what it says, how it looks, that a retry gives the same bytes."""

from __future__ import annotations

import io
import time
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from notifications.errors import FontsMissing
from notifications.letters.fonts import LetterFonts, load_fonts
from notifications.letters.typeset import render_pdf
from notifications.letters.woff import unpack_woff
from tests.notifications.letter_builders import CASE, RESPONDENT, all_kind_ids, full_facts, nmg_texts

MILLIMETRE = 72 / 25.4


@pytest.fixture(scope="module")
def fonts() -> LetterFonts:
    return load_fonts()


def _text(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


@pytest.mark.parametrize("kind", all_kind_ids())
def test_the_pdf_of_every_kind_says_who_what_and_by_when(kind: str, fonts: LetterFonts) -> None:
    facts = full_facts(kind)
    text = _text(render_pdf(facts, nmg_texts(), fonts))
    for said in ("云岭信转〔2026〕7号", "2026年9月18日", "0597-8000000", "云岭市发展和改革委员会"):
        assert said in text
    if kind != "送达回证":
        assert facts.addressee in text
    if facts.deadlines:
        assert "2026年9月22日24时" in text
        assert "期限计算说明" in text
    assert "号）第" in text or "条例》第" in text


def test_the_same_facts_give_the_same_bytes(fonts: LetterFonts) -> None:
    facts = full_facts("违约失信认定书")
    assert render_pdf(facts, nmg_texts(), fonts) == render_pdf(facts, nmg_texts(), fonts)


def test_a_letter_takes_under_a_second(fonts: LetterFonts) -> None:
    render_pdf(full_facts("线索转交函"), nmg_texts(), fonts)
    started = time.perf_counter()
    render_pdf(full_facts("违约失信认定书"), nmg_texts(), fonts)
    assert time.perf_counter() - started < 1.0


def test_the_page_is_a4_and_pages_from_the_second_on_are_numbered(fonts: LetterFonts) -> None:
    pages = pypdf.PdfReader(io.BytesIO(render_pdf(full_facts("线索转交函"), nmg_texts(), fonts))).pages
    for page in pages:
        assert (page.mediabox.width, page.mediabox.height) == pytest.approx((210 * MILLIMETRE, 297 * MILLIMETRE), 1e-3)
    texts = ["".join(page.extract_text().split()) for page in pages]
    assert "—1—" not in texts[0]
    assert "—2—" in texts[1]


def test_a_letter_without_number_is_marked_as_a_draft(fonts: LetterFonts) -> None:
    draft = replace(full_facts("线索转交函"), doc_no=None, issued_on=None)
    assert "草稿" in _text(render_pdf(draft, nmg_texts(), fonts))
    assert "草稿" not in _text(render_pdf(full_facts("线索转交函"), nmg_texts(), fonts))


def test_a_receipt_needs_no_number_to_be_final(fonts: LetterFonts) -> None:
    receipt = full_facts("送达回证", doc_no=None)
    assert "草稿" not in _text(render_pdf(receipt, nmg_texts(), fonts))
    assert "草稿" in _text(render_pdf(replace(receipt, issued_on=None), nmg_texts(), fonts))


def test_the_creation_date_is_the_day_of_issue(fonts: LetterFonts) -> None:
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(full_facts("线索转交函"), nmg_texts(), fonts)))
    assert reader.metadata is not None
    assert "20260917160000" in str(reader.metadata["/CreationDate"])


def test_what_an_officer_types_is_text_and_not_markup(fonts: LetterFonts) -> None:
    typed = '#panic("x") $x$ *粗* @a <b> \\ "引号" [括号] {{ 主送 }} 𠮷𫖮'
    assert '#panic("x")$x$*粗*@a<b>\\' in _text(render_pdf(full_facts("线索转交函"), nmg_texts(), fonts, body=typed))


def test_rare_characters_have_a_glyph_and_no_box(fonts: LetterFonts) -> None:
    names = "喆堃旻昇煊珺"
    facts = full_facts("限期整改通知书", addressee=names, case=replace(CASE, respondent=RESPONDENT))
    assert names in _text(render_pdf(facts, nmg_texts(), fonts))


def test_a_very_long_issuer_still_fits_one_line_of_the_head(fonts: LetterFonts) -> None:
    long_name = "内蒙古自治区云岭市青松旗社会信用体系建设工作领导小组办公室"
    pdf = render_pdf(full_facts("催办函", issuer=long_name), nmg_texts(), fonts)
    assert pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().splitlines()[0].strip() == long_name


def test_missing_typefaces_are_told_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(FontsMissing, match="npm ci"):
        load_fonts(tmp_path)


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(FontsMissing, match="缓存目录"):
        load_fonts(cache=tmp_path / "cache")


def test_what_is_no_woff_is_refused() -> None:
    with pytest.raises(ValueError, match=r"WOFF 1\.0"):
        unpack_woff(b"OTTO" + b"\0" * 60)
