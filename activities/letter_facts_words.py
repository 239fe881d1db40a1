"""What each kind of letter says of its case: kind to field to where the words come from.

A person's words come first; a neutral sentence from the rows stands where nobody wrote one. None leaves a gap.
"""

from __future__ import annotations

from collections.abc import Callable

from activities import letter_facts_findings as findings
from activities import letter_facts_orders as orders
from activities import letter_facts_risk as risk
from activities import letter_facts_supervision as supervision
from activities.letter_facts_file import CaseFile

Source = Callable[[CaseFile], object]


def said(act: str, *keys: str, otherwise: str | Callable[[CaseFile], str | None] | None = None) -> Source:
    """What a person entered for ``act``, else ``otherwise``."""

    def source(file: CaseFile) -> object:
        given = file.words(act, *keys)
        if given is not None:
            return given
        return otherwise(file) if callable(otherwise) else otherwise

    return source


def _reported(act: str, done: str) -> Source:
    return lambda file: findings.reported(file, act, done)


_VERIFIED: dict[str, Source] = {"finding": findings.verified}
_GROUNDS: dict[str, Source] = {"grounds": findings.ground_titles}
_LEFT: dict[str, Source] = {"outstanding": findings.unpaid}

WORDS: dict[str, dict[str, Source]] = {
    "不予受理告知书": {"reason": said("reject", "reason"), "proposal": orders.guidance},
    "补正告知书": {"items": orders.listed("request_supplement", "missing")},
    "并案告知书": {"main_case_no": said("merge", "into"), "reason": orders.same_matter},
    "退回函": {"reason": said("return_referral", "reason"), "proposal": lambda file: orders.RETURNED},
    "指定办理通知": {
        "designated": lambda file: file.name(file.words("designate", "to")),
        "reason": said("designate", "reason", otherwise=orders.DISPUTED),
    },
    "核实通知书": {"items": orders.listed("ask_respondent", "questions", otherwise=orders.QUESTIONS)},
    "情况说明要求函": {"items": orders.listed("ask_explanation", "questions", otherwise=orders.EXPLANATIONS)},
    "核实结果反馈及解释说明函": {
        "finding": findings.examined,
        "reason": said("feedback", "explanation", otherwise=findings.verified),
    },
    "限期整改通知书": {**_VERIFIED, "requirements": orders.rectification},
    "延期整改批准书": {
        "reason": said("request_extension", "reason", otherwise=lambda file: file.words("approve_extension", "reason"))
    },
    "延期办理告知书": {
        "reason": said("approve_extension", "reason", otherwise=lambda file: file.words("request_extension", "reason"))
    },
    "整改验收意见": {
        "finding": _reported("report_rectification", "完成整改"),
        "conclusion": said("accept_rectification", "opinion", otherwise="已按要求完成整改，准予通过验收"),
    },
    "办理结果反馈函": {
        "finding": findings.rectified,
        "conclusion": said("accept_rectification", "opinion", otherwise="被投诉主体已完成整改，经验收通过"),
    },
    "拟认定告知书": {"finding": findings.conduct, **_GROUNDS},
    "违约失信认定书": {"finding": findings.conduct, **_GROUNDS, "reason": findings.determined, **_LEFT},
    "认定信息报送函": {**_GROUNDS, **_LEFT},
    "失信惩戒告知书": {"measures": orders.measures},
    "终止惩戒通知": {"measures": orders.measures},
    "约谈通知书": {"meeting": orders.meeting, "reason": said("interview", "reason", otherwise=risk.interviewed)},
    "提醒函": {
        "finding": said("send_reminder", "finding", otherwise=risk.finding),
        "requirements": orders.listed("send_reminder", "words", otherwise=risk.REMINDED),
    },
    "警示函": {
        "finding": said("send_warning", "finding", otherwise=risk.finding),
        "requirements": risk.warned,
    },
    "督办书": {
        "finding": said("supervise", "reason", otherwise=orders.unfinished),
        "requirements": lambda file: orders.SUPERVISED,
    },
    "挂牌督办通知书": {
        "reason": said("list_supervision", "reason", otherwise=supervision.reason),
        "requirements": supervision.requirements,
    },
    "通报": {
        "finding": said("circulate", "words", otherwise=findings.conduct),
        "conclusion": orders.circulated,
        "requirements": lambda file: orders.CIRCULATED,
    },
    "典型案例推送单": {
        "finding": orders.pushed,
        "grounds": orders.pushed_grounds,
        **_LEFT,
        "reason": said("confirm_escalation", "reason", otherwise=orders.triggers),
        "proposal": lambda file: f"督促{file.respondent}履行尚未履行的义务，并反馈督办结果",
    },
    "督办函": {"reason": supervision.supervised, "requirements": supervision.requirements},
    "提级督办函": {
        "reason": said("raise_order", "reason", otherwise="已经提醒和催办，仍未答复"),
        "subject_unit": supervision.addressee,
    },
    "销号通知": {"conclusion": said("close_order", "conclusion")},
    "文书撤回通知": {
        "reason": said("withdraw_order", "reason", otherwise=lambda file: file.words("withdraw_escalation", "reason"))
    },
    "催办函": {"reason": said("urge", "words", otherwise=orders.late_clock)},
    "更正决定书": {"finding": orders.objection, "conclusion": orders.correction},
    "撤销决定书": {"reason": orders.revocation},
    "信用修复确认书": {"finding": orders.performed},
    "复核决定书": {
        **_VERIFIED, "reason": orders.review_reason, "conclusion": orders.review, "proposal": orders.next_review,
    },
    "协办函": {"items": orders.listed("invite_assist", "questions")},
    "中止办理告知书": {"reason": orders.suspended, "conclusion": lambda file: orders.SUSPENDED},
    "终止办理告知书": {"reason": lambda file: "投诉人自愿撤回投诉"},
    "信访处理意见书": {
        **_VERIFIED,
        "reason": said("conclude_petition", "reason", otherwise=findings.verified),
        "conclusion": said("conclude_petition", "opinion"),
    },
}  # fmt: skip

