# ruff: noqa: E501 - a row of the table is one line, so that its columns can be compared.
"""Every kind of letter as data. Its Chinese name is its id; its text and legal basis are the policy pack's.

``needs`` names the fields of LetterFacts that the text must state (``case`` stands for the complaint), ``deadlines`` the
clocks that it names, ``starts`` the clocks that its service (送达) starts. A letter for both parties (中止, 终止) is issued once to
each: one sheet would show each the other's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from notifications.errors import UnknownLetterKind


class Form(StrEnum):
    """LETTER is 信函格式 (GB/T 9704-2012, chapter 10); DECISION centres its number under the title; RECEIPT is a table."""

    LETTER = "letter"
    DECISION = "decision"
    RECEIPT = "receipt"


class Reader(StrEnum):
    """To whom a kind is addressed."""

    COMPLAINANT = "complainant"
    RESPONDENT = "respondent"
    RECORDED_UNIT = "recorded_unit"
    VERIFYING = "verifying_dept"
    ACCEPTING = "accepting_dept"
    REFERRING = "referring_dept"
    IMPOSING = "imposing_dept"
    CREDIT_LEAD = "credit_lead_dept"
    LATE_UNIT = "late_unit"
    ASSISTING = "assisting_unit"
    PLATFORM = "supervision_platform"
    CONTRACT_PARTY = "contract_party"
    UNITS = "units"
    FILE = "file"
    SUPERIOR = "superior_dept"


# Who may read the complainant's name: itself and those who handle its case (S2 保障措施四).
IDENTITY_READERS = frozenset({Reader.COMPLAINANT, Reader.VERIFYING, Reader.ACCEPTING, Reader.REFERRING})


@dataclass(frozen=True, slots=True)
class LetterKind:
    id: str
    code: str
    issuer: str
    addressee: Reader
    cc: tuple[str, ...] = ()
    deadlines: tuple[str, ...] = ()
    needs: tuple[str, ...] = ("case",)
    remedy: str | None = None
    starts: tuple[str, ...] = ()
    form: Form = Form.LETTER


_C, _R, _V, _A = Reader.COMPLAINANT, Reader.RESPONDENT, Reader.VERIFYING, Reader.ACCEPTING
_UNIT, _LATE = Reader.RECORDED_UNIT, Reader.LATE_UNIT
_ACC, _REF, _VER, _LEAD, _DRC, _SUP = (
    "accepting_dept", "referring_dept", "verifying_dept", "credit_lead_dept", "region_drc", "supervisor",
)  # fmt: skip
_D = Form.DECISION

# fmt: off
LETTER_KINDS: tuple[LetterKind, ...] = (
    LetterKind("投诉受理告知书", "acceptance_notice", _ACC, _C, deadlines=("referral",)),
    LetterKind("不予受理告知书", "rejection_notice", _ACC, _C, needs=("case", "reason", "proposal"), remedy="refile"),
    LetterKind("补正告知书", "supplement_notice", _ACC, _C, deadlines=("supplement",), needs=("case", "items"), starts=("supplement",)),
    LetterKind("并案告知书", "merge_notice", _ACC, _C, needs=("case", "main_case_no", "reason")),
    LetterKind("线索转交函", "referral_letter", _REF, _V, cc=(_LEAD,), deadlines=("verification", "return"), starts=("verification", "return")),
    LetterKind("退回函", "return_letter", _VER, Reader.REFERRING, needs=("case", "earlier", "reason", "proposal")),
    LetterKind("指定办理通知", "designation_notice", _LEAD, _V, cc=("disputing_units",), deadlines=("verification",), needs=("case", "designated", "reason"), starts=("verification",)),
    LetterKind("核实通知书", "verification_notice", _VER, _R, deadlines=("answer",), needs=("case", "items"), starts=("answer",)),
    LetterKind("情况说明要求函", "explanation_request", _VER, _R, deadlines=("explanation",), needs=("case", "items"), starts=("explanation",)),
    LetterKind("核实结果反馈及解释说明函", "feedback_letter", _VER, _C, deadlines=("review_request",), needs=("case", "finding", "reason"), remedy="review", starts=("review_request",)),
    LetterKind("限期整改通知书", "rectification_notice", _VER, _R, cc=(_ACC,), deadlines=("rectification",), needs=("case", "finding", "requirements"), remedy="extension", starts=("rectification",)),
    LetterKind("延期整改批准书", "rectification_extension", _VER, _R, cc=(_C,), deadlines=("rectification",), needs=("case", "earlier", "reason")),
    LetterKind("整改验收意见", "rectification_acceptance", _VER, _R, cc=(_ACC,), needs=("case", "earlier", "finding", "conclusion")),
    LetterKind("拟认定告知书", "proposed_determination", _VER, _R, deadlines=("statement",), needs=("case", "finding", "grounds"), remedy="statement", starts=("statement",)),
    LetterKind("违约失信认定书", "determination", _VER, _R, cc=(_ACC,), deadlines=("appeal",), needs=("case", "finding", "grounds", "reason"), remedy="appeal", starts=("appeal",), form=_D),
    LetterKind("认定信息报送函", "determination_report", _VER, _A, cc=(_DRC,), needs=("case", "earlier", "grounds")),
    LetterKind("失信惩戒告知书", "measure_notice", "imposing_dept", _UNIT, cc=(_VER, _LEAD), needs=("case", "earlier", "measures"), remedy="objection"),
    LetterKind("提醒函", "reminder_letter", "discipline_inspection", _R, needs=("case", "finding", "requirements")),
    LetterKind("警示函", "warning_letter", "discipline_inspection", _R, needs=("case", "finding", "requirements")),
    LetterKind("约谈通知书", "interview_notice", _SUP, _R, needs=("case", "meeting", "reason")),
    LetterKind("挂牌督办通知书", "listed_supervision", _SUP, _V, cc=(_R,), deadlines=("supervision",), needs=("case", "reason", "requirements")),
    LetterKind("典型案例推送单", "typical_case_form", _ACC, Reader.PLATFORM, needs=("case", "finding", "grounds", "reason", "proposal")),
    LetterKind("督办函", "supervision_letter", _LEAD, _LATE, cc=(_SUP,), deadlines=("supervision",), needs=("case", "reason", "requirements")),
    LetterKind("通报", "circular", _SUP, Reader.UNITS, needs=("case", "finding", "conclusion", "requirements")),
    LetterKind("异议受理回执", "objection_receipt", _DRC, _UNIT, deadlines=("objection",), needs=("case", "earlier")),
    LetterKind("更正决定书", "correction_decision", _DRC, _UNIT, cc=(_VER, "imposing_dept"), needs=("case", "earlier", "finding", "conclusion"), form=_D),
    LetterKind("撤销决定书", "revocation_decision", _VER, _UNIT, cc=(_ACC, _DRC, "imposing_dept"), needs=("case", "earlier", "reason"), form=_D),
    LetterKind("信用修复确认书", "repair_confirmation", _LEAD, _UNIT, cc=(_VER, _DRC, "imposing_dept"), deadlines=("measure_end",), needs=("case", "earlier", "finding")),
    LetterKind("终止惩戒通知", "measure_end_notice", "imposing_dept", _UNIT, cc=(_LEAD,), needs=("case", "earlier", "measures")),
    LetterKind("风险预警提示函", "risk_alert", _LEAD, Reader.CONTRACT_PARTY, cc=("competent_dept",), needs=("subject_unit", "finding", "proposal")),
    LetterKind("半年报告", "half_year_report", _ACC, Reader.CREDIT_LEAD, needs=("period", "finding", "items")),
    LetterKind("年度报告", "annual_report", _ACC, Reader.CREDIT_LEAD, needs=("period", "finding", "items")),
    LetterKind("季度监测通报", "quarterly_circular", _DRC, Reader.UNITS, needs=("period", "finding", "items", "requirements")),
    LetterKind("办理结果反馈函", "result_feedback", _VER, _C, deadlines=("review_request",), needs=("case", "finding", "conclusion"), remedy="review", starts=("review_request",)),
    LetterKind("延期办理告知书", "handling_extension", _VER, _C, deadlines=("handling",), needs=("case", "reason")),
    LetterKind("中止办理告知书", "suspension_notice", _VER, _C, needs=("case", "reason", "conclusion")),
    LetterKind("终止办理告知书", "termination_notice", _VER, _C, needs=("case", "reason"), remedy="refile"),
    LetterKind("协办函", "assist_request", _VER, Reader.ASSISTING, deadlines=("assist",), needs=("case", "items"), starts=("assist",)),
    LetterKind("催办函", "urge_letter", _LEAD, _LATE, deadlines=("overdue",), needs=("case", "reason")),
    LetterKind("督办书", "supervision_order", _VER, _R, cc=(_ACC,), deadlines=("supervision",), needs=("case", "finding", "requirements"), form=_D),
    LetterKind("复核决定书", "review_decision", "review_body", _C, cc=(_VER,), needs=("case", "earlier", "finding", "reason", "conclusion"), remedy="final", form=_D),
    LetterKind("信访处理意见书", "petition_opinion", _VER, _C, deadlines=("petition_review",), needs=("case", "finding", "reason", "conclusion"), remedy="petition_review", starts=("petition_review",), form=_D),
    LetterKind("提级督办函", "superior_supervision_letter", _SUP, Reader.SUPERIOR, cc=(_LEAD,), deadlines=("overdue",), needs=("case", "earlier", "reason", "subject_unit")),
    LetterKind("销号通知", "order_closing", _SUP, _LATE, needs=("case", "earlier", "conclusion")),
    LetterKind("文书撤回通知", "letter_withdrawal", _VER, Reader.UNITS, needs=("case", "earlier", "reason")),
    LetterKind("送达回证", "service_receipt", _VER, Reader.FILE, needs=("case", "earlier", "service"), form=Form.RECEIPT),
)

DEADLINE_NAMES: dict[str, str] = {
    "referral": "转交", "supplement": "补正", "verification": "核实", "return": "退回", "answer": "答复",
    "explanation": "书面说明", "review_request": "申请复核", "rectification": "整改", "statement": "陈述申辩",
    "appeal": "不服认定申请复核", "supervision": "督办", "objection": "异议处理", "measure_end": "终止惩戒",
    "handling": "办理", "assist": "协办", "overdue": "逾期", "petition_review": "信访复查",
}
# fmt: on

_BY_ID = {kind.id: kind for kind in LETTER_KINDS}


def letter_kind(kind_id: str) -> LetterKind:
    """The row of ``kind_id``. Raises UnknownLetterKind."""
    try:
        return _BY_ID[kind_id]
    except KeyError:
        raise UnknownLetterKind(f"没有“{kind_id}”这种文书。现有：{'、'.join(_BY_ID)}。") from None
