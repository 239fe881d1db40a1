"""Builds complete facts for every kind of letter, around one fictional complaint."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from notifications.letters.facts import (
    CaseFacts,
    Contact,
    EarlierLetter,
    LetterDeadline,
    LetterFacts,
    MeasureFacts,
    Meeting,
    ServiceFacts,
)
from notifications.letters.kinds import LETTER_KINDS, Reader, letter_kind
from notifications.letters.texts import LetterTexts

POLICIES = Path(__file__).resolve().parents[2] / "policies"
NMG = (POLICIES / "nmg-2023" / "letters",)
COMPLAINANT = "云岭宏远建材有限公司"
RESPONDENT = "青松旗住房和城乡建设局"

CASE = CaseFacts(
    case_no="YL-2026-000107",
    received_on=date(2026, 9, 17),
    channel="COL",
    channel_zh="“信用中国（内蒙古）”网站政府违约失信投诉专栏",
    complainant=COMPLAINANT,
    respondent=RESPONDENT,
    claims="工程竣工验收合格后拖欠工程款，经多次催要至今未付",
    contract_name="青松旗第三中学附属道路建设工程施工合同",
    contract_no="QSJS-2024-031",
    amount=Decimal("12805000.00"),
)
CONTACT = Contact(unit="云岭市发展和改革委员会信用科", phone="0597-8000000", person="王某某")
EARLIER = EarlierLetter(title="政府违约失信限期整改通知书", doc_no="云岭住建改〔2026〕3号", issued_on=date(2026, 9, 25))
DERIVATION = """起算日为2026年9月18日（星期五），该日不计入。
9月19日（星期六）休息，9月20日（星期日）调休上班，计第1个工作日。
9月21日（星期一）计第2个工作日；9月22日（星期二）计第3个工作日，期限于当日24时届满。"""
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_ADDRESSEES = {
    Reader.COMPLAINANT: COMPLAINANT,
    Reader.RESPONDENT: RESPONDENT,
    Reader.RECORDED_UNIT: RESPONDENT,
    Reader.UNITS: "各旗县（市、区）人民政府，市直各部门",
    Reader.PLATFORM: "自治区党委监督贯通协调平台",
}


def deadline(name: str) -> LetterDeadline:
    return LetterDeadline(name=name, limit="3个工作日", due=date(2026, 9, 22), derivation=DERIVATION)


def full_facts(kind_id: str, **changes: Any) -> LetterFacts:
    """An issued letter of ``kind_id`` that lacks nothing."""
    kind = letter_kind(kind_id)
    facts = LetterFacts(
        kind=kind_id,
        issuer="云岭市发展和改革委员会",
        addressee=_ADDRESSEES.get(kind.addressee, "青松旗人民政府"),
        contact=CONTACT,
        case=CASE if "case" in kind.needs else None,
        doc_no="云岭信转〔2026〕7号",
        issued_on=date(2026, 9, 18),
        deadlines=tuple(deadline(name) for name in kind.deadlines),
        reason="该工程已于2025年6月30日竣工验收合格，付款条件已经成就，被投诉主体未能提供不付款的正当理由",
        finding="2024年3月12日双方签订施工合同，约定竣工验收合格后60日内付清工程款；截至核实之日，尚有1280.5万元未支付",
        conclusion="已按整改要求支付全部工程款1280.5万元，准予通过验收",
        requirements=("向投诉人支付拖欠的工程款1280.5万元", "按照合同约定支付逾期付款利息"),
        grounds=("逾期未完成整改且无正当理由",),
        items=("施工合同及补充协议", "竣工验收及结算资料", "已付款凭证和未付款的原因说明"),
        proposal="可通过“违约拖欠中小企业款项登记（投诉）平台”反映",
        designated="青松旗人民政府",
        assisting=("青松旗财政局",),
        main_case_no="YL-2026-000101",
        outstanding=Decimal("12805000"),
        earlier=EARLIER,
        measures=(
            MeasureFacts(title="限制各类融资项目推荐", target=RESPONDENT, from_day=date(2026, 11, 20)),
            MeasureFacts(
                title="取消评优评先资格", target=RESPONDENT, from_day=date(2026, 11, 20), until_day=date(2027, 11, 19)
            ),
        ),
        meeting=Meeting(
            at=datetime(2026, 10, 12, 9, 30, tzinfo=_SHANGHAI),
            place="云岭市人民政府三楼会议室",
            persons="主要负责人、分管负责人",
            topic="拖欠工程款问题的整改进展",
        ),
        service=ServiceFacts(
            method="直接送达",
            recipient=RESPONDENT,
            served_at=datetime(2026, 9, 25, 10, 5, tzinfo=_SHANGHAI),
            server="李某某、赵某某",
            place="青松旗住房和城乡建设局办公室",
        ),
        period="2026年第三季度",
        subject_unit="青松旗城市建设投资中心",
    )
    return replace(facts, **changes)


def all_kind_ids() -> list[str]:
    return [kind.id for kind in LETTER_KINDS]


def nmg_texts() -> LetterTexts:
    return LetterTexts(NMG)