# The act that leads to a letter; the submission of it that is the latest when the letter is prepared is its cause.
CAUSES: dict[str, tuple[str, ...]] = {
    "不予受理告知书": ("reject",), "补正告知书": ("request_supplement",), "并案告知书": ("merge",),
    "线索转交函": ("refer",), "退回函": ("return_referral",), "指定办理通知": ("designate",),
    "核实通知书": ("ask_respondent",), "情况说明要求函": ("ask_explanation",),
    "核实结果反馈及解释说明函": ("feedback",), "限期整改通知书": ("verify",),
    "延期整改批准书": ("approve_extension",), "延期办理告知书": ("approve_extension",),
    "整改验收意见": ("accept_rectification",), "办理结果反馈函": ("accept_rectification",),
    "拟认定告知书": ("notify_determination",), "违约失信认定书": ("determine",), "认定信息报送函": ("determine",),
    "失信惩戒告知书": ("impose_measure",), "终止惩戒通知": ("end_measure",), "督办书": ("supervise",),
    "提级督办函": ("raise_order",), "销号通知": ("close_order",),
    "文书撤回通知": ("withdraw_order", "withdraw_escalation"), "约谈通知书": ("interview",),
    "提醒函": ("send_reminder",), "警示函": ("send_warning",),
    "挂牌督办通知书": ("list_supervision",), "通报": ("circulate",),
    "典型案例推送单": ("confirm_escalation",), "督办函": ("issue_order", "confirm_escalation"), "催办函": ("urge",),
    "异议受理回执": ("object",), "更正决定书": ("decide_objection",), "信用修复确认书": ("repair",),
    "复核决定书": ("decide_review", "decide_appeal"), "协办函": ("invite_assist",),
    "信访处理意见书": ("conclude_petition",), "撤销决定书": ("decide_objection", "decide_appeal"),
    "中止办理告知书": ("suspend",), "终止办理告知书": ("withdraw",),
}  # fmt: skip

# The letter that this one answers, extends or carries out.
EARLIER: dict[str, tuple[str, ...]] = {
    "退回函": ("线索转交函",), "延期整改批准书": ("限期整改通知书",), "整改验收意见": ("限期整改通知书",),
    "协办函": ("线索转交函",),
    "认定信息报送函": ("违约失信认定书",), "失信惩戒告知书": ("违约失信认定书",),
    "异议受理回执": ("违约失信认定书",), "更正决定书": ("违约失信认定书",), "撤销决定书": ("违约失信认定书",),
    "信用修复确认书": ("违约失信认定书",), "终止惩戒通知": ("信用修复确认书",),
    "复核决定书": ("核实结果反馈及解释说明函", "办理结果反馈函", "违约失信认定书"),
}  # fmt: skip
