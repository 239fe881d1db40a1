"""What 提醒函, 警示函 and 约谈通知书 say of a breach risk: what its raiser wrote, else the case itself."""

from __future__ import annotations

from activities import letter_facts_orders as orders
from activities import letter_facts_supervision as supervision
from activities.letter_facts_file import CaseFile

REMINDED = (
    "对照检查合同和承诺的履行情况，查明风险原因",
    "制定履约计划，明确责任人和完成时间",
    "将办理情况书面报告我单位",
)
WARNED = ("立即采取措施履行尚未履行的合同义务和承诺", "{why}", "将整改情况和履行证明材料书面报告我单位")
REMINDER = "提醒函"
UNHEEDED = "查明此前提醒未落实的原因，落实责任"
UNEXPLAINED = "查明风险产生的原因，落实责任"


def finding(file: CaseFile) -> str:
    return (file.words("raise_risk", "reason") or orders.unfinished(file)).rstrip("。")


def warned(file: CaseFile) -> tuple[str, ...]:
    """The competent organ may have declined the reminder: then the warning does not speak of one."""
    given = orders.listed("send_warning", "words")(file)
    reminded = any(letter.kind == REMINDER and letter.number for letter in file.letters)
    return given or tuple(line.format(why=UNHEEDED if reminded else UNEXPLAINED) for line in WARNED)


def interviewed(file: CaseFile) -> str:
    """A supervision order has no risk: its interview is about the reply that did not come."""
    return supervision.unanswered(file) if file.order is not None else finding(file)
