# ruff: noqa: E501 - a row of the table is one line, so that its columns can be compared.
"""Every kind of notice as data: who reads it, by which channels, whether it waits for the digest, and what it says.

A text's ``{placeholders}`` are the facts that the kind needs. Subjects hold the title and the case number only; what is
personal stands in the body, which no log repeats.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from notifications.errors import UnknownNoticeKind


class Audience(StrEnum):
    HANDLER = "handler"
    SUPERVISOR = "supervisor"
    HEAD = "head"
    CREDIT_LEAD = "credit_lead"
    COMPLAINANT = "complainant"
    RESPONDENT = "respondent"
    UNITS = "units"
    REGION_DRC = "region_drc"
    ANYONE = "anyone"


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """``own``: goes out at once by itself; otherwise it waits for the day's digest."""

    id: str
    title_zh: str
    title_en: str
    audience: Audience
    channels: tuple[str, ...]
    own: bool
    text_zh: str
    text_en: str


_MAIL, _ALL = ("inbox", "smtp"), ("inbox", "smtp", "sms")
_A = Audience

# fmt: off
NOTICE_KINDS: tuple[NoticeKind, ...] = (
    NoticeKind("task_assigned", "新的待办", "New task", _A.HANDLER, _MAIL, False,
        "投诉{case_no}有一项待办“{task}”，应于{due}前完成。", "Case {case_no}: the task “{task}” is waiting for you, due {due}."),
    NoticeKind("reminder", "到期提醒", "Due soon", _A.HANDLER, _MAIL, False,
        "投诉{case_no}的“{task}”将于{due}到期，请及时办理。", "Case {case_no}: “{task}” is due {due}."),
    NoticeKind("overdue_assignee", "待办已逾期", "Task overdue", _A.HANDLER, _MAIL, True,
        "投诉{case_no}的“{task}”已于{due}到期，至今未完成，请立即办理。", "Case {case_no}: “{task}” was due {due} and is not done. Please act now."),
    NoticeKind("overdue_supervisor", "逾期情况（督办）", "Overdue: supervisor", _A.SUPERVISOR, _MAIL, True,
        "{unit}办理的投诉{case_no}，“{task}”应于{due}完成，已逾期{late}个工作日。", "{unit}, case {case_no}: “{task}” was due {due}, {late} working days late."),
    NoticeKind("overdue_head", "逾期情况（负责人）", "Overdue: head of unit", _A.HEAD, _ALL, True,
        "你单位办理的投诉{case_no}，“{task}”应于{due}完成，已逾期{late}个工作日，请督促办理。", "Your unit's case {case_no}: “{task}” was due {due}, {late} working days late."),
    NoticeKind("overdue_credit_lead", "逾期情况（信用牵头部门）", "Overdue: credit lead", _A.CREDIT_LEAD, _ALL, True,
        "{unit}办理的投诉{case_no}，“{task}”应于{due}完成，已逾期{late}个工作日，可以制发督办函。", "{unit}, case {case_no}: “{task}” was due {due}, {late} working days late. A supervision letter may be issued."),
    NoticeKind("stalled", "案件停滞", "Case stalled", _A.HANDLER, _MAIL, False,
        "投诉{case_no}已有{days}个工作日没有任何办理动作，现等待{waiting_for}，请安排办理。", "Nobody has acted on case {case_no} for {days} working days; it waits for {waiting_for}. Please see to it."),
    NoticeKind("rectification_due", "整改期限将至", "Rectification due", _A.RESPONDENT, _ALL, True,
        "投诉{case_no}的整改期限为{due}。逾期未完成整改且无正当理由的，将依法确认为违约失信。", "Case {case_no}: rectification is due {due}. Without a justified reason a breach will be determined."),
    NoticeKind("rectification_missed", "整改期限已届满", "Rectification overdue", _A.RESPONDENT, _ALL, True,
        "投诉{case_no}的整改期限已于{due}届满，至今未收到完成整改的报告。请立即整改并报告，作出认定前仍可报告；无正当理由的，将依法确认为违约失信。",
        "Case {case_no}: rectification was due {due} and no report has come. Rectify and report now; without a justified reason a breach will be determined."),
    NoticeKind("rectification_late", "被投诉主体逾期未整改", "Respondent has not rectified", _A.HANDLER, _ALL, True,
        "投诉{case_no}的被投诉主体{unit}应于{due}前完成整改，已逾期{late}个工作日，未报告完成整改，请判断有无正当理由、是否符合认定情形。",
        "Case {case_no}: {unit} should have rectified by {due} and is {late} working days late. Please judge whether there is a justified reason and whether a breach is to be determined."),
    NoticeKind("request_declined", "申请未获同意", "Request declined", _A.ANYONE, _ALL, True,
        "投诉{case_no}中，“{asked}”未获同意：{answer}（{unit}）。理由：{reason}。{date}。", "Case {case_no}: “{asked}” was declined ({answer}, {unit}). Reason: {reason}. {date}."),
    NoticeKind("confirmation_asked", "请确认整改情况", "Please confirm the rectification", _A.COMPLAINANT, _ALL, True,
        "被投诉主体报告已完成整改。请在{due}前在投诉{case_no}的页面上说明整改是否属实；逾期未答复视为无异议。", "The respondent reports that it has rectified. Please say on the page of case {case_no} by {due} whether this is so; no answer counts as no objection."),
    NoticeKind("joint_result", "一并提交的投诉均有结果", "Results of the cases filed together", _A.COMPLAINANT, _ALL, True,
        "你单位以编号{case_no}一并提交的投诉均有办理结果：{result}。", "All cases filed together under {case_no} have their results: {result}."),
    NoticeKind("retaliation_result", "打击报复核查结果", "Result on retaliation", _A.COMPLAINANT, _ALL, True,
        "你单位反映的打击报复（编号{case_no}）已核查，结论：{result}。", "Your report of retaliation ({case_no}) has been examined: {result}."),
    NoticeKind("deadline_moved", "期限变更", "Deadline moved", _A.ANYONE, _MAIL, True,
        "投诉{case_no}的{deadline}期限由{old_due}变更为{due}，原因：{reason}。", "Case {case_no}: the {deadline} deadline moved from {old_due} to {due}. Reason: {reason}."),
    NoticeKind("escalation_proposed", "建议推送监督贯通协调平台", "Escalation proposed", _A.SUPERVISOR, _ALL, True,
        "投诉{case_no}符合推送条件：{reason}。请决定推送或者说明不推送的理由。", "Case {case_no} may be escalated: {reason}. Please confirm or decline with a reason."),
    NoticeKind("risk_step", "失信风险待处置", "Breach risk: next step", _A.SUPERVISOR, _ALL, True,
        "投诉{case_no}所涉的失信风险至今未化解（处置期限{due}）。系统已提出下一步处置，请有权机关决定签发，或者说明不签发的理由。", "The breach risk in case {case_no} is not resolved (due {due}). The next step is proposed: the competent organ issues it or declines with a reason."),
    NoticeKind("risk_outstanding", "失信风险久未化解", "Breach risk still open", _A.HEAD, _ALL, True,
        "投诉{case_no}所涉的失信风险由{unit}处置，提出约谈以后至今没有化解。请督促作出决定，风险化解的请登记；未化解的每五个工作日再次提醒。", "The breach risk in case {case_no}, in the hands of {unit}, is not resolved although an interview was proposed. Please see that it is decided; if the risk is gone, have it recorded. This reminder comes every five working days until then."),
    NoticeKind("report_missing", "归集信息缺报", "Report missing", _A.REGION_DRC, _ALL, True,
        "截至{at}，{unit}尚未报送{day}的投诉信息。", "At {at}, {unit} had not reported its complaint data of {day}."),
    NoticeKind("report_no_receipt", "上报未获回执", "No receipt", _A.REGION_DRC, _ALL, True,
        "{day}的{report}已报送，截至{at}未收到回执。", "{report} of {day} was sent; no receipt by {at}."),
    NoticeKind("letter_served", "文书送达", "Letter served", _A.ANYONE, _MAIL, True,
        "{unit}向你单位送达《{letter}》（{doc_no}），涉及投诉{case_no}。", "{unit} served the letter “{letter}” ({doc_no}) in case {case_no}."),
    NoticeKind("calendar_provisional", "放假安排未公布", "Calendar missing", _A.REGION_DRC, _MAIL, False,
        "{year}年放假安排尚未录入，已有{count}个期限为暂定日期。", "The official calendar of {year} is missing; {count} deadlines are provisional."),
    NoticeKind("messages_overdue", "流程间的消息未送达", "Messages not delivered", _A.ANYONE, _MAIL, False,
        "有{count}条流程间的消息未送达，最久的已等待{hours}小时。请在“运行维护”的“流程间的消息”中查看并处置。", "{count} messages between processes are not delivered; the oldest has waited for {hours} hours. See Operation, Messages."),
    NoticeKind("order_received", "收到督办件", "Supervision order received", _A.HANDLER, _ALL, True,
        "{unit}向你单位发出督办件{case_no}，应于{due}前书面答复。", "{unit} issued supervision order {case_no} to your unit; reply by {due}."),
    NoticeKind("order_reminder", "督办件即将到期", "Supervision order due soon", _A.HANDLER, _MAIL, False,
        "督办件{case_no}应于{due}前书面答复，请及时办理。", "Supervision order {case_no} must be answered by {due}."),
    NoticeKind("order_overdue", "督办件逾期未答复", "Supervision order unanswered", _A.ANYONE, _ALL, True,
        "{unit}应于{due}前答复督办件{case_no}，已逾期{late}个工作日，至今未答复。", "{unit} should have answered supervision order {case_no} by {due}; it is {late} working days late."),
    NoticeKind("order_replied", "督办件已答复", "Supervision order answered", _A.SUPERVISOR, _MAIL, False,
        "{unit}已答复督办件{case_no}，请核查后认可或者退回。", "{unit} answered supervision order {case_no}. Please check the reply."),
    NoticeKind("order_check_reminder", "督办答复待核查", "Reply waits for the check", _A.SUPERVISOR, _MAIL, False,
        "督办件{case_no}的答复应于{due}前核查，请及时办理。", "The reply to supervision order {case_no} is to be checked by {due}."),
    NoticeKind("order_check_overdue", "督办答复逾期未核查", "Reply not checked in time", _A.SUPERVISOR, _MAIL, True,
        "督办件{case_no}的答复应于{due}前核查，已逾期{late}个工作日。", "The reply to supervision order {case_no} was to be checked by {due}; {late} working days late."),
    NoticeKind("order_returned", "督办答复被退回", "Reply sent back", _A.HANDLER, _ALL, True,
        "督办件{case_no}的答复被{unit}退回，请按退回意见于{due}前重新答复。", "{unit} sent the reply to supervision order {case_no} back; answer again by {due}."),
    NoticeKind("order_closed", "督办件已销号", "Supervision order closed", _A.HANDLER, _MAIL, False,
        "督办件{case_no}已由{unit}销号。", "{unit} closed supervision order {case_no}."),
    NoticeKind("order_withdrawn", "督办件已撤回", "Supervision order withdrawn", _A.HANDLER, _MAIL, True,
        "{unit}已撤回督办件{case_no}，理由见撤回通知。", "{unit} withdrew supervision order {case_no}; the notice gives the reason."),
    NoticeKind("undelivered", "通知未送达", "Notice not delivered", _A.HEAD, _MAIL, False,
        "发给{reader}的通知“{title}”经邮件多次未能送达，已转其他渠道。请转告本人，并核对其联系方式。", "The notice “{title}” to {reader} could not be delivered by mail; another channel was tried. Please tell the person and check the address."),
    NoticeKind("digest", "今日事项", "Today", _A.ANYONE, _MAIL, True,
        "{day}共{count}项：\n{lines}", "{day}, {count} items:\n{lines}"),
)
# fmt: on

_BY_ID = {kind.id: kind for kind in NOTICE_KINDS}


def notice_kind(kind_id: str) -> NoticeKind:
    """The row of ``kind_id``. Raises UnknownNoticeKind."""
    try:
        return _BY_ID[kind_id]
    except KeyError:
        raise UnknownNoticeKind(f"没有“{kind_id}”这种通知。现有：{'、'.join(_BY_ID)}。") from None
