"""Sentences about a case that follow from its rows alone, for where no person wrote one."""

from __future__ import annotations

from decimal import Decimal

from activities.letter_facts_file import CaseFile
from notifications.letters.wording import date_zh, money_zh

OVERDUE_GROUND, REFUSAL, EXCUSE = (
    "G1_OVERDUE_NO_JUST_REASON", "G2_REFUSAL_TO_RECTIFY", "G3_REORG_OR_PERSONNEL_EXCUSE",
)  # fmt: skip
CONFIRMED = ("substantiated", "partly_substantiated")


def owed(file: CaseFile) -> Decimal | None:
    """What the verification confirmed, else what the complainant disputes."""
    amount = file.money("verify", "substantiated_cny") or file.complaint.disputed_amount_cny
    return amount if amount else None


def unpaid(file: CaseFile) -> Decimal | None:
    paid = file.money("report_rectification", "paid_cny") if "accept_rectification" in file.said else None
    left = (owed(file) or Decimal(0)) - (paid or Decimal(0))
    return left if left > 0 else None


def verified(file: CaseFile) -> str:
    """核实: the officer's own words, else the result with what was complained of and the sum."""
    given = file.words("verify", "reason")
    if given:
        return given
    about = f"投诉反映的“{file.complaint.title}”"
    amount = owed(file)
    result = file.words("verify", "result")
    if result == "not_substantiated":
        return f"{about}，现有材料不能证明其成立"
    word = "部分属实" if result == "partly_substantiated" else "情况属实"
    sum_word = "属实金额" if file.words("verify", "substantiated_cny") else "涉及金额"
    return f"{about}{word}" + (f"，{sum_word}为{money_zh(amount)}" if amount else "")


def examined(file: CaseFile) -> str:
    """What was done to verify, beside a reason that already says what was found."""
    about = f"投诉反映的“{file.complaint.title}”"
    if "ask_respondent" in file.said:
        return f"我单位就{about}向{file.respondent}发出核实通知，并审查了有关材料"
    return f"我单位对{about}进行了核实，并审查了有关材料"


def reported(file: CaseFile, act: str, done: str) -> str:
    """What the respondent reported of its performance."""
    day, paid, words = file.day(act, "performed_on"), file.money(act, "paid_cny"), file.words(act, "words")
    parts = [f"{file.respondent}报告"]
    parts.append(f"已于{date_zh(day)}" if day else "已")
    parts.append(f"支付{money_zh(paid)}" if paid else done)
    return "".join(parts) + (f"。其说明：{words}" if words else "")


def rectified(file: CaseFile) -> str:
    return f"{verified(file)}。{reported(file, 'report_rectification', '完成整改')}"


def refused(file: CaseFile) -> str | None:
    if "refuse" not in file.said:
        return None
    words = file.words("refuse", "words")
    day = date_zh(file.said["refuse"].occurred_at.astimezone(file.at.tzinfo).date())
    return f"{file.respondent}于{day}表示不予整改" + (f"，理由为“{words}”" if words else "")


def statement(file: CaseFile) -> str:
    """陈述申辩 before a determination: what was said, or that nothing was."""
    words = file.words("state", "words")
    if words:
        return f"已听取{file.respondent}的陈述申辩（“{words}”），该意见不足以改变上述事实"
    if "state" in file.said:
        return f"已听取{file.respondent}的陈述申辩"
    if "waive" in file.said:
        return f"{file.respondent}已表示放弃陈述申辩"
    return f"{file.respondent}在告知的期限内未提出陈述申辩"


def conduct(file: CaseFile) -> str:
    """查明的事实 of a determination: what was verified, and what the respondent did or left undone since."""
    clock = file.clock("rectification")
    parts = [verified(file)]
    if "report_rectification" in file.said:
        parts.append(reported(file, "report_rectification", "完成部分整改"))
    refusal = refused(file)
    if refusal:
        parts.append(refusal)
    elif clock is not None and clock.due is not None and clock.due < file.today:
        parts.append(f"我单位责令限期整改，整改期限于{date_zh(clock.due)}届满，{file.respondent}未完成整改")
    return "。".join(part.rstrip("。") for part in parts)


def _why(file: CaseFile) -> str:
    clock = file.clock("rectification")
    grounds = grounds_of(file)
    if OVERDUE_GROUND in grounds:
        due = f"于{date_zh(clock.due)}届满" if clock is not None and clock.due is not None else "已届满"
        return f"整改期限{due}，{file.respondent}未完成整改，所提理由不属于正当理由或者未提出理由"
    if EXCUSE in grounds:
        return f"{file.respondent}以机构调整、人员变动等为由不履行，该理由不能免除履约责任"
    return f"{file.respondent}对属实的投诉事项拒不整改"


def determined(file: CaseFile) -> str:
    """认定理由."""
    return f"{_why(file)}。{statement(file)}"


def grounds_of(file: CaseFile) -> tuple[str, ...]:
    """Codes: those that the model handed over, else those of the determination or of its notice."""
    given = file.letter.facts.get("grounds")
    if isinstance(given, list) and given:
        return tuple(str(code) for code in given)
    if file.determination is not None:
        return tuple(file.determination.grounds)
    noted = file.form("notify_determination").get("grounds")
    return tuple(str(code) for code in noted) if isinstance(noted, list) else ()


def ground_titles(file: CaseFile) -> tuple[str, ...]:
    known = file.pack.grounds
    return tuple(known[code].title.value if code in known else code for code in grounds_of(file))
