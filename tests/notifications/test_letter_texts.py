"""Every kind of letter can be written, and refuses to be written with a hole in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from notifications.errors import IdentityLeak, LetterTextBroken, LetterTextMissing, MissingFact, UnknownLetterKind
from notifications.letters.facts import LetterFacts, as_json, from_json
from notifications.letters.identity import identity_hidden
from notifications.letters.kinds import DEADLINE_NAMES, LETTER_KINDS, letter_kind
from notifications.letters.render import compose, render_text
from notifications.letters.texts import LetterTexts
from notifications.letters.wording import date_zh, document_number, money_zh
from tests.notifications.letter_builders import (
    CASE,
    COMPLAINANT,
    NMG,
    RESPONDENT,
    all_kind_ids,
    full_facts,
    nmg_texts,
)

# The letters that the procedure needs, with the names that stand between slashes told apart.
# fmt: off
NAMES_OF_1C = [
    "投诉受理告知书", "不予受理告知书", "补正告知书", "并案告知书", "线索转交函",
    "核实通知书", "情况说明要求函", "核实结果反馈及解释说明函", "限期整改通知书", "延期整改批准书",
    "整改验收意见", "违约失信认定书", "认定信息报送函", "失信惩戒告知书", "提醒函",
    "警示函", "约谈通知书", "挂牌督办通知书", "典型案例推送单", "督办函",
    "通报", "异议受理回执", "更正决定书", "撤销决定书", "信用修复确认书",
    "终止惩戒通知", "风险预警提示函", "半年报告", "年度报告", "季度监测通报",
    "拟认定告知书", "办理结果反馈函", "延期办理告知书", "中止办理告知书", "终止办理告知书",
    "退回函", "指定办理通知", "催办函", "督办书", "复核决定书",
    "信访处理意见书", "送达回证",
]
# fmt: on

EMPTY: dict[str, Any] = {"requirements": (), "grounds": (), "items": (), "measures": (), "deadlines": ()}


def test_every_letter_of_the_requirements_is_a_kind() -> None:
    assert set(NAMES_OF_1C) <= set(all_kind_ids())


def test_codes_and_names_are_unique() -> None:
    assert len({kind.code for kind in LETTER_KINDS}) == len({kind.id for kind in LETTER_KINDS}) == len(LETTER_KINDS)


@pytest.mark.parametrize("kind", all_kind_ids())
def test_a_letter_states_basis_case_deadlines_and_contact(kind: str) -> None:
    facts = full_facts(kind)
    sheet = compose(facts, nmg_texts())
    text = sheet.text()
    assert "根据《" in text or "参照《" in text
    assert "{" not in text
    assert "None" not in text
    assert "。。" not in text
    assert facts.addressee in text
    assert "0597-8000000" in text
    if facts.case is not None:
        assert "YL-2026-000107" in text
        assert "QSJS-2024-031" in text
    for deadline in facts.deadlines:
        assert "2026年9月22日24时" in "".join(sheet.body), deadline.name
        assert f"{DEADLINE_NAMES[deadline.name]}期限：3个工作日，到期日为2026年9月22日24时。" in text


@pytest.mark.parametrize("kind", all_kind_ids())
def test_a_letter_refuses_each_missing_fact_and_names_it(kind: str) -> None:
    facts = full_facts(kind)
    for field in letter_kind(kind).needs:
        with pytest.raises(MissingFact, match=field) as refused:
            render_text(replace(facts, **{field: EMPTY.get(field)}), nmg_texts())
        assert kind in str(refused.value)


@pytest.mark.parametrize("kind", [kind.id for kind in LETTER_KINDS if kind.deadlines])
def test_a_letter_refuses_a_missing_deadline(kind: str) -> None:
    with pytest.raises(MissingFact, match=r"deadlines\."):
        render_text(full_facts(kind, deadlines=()), nmg_texts())


def test_a_case_without_number_is_refused() -> None:
    with pytest.raises(MissingFact, match=r"投诉编号.*case\.case_no"):
        render_text(full_facts("线索转交函", case=replace(CASE, case_no=" ")), nmg_texts())


def test_a_clock_that_service_starts_may_be_without_date_in_the_draft() -> None:
    facts = full_facts("限期整改通知书")
    undated = replace(facts, deadlines=tuple(replace(d, due=None, derivation="") for d in facts.deadlines))
    assert "自收到本通知书之日起3个工作日内完成" in render_text(undated, nmg_texts())


def test_a_clock_that_runs_already_must_have_its_date() -> None:
    facts = full_facts("投诉受理告知书")
    undated = replace(facts, deadlines=tuple(replace(d, due=None) for d in facts.deadlines))
    with pytest.raises(MissingFact, match=r"deadlines\.referral\.due"):
        render_text(undated, nmg_texts())


def test_a_provisional_date_says_so_in_body_and_annex() -> None:
    facts = full_facts("投诉受理告知书")
    sheet = compose(replace(facts, deadlines=tuple(replace(d, provisional=True) for d in facts.deadlines)), nmg_texts())
    assert "暂定2026年9月22日24时前" in "".join(sheet.body)
    assert "暂按法定节假日推算" in sheet.text()


@pytest.mark.parametrize("kind", [kind.id for kind in LETTER_KINDS if "case" in kind.needs])
def test_who_need_not_know_never_reads_the_complainants_name(kind: str) -> None:
    told = f"{COMPLAINANT}多次催要，{COMPLAINANT}提供了合同"
    facts = full_facts(
        kind,
        case=replace(CASE, claims=told, contract_name=f"{COMPLAINANT}施工合同"),
        **dict.fromkeys(("reason", "finding", "conclusion", "proposal"), told),
        requirements=(told,),
        items=(told,),
        cc=(COMPLAINANT,) if kind == "延期整改批准书" else (),
    )
    text = compose(facts, nmg_texts()).text()
    assert (COMPLAINANT in text) is not identity_hidden(facts)


def test_respondent_letters_hide_the_complainant_and_a_disclosed_one_is_named() -> None:
    facts = full_facts("核实通知书", reason=None, items=(f"与{COMPLAINANT}签订的合同",))
    assert COMPLAINANT not in render_text(facts, nmg_texts())
    disclosed = replace(facts, case=replace(CASE, identity_disclosed=True))
    assert COMPLAINANT in render_text(disclosed, nmg_texts())


def test_a_letter_for_both_parties_hides_the_name_on_the_respondents_sheet() -> None:
    assert identity_hidden(full_facts("中止办理告知书", addressee=RESPONDENT))
    assert not identity_hidden(full_facts("中止办理告知书"))


def test_an_officer_who_types_the_name_into_a_respondents_letter_is_stopped() -> None:
    for typed in (f"请向{COMPLAINANT}付款。", f"请向{COMPLAINANT[:4]}\n{COMPLAINANT[4:]}付款。"):
        with pytest.raises(IdentityLeak) as stopped:
            compose(full_facts("限期整改通知书"), nmg_texts(), body=typed)
        assert COMPLAINANT not in str(stopped.value)


def test_the_officers_body_replaces_the_packs() -> None:
    sheet = compose(full_facts("线索转交函"), nmg_texts(), body="第一段。\n\n 第二段。\n")
    assert sheet.body == ("第一段。", "第二段。")


def test_a_channel_with_its_own_rules_cites_them() -> None:
    own = full_facts("线索转交函", case=replace(CASE, channel="SME"))
    assert "《保障中小企业款项支付条例》第二十五条" in render_text(own, nmg_texts())
    assert "1444号" in render_text(full_facts("线索转交函"), nmg_texts())


def test_an_unsigned_promise_has_no_contract_and_no_number() -> None:
    promise = replace(CASE, contract_name=None, contract_no=None, amount=None)
    text = render_text(full_facts("投诉受理告知书", case=promise), nmg_texts())
    assert f"反映{RESPONDENT}未履行承诺，投诉事项为：" in text
    assert "合同编号" not in text


def test_articles_of_one_document_share_its_name() -> None:
    text = render_text(full_facts("认定信息报送函"), nmg_texts())
    assert "（内发改财金〔2023〕1444号）第二部分第3条、第二部分第4条" in text
    assert text.count("1444号") == 1


def test_a_default_basis_reads_by_analogy() -> None:
    assert "参照《" in render_text(full_facts("补正告知书"), nmg_texts())


def test_a_pack_overrides_text_and_basis_and_inherits_the_rest(tmp_path: Path) -> None:
    (tmp_path / "催办函.j2").write_text("本旗催办：{{ 依据 }}。", encoding="utf-8")
    (tmp_path / "letters.yaml").write_text(
        "letters:\n  催办函: {title: 催办, basis: [《某旗办法》第二条], source: law}\n", encoding="utf-8"
    )
    texts = LetterTexts((tmp_path, *NMG))
    assert render_text(full_facts("催办函"), texts) == "本旗催办：根据《某旗办法》第二条。\n"
    assert "1444号" in render_text(full_facts("线索转交函"), texts)


def test_texts_may_be_borrowed_without_the_law_of_the_lender(tmp_path: Path) -> None:
    with pytest.raises(LetterTextMissing, match="法律依据"):
        render_text(full_facts("催办函"), LetterTexts((tmp_path, *NMG), basis_folders=(tmp_path,)))


def test_a_text_that_names_an_unknown_fact_is_refused(tmp_path: Path) -> None:
    (tmp_path / "催办函.j2").write_text("{{ 没有的事实 }}", encoding="utf-8")
    with pytest.raises(LetterTextBroken, match="没有的事实"):
        render_text(full_facts("催办函"), LetterTexts((tmp_path, *NMG)))


def test_an_unknown_kind_is_refused_with_the_list() -> None:
    with pytest.raises(UnknownLetterKind, match="线索转交函"):
        render_text(full_facts("线索转交函", kind="表扬信"), nmg_texts())


@pytest.mark.parametrize("kind", all_kind_ids())
def test_facts_survive_storage(kind: str) -> None:
    facts: LetterFacts = full_facts(kind)
    assert from_json(as_json(facts)) == facts


def test_dates_sums_and_numbers_are_written_as_the_standard_asks() -> None:
    assert date_zh(date(2026, 1, 5)) == "2026年1月5日"
    assert [money_zh(Decimal(sum_)) for sum_ in ("860", "12805000.00", "10000", "123456.78", "9999.50")] == [
        "860元", "1280.5万元", "1万元", "12.345678万元", "9999.5元",
    ]  # fmt: skip
    assert document_number("云岭信转", 2026, 7) == "云岭信转〔2026〕7号"
    with pytest.raises(ValueError, match="n >= 1"):
        document_number("云岭信转", 2026, 0)
