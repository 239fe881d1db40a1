"""Demands, questions, reasons and measures that letters state, from the acts and rows of the case."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from activities.letter_facts_file import SHANGHAI, CaseFile
from activities.letter_facts_findings import CONFIRMED, conduct, ground_titles, owed, reported
from cases.orders.states import DEMAND
from cases.words import TRIGGERS
from notifications.letters.facts import MeasureFacts, Meeting
from notifications.letters.wording import date_zh, money_zh

QUESTIONS = (
    "投诉所涉合同或者承诺的订立和履行情况",
    "未按约定履行的原因和依据",
    "下一步履行计划和完成时间",
    "能够证明上述情况的材料",
)
EXPLANATIONS = ("未按约定履行的具体原因", "已经采取的措施和目前的履行进度", "完成履行的时间安排")
SUPERVISED = DEMAND
CIRCULATED = (
    "相关单位立即纠正违约失信行为，履行尚未履行的义务",
    "各有关单位对照检查依法作出的承诺和订立合同的履行情况",
)
RETURNED = "请按照“谁管理、谁负责”的原则，另行确定核实认定部门"
DISPUTED = "有关单位对该投诉的管辖存在争议，需要明确办理责任"
SUSPENDED = "与诉讼、仲裁事项相同部分的整改和认定"
APPEAL = "appeal"
ELSEWHERE = "可以拨打12345政务服务热线咨询，或者依法申请仲裁、提起诉讼"
_NUMBERING = re.compile(r"^\s*(?:\d+|[一二三四五六七八九十]+)[.．、)）]\s*")


def listed(act: str, key: str, otherwise: tuple[str, ...] = ()) -> Callable[[CaseFile], tuple[str, ...]]:
    """One item a line or semicolon, as people type lists, without the numbers that they typed."""

    def source(file: CaseFile) -> tuple[str, ...]:
        lines = re.split(r"[\n；;]", file.words(act, key) or "")
        items = tuple(unnumbered(line) for line in lines)
        return tuple(item for item in items if item) or otherwise

    return source


def unnumbered(line: str) -> str:
    return _NUMBERING.sub("", line).strip().rstrip("。")


def guidance(file: CaseFile) -> str:
    given = file.form("reject").get("guidance")
    items = [str(item).strip().rstrip("。") for item in given] if isinstance(given, list) else []
    return "；".join(item for item in items if item) or ELSEWHERE


def same_matter(file: CaseFile) -> str:
    """Only what the two rows really have in common is said."""
    main, own = file.main, file.complaint
    same = [
        label
        for label, equal in (
            ("投诉人", main is not None and main.complainant_digest == own.complainant_digest),
            ("被投诉主体", main is not None and main.respondent_uscc == own.respondent_uscc),
            ("合同", main is not None and own.contract_no is not None and main.contract_no == own.contract_no),
        )
        if equal
    ]
    shared = f"{'、'.join(same)}相同" if same else "反映的主要事项相同"
    kept = file.words("merge", "kept_by_channel")
    return shared + (f"；{kept.rstrip('。')}" if kept else "")


def rectification(file: CaseFile) -> tuple[str, ...]:
    amount, unsettled = owed(file), file.complaint.payment_due_on is not None
    sum_word = f"{money_zh(amount)}" if amount else ""
    if unsettled and amount:
        demand = f"支付已到期未付的款项{sum_word}"
    else:
        demand = "履行合同约定或者依法作出的承诺" + (f"，涉及金额{sum_word}" if amount else "")
    return (demand, "与投诉人核对并落实合同约定的其他责任", "书面报告整改结果，并附履行证明材料")


def measures(file: CaseFile) -> tuple[MeasureFacts, ...]:
    code = file.fact("code") or file.words("impose_measure", "code")
    row = next((row for row in file.measures if row.code == code), None)
    if row is not None:
        whom = file.name(row.target) or row.target
        return (MeasureFacts(title=row.name, target=whom, from_day=row.started_at.astimezone(file.at.tzinfo).date()),)
    title = file.fact("measure") or file.words("impose_measure", "name")
    target = file.name(file.words("impose_measure", "target"))
    return (MeasureFacts(title=title, target=target, from_day=file.today),) if title and target else ()


def meeting(file: CaseFile) -> Meeting:
    at = file.words("interview", "meeting_at")
    given = datetime.fromisoformat(at) if at else None
    # What a page sends has no zone; what an API sends may have any.
    found = given and (given.astimezone(SHANGHAI) if given.tzinfo else given.replace(tzinfo=SHANGHAI))
    return Meeting(
        at=found,
        place=file.words("interview", "place") or "由我单位另行通知",
        persons=file.words("interview", "persons") or "你单位主要负责人或者分管负责人",
        topic=file.words("interview", "topic") or "投诉所涉事项的办理情况和履约安排",
    )


def unfinished(file: CaseFile) -> str:
    if file.determination is not None:
        return f"{file.respondent}被确认为违约失信后仍未履行"
    if file.words("verify", "result") in CONFIRMED:
        return f"投诉事项已经核实，{file.respondent}尚未完成整改"
    return "该投诉尚未办结"


def circulated(file: CaseFile) -> str:
    row = file.determination
    if row is None:
        return f"对{file.respondent}的上述问题予以通报，责成其限期履行"
    day = date_zh(row.determined_at.astimezone(file.at.tzinfo).date())
    return f"已于{day}依法确认{file.respondent}违约失信，现予通报"


def triggers(file: CaseFile) -> str:
    codes = file.escalation.proposed_by if file.escalation else []
    known = {code: trigger.title for code, trigger in file.pack.triggers.items()} | TRIGGERS
    titles = [known[code] for code in codes if code in known]
    return f"该案符合推送条件（{'、'.join(titles)}）" if titles else "该案符合推送条件，需要跨部门督办"


def pushed(file: CaseFile) -> str:
    """查明情况 of a push. A case is pushed for its delay too: then nothing was verified, and the form says so."""
    if "verify" in file.said:
        return conduct(file)
    return f"投诉反映“{file.complaint.title}”，{late_clock(file)}，尚未作出核实结论"


def pushed_grounds(file: CaseFile) -> tuple[str, ...]:
    return ground_titles(file) or ("尚未作出认定",)


def supervised(file: CaseFile) -> str:
    given = file.words("issue_order", "words", "reason")
    if given:
        return given
    return late_clock(file) + "，已经逾期" if file.fact("clock") else triggers(file)


def late_clock(file: CaseFile) -> str:
    name = file.fact("clock") or "verification"
    rule = file.pack.rule(name, file.instance.channel or "OTHER")
    return f"目前处于“{rule.title_zh}”环节" if rule is not None else "目前处于办理环节"


def objection(file: CaseFile) -> str:
    claim, reason = file.words("object", "claim"), file.words("decide_objection", "reason")
    parts = [f"异议事项为“{claim.rstrip('。')}”" if claim else "", reason or "经核对，异议所述情况成立"]
    return "。".join(part for part in parts if part)


def correction(file: CaseFile) -> str:
    if file.fact("remedy") == "revoke" or (file.record is not None and file.record.status == "revoked"):
        return "撤销该政务失信信用记录"
    unit = file.name(file.record.unit_uscc) if file.record is not None else None
    return f"将该政务失信信用记录的单位更正为{unit}" if unit else "更正该政务失信信用记录"


def performed(file: CaseFile) -> str:
    opinion = file.words("confirm_performance", "opinion")
    return reported(file, "report_performance", "完成履约") + (f"。{opinion}" if opinion else "")


def review(file: CaseFile) -> str:
    unit = file.name(file.complaint.verifying_uscc) or "原核实认定部门"
    results = {"upheld": "维持原结论", "changed": f"撤销原结论，由{unit}重新核实"}
    if file.fact("of") == APPEAL:
        results = {"upheld": "维持原认定", "revoked": "撤销原认定"}
    return results.get(file.words(_decided(file), "result") or "", "")


def review_reason(file: CaseFile) -> str | None:
    return file.words(_decided(file), "reason")


def _decided(file: CaseFile) -> str:
    return "decide_appeal" if file.fact("of") == APPEAL else "decide_review"


def revocation(file: CaseFile) -> str | None:
    if file.fact("of") == APPEAL:
        return review_reason(file)
    return file.words("decide_objection", "reason") or objection(file)


def next_review(file: CaseFile) -> str | None:
    """Where the channel knows another stage of review, how long it may be asked for; None after the last."""
    rule = file.pack.rule("review_request", file.instance.channel or "OTHER")
    if file.fact("last") != "False" or rule is None:
        return None
    return f"对本意见不服的，可以自收到之日起{rule.limit.zh}内，请求上一级机关复核"


def suspended(file: CaseFile) -> str:
    number, reason = file.words("suspend", "court_case_no"), file.words("suspend", "reason")
    if reason:
        return reason + (f"（案号：{number}）" if number else "")
    return "投诉所涉争议正在诉讼或者仲裁" + (f"（案号：{number}）" if number else "")
