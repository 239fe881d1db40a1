"""The dates that a letter names: from the deadline rows, or by the same rule where its service starts the clock."""

from __future__ import annotations

from datetime import datetime

from activities.letter_facts_file import CaseFile
from cases import calendars
from cases.deadlines.compute import compute
from cases.deadlines.errors import DeadlineError
from cases.deadlines.limit import Limit
from cases.deadlines.rule import Rule
from cases.tables.clocks import Deadline
from notifications.letters.facts import LetterDeadline
from notifications.letters.kinds import LetterKind

# The letter's name of a clock to the policy's, the first that exists in the channel. Channels with rules of their own
# have one handling limit instead of a verification limit. No document limits the respondent's answer:
# like an assisting unit, it has half of the verifying department's time.
CLOCKS: dict[str, tuple[str, ...]] = {
    "referral": ("referral",),
    "supplement": ("supplement",),
    "verification": ("verification", "handling"),
    "return": ("return",),
    "answer": ("assist",),
    "explanation": ("explanation", "assist"),
    "review_request": ("review_request",),
    "rectification": ("rectification",),
    "statement": ("statement",),
    "appeal": ("appeal_request",),
    "supervision": ("supervision_reply",),
    "objection": ("objection",),
    "measure_end": ("measure_end",),
    "handling": ("handling",),
    "petition_review": ("review_request",),
    "assist": ("assist",),
}
OVERDUE = "overdue"


async def deadlines(file: CaseFile, kind: LetterKind, served_at: datetime | None) -> tuple[LetterDeadline, ...]:
    """``served_at`` is None while the letter is a draft: what its service starts has no date yet."""
    found = [await _deadline(file, kind, name, served_at) for name in kind.deadlines]
    return tuple(item for item in found if item is not None)


async def _deadline(file: CaseFile, kind: LetterKind, name: str, served_at: datetime | None) -> LetterDeadline | None:
    clocks = (file.fact("clock") or "verification",) if name == OVERDUE else CLOCKS[name]
    for clock in clocks:
        row = file.clock(clock)
        rule = file.pack.rule(clock, file.instance.channel or "OTHER")
        if name not in kind.starts and row is not None:
            return _from_row(name, row)
        if rule is not None:
            return await _computed(file, kind, name, rule, served_at)
    return None


def _from_row(name: str, row: Deadline) -> LetterDeadline:
    text = "\n".join(line["zh"] for line in row.derivation)
    return LetterDeadline(
        name=name,
        limit=limit_zh(Limit.parse(row.limit or "0d")),
        due=row.due,
        derivation=text,
        provisional=row.provisional,
    )


async def _computed(
    file: CaseFile, kind: LetterKind, name: str, rule: Rule, served_at: datetime | None
) -> LetterDeadline:
    chosen = _chosen(file, rule)
    if served_at is None and name in kind.starts:
        return LetterDeadline(name=name, limit=limit_zh(chosen or rule.limit))
    calendar = await calendars.calendar_for(file.session, file.pack)
    cap = file.clock(rule.not_after) if rule.not_after else None
    computed = compute(rule, served_at or file.at, calendar, limit=chosen, not_after=cap.due if cap else None)
    return LetterDeadline(
        name=name, limit=limit_zh(computed.limit), due=computed.due, provisional=computed.provisional,
        derivation="\n".join(line.text_zh for line in computed.derivation),
    )  # fmt: skip


def _chosen(file: CaseFile, rule: Rule) -> Limit | None:
    """A limit that an official set: for an order by its issuer, for rectification by the verifying department."""
    if rule.name == "supervision_reply":
        limit = file.order.reply_limit if file.order is not None else None
        return Limit.parse(limit) if limit else None
    days = file.words("verify", "days") if rule.settable is not None else None
    if days is None:
        return None
    try:
        return rule.limit_for(Limit.parse(f"{int(float(days))}d"))
    except (DeadlineError, ValueError):
        return None


def limit_zh(limit: Limit) -> str:
    return "当日" if limit.amount == 0 else limit.zh
