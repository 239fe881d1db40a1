"""Refuses a letter that lacks a fact which its kind must state, naming the field."""

from __future__ import annotations

from notifications.errors import MissingFact
from notifications.letters.facts import LetterFacts
from notifications.letters.kinds import DEADLINE_NAMES, LetterKind

FIELD_LABELS: dict[str, str] = {
    "issuer": "发文机关",
    "addressee": "主送机关或收件人",
    "contact": "联系方式",
    "case": "投诉案件",
    "case.case_no": "投诉编号",
    "case.respondent": "被投诉主体",
    "case.complainant": "投诉人",
    "case.claims": "投诉事项",
    "case.channel_zh": "投诉渠道",
    "reason": "理由",
    "finding": "查明情况",
    "conclusion": "结论意见",
    "requirements": "整改或办理要求",
    "grounds": "认定情形",
    "items": "材料或事项清单",
    "proposal": "建议",
    "designated": "指定的办理单位",
    "main_case_no": "并入案件编号",
    "earlier": "所依据的前一文书",
    "measures": "惩戒措施",
    "meeting": "约谈时间地点",
    "service": "送达情况",
    "period": "报告期间",
    "subject_unit": "被提示单位",
    "issued_on": "成文日期",
}

_ALWAYS = ("issuer", "addressee", "contact")
_OF_A_CASE = ("case_no", "respondent", "complainant", "claims", "channel_zh")


def check_facts(kind: LetterKind, facts: LetterFacts) -> None:
    """Raise MissingFact for the first fact that ``kind`` needs and ``facts`` lacks."""
    for field in (*_ALWAYS, *kind.needs):
        if _blank(getattr(facts, field)):
            raise MissingFact(kind.id, field, FIELD_LABELS[field])
    if facts.case is not None:
        for field in _OF_A_CASE:
            if _blank(getattr(facts.case, field)):
                raise MissingFact(kind.id, f"case.{field}", FIELD_LABELS[f"case.{field}"])
    _check_deadlines(kind, facts)
    if facts.doc_no is not None and facts.issued_on is None:
        raise MissingFact(kind.id, "issued_on", FIELD_LABELS["issued_on"])


def _check_deadlines(kind: LetterKind, facts: LetterFacts) -> None:
    given = {deadline.name: deadline for deadline in facts.deadlines}
    for name in kind.deadlines:
        deadline = given.get(name)
        label = f"{DEADLINE_NAMES[name]}期限"
        if deadline is None or _blank(deadline.limit):
            raise MissingFact(kind.id, f"deadlines.{name}", label)
        # A clock that this letter's own service starts has no date before; any other must have one.
        if deadline.due is None and name not in kind.starts:
            raise MissingFact(kind.id, f"deadlines.{name}.due", f"{label}的到期日")
        if deadline.due is not None and _blank(deadline.derivation):
            raise MissingFact(kind.id, f"deadlines.{name}.derivation", f"{label}的计算过程")


def _blank(value: object) -> bool:
    return value is None or value == () or (isinstance(value, str) and not value.strip())
