"""The Chinese placeholders that a letter text may use, filled from the facts. docs/letters.md lists them."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any

from notifications.letters.facts import CaseFacts, LetterDeadline, LetterFacts, MeasureFacts
from notifications.letters.identity import ALIAS, identity_hidden, mask
from notifications.letters.kinds import DEADLINE_NAMES
from notifications.letters.texts import LegalBasis
from notifications.letters.wording import date_zh, money_zh

# The name and number of a cited document: what stands before its article.
_DOCUMENT = re.compile(r"《[^》]+》(?:（[^）]+）)?")


def letter_context(facts: LetterFacts, basis: LegalBasis) -> dict[str, Any]:
    """Placeholder → text. What a kind does not need is None or empty: a text may ask ``{% if 理由 %}``."""

    def said(text: str | None) -> str | None:
        return None if text is None else mask(facts, text.strip().rstrip("。"))

    return {
        "发文机关": facts.issuer,
        "主送": facts.addressee,
        "依据": ("根据" if basis.source == "law" else "参照") + _cited(basis.articles),
        "期限": {DEADLINE_NAMES[deadline.name]: _limit(deadline) for deadline in facts.deadlines},
        "到期": {DEADLINE_NAMES[deadline.name]: _due(deadline) for deadline in facts.deadlines},
        "理由": said(facts.reason),
        "查明情况": said(facts.finding),
        "结论意见": said(facts.conclusion),
        "建议": said(facts.proposal),
        "要求": [said(text) for text in facts.requirements],
        "认定情形": "；".join(facts.grounds),
        "清单": [said(text) for text in facts.items],
        "指定单位": facts.designated,
        "协办单位": "、".join(facts.assisting),
        "并入案件": facts.main_case_no,
        "未履行金额": None if facts.outstanding is None else money_zh(facts.outstanding),
        "前文": _earlier(facts),
        "措施": [_measure(measure) for measure in facts.measures],
        "期间": facts.period,
        "被提示单位": facts.subject_unit,
        "督办编号": facts.order_no,
        "督办案件": facts.order_cases,
        **_meeting(facts),
        **_service(facts),
        **_case(facts),
    }


def _cited(articles: tuple[str, ...]) -> str:
    """Articles of one document share its name and number: 《…》（…）第1条、第2条."""
    cited: list[str] = []
    document = ""
    for article in articles:
        same = bool(document) and article.startswith(document)
        cited.append(article.removeprefix(document) if same else article)
        if not same:
            named = _DOCUMENT.match(article)
            document = named.group() if named else ""
    return "、".join(cited)


def _limit(deadline: LetterDeadline) -> str:
    if deadline.due is None:
        return f"{deadline.limit}内"
    word = "暂定" if deadline.provisional else "即"
    return f"{deadline.limit}内（{word}{date_zh(deadline.due)}24时前）"


def _due(deadline: LetterDeadline) -> str | None:
    return None if deadline.due is None else f"{date_zh(deadline.due)}24时"


def _case(facts: LetterFacts) -> dict[str, Any]:
    case = facts.case
    if case is None:
        return {}
    amount = None if case.amount is None else money_zh(case.amount)
    claims = mask(facts, case.claims.strip().rstrip("。"))
    return {
        "投诉编号": case.case_no,
        "收到日期": date_zh(case.received_on),
        "投诉渠道": case.channel_zh,
        "投诉人": ALIAS if identity_hidden(facts) else case.complainant,
        "被投诉主体": case.respondent,
        "投诉事项": claims,
        "合同": _contract(facts, case),
        "金额": amount,
        "案情": _story(facts, case, claims, amount),
    }


def _contract(facts: LetterFacts, case: CaseFacts) -> str | None:
    if case.contract_name is None:
        return None
    name = mask(facts, case.contract_name)
    quoted = name if name.startswith("《") else f"《{name}》"
    return quoted if case.contract_no is None else f"{quoted}（合同编号：{case.contract_no}）"


def _story(facts: LetterFacts, case: CaseFacts, claims: str, amount: str | None) -> str:
    # No written contract: an award or a policy commitment.
    broken = f"未依约履行{_contract(facts, case)}" if case.contract_name else "未履行承诺"
    return f"反映{case.respondent}{broken}，投诉事项为：{claims}" + (f"，涉及金额{amount}" if amount else "")


def _earlier(facts: LetterFacts) -> str | None:
    earlier = facts.earlier
    return None if earlier is None else f"《{earlier.title}》（{earlier.doc_no}，{date_zh(earlier.issued_on)}）"


def _measure(measure: MeasureFacts) -> str:
    until = f"至{date_zh(measure.until_day)}" if measure.until_day else "，至信用修复之日止"
    return f"{measure.title}（对象：{measure.target}；期限：自{date_zh(measure.from_day)}起{until}）"


def _meeting_time(at: datetime | None) -> str:
    """Who gave a day and no hour gets no hour that nobody meant."""
    if at is None:
        return "由我单位另行通知"
    return _moment(at) if at.time() != time() else f"{date_zh(at.date())}，具体时间另行通知"


def _meeting(facts: LetterFacts) -> dict[str, Any]:
    meeting = facts.meeting
    if meeting is None:
        return {}
    return {
        "约谈时间": _meeting_time(meeting.at),
        "约谈地点": meeting.place,
        "约谈人员": meeting.persons,
        "约谈事项": mask(facts, meeting.topic),
    }


def _moment(at: datetime) -> str:
    clock = f"{at.hour}时{at.minute:02d}分" if at.minute else f"{at.hour}时"
    return f"{date_zh(at.date())}{clock}"


def _service(facts: LetterFacts) -> dict[str, Any]:
    service = facts.service
    if service is None:
        return {}
    served = service.served_at
    return {
        "送达方式": service.method,
        "受送达人": service.recipient,
        "送达时间": f"{date_zh(served.date())}{served.hour}时{served.minute:02d}分",
        "送达人": service.server,
        "送达地点": service.place,
        "拒收事由": service.refused or "无",
    }
