"""Keeps the complainant's name from whoever need not know it (S2 保障措施四)."""

from __future__ import annotations

from notifications.errors import IdentityLeak
from notifications.letters.facts import LetterFacts
from notifications.letters.kinds import IDENTITY_READERS, letter_kind

ALIAS = "投诉人"


def identity_hidden(facts: LetterFacts) -> bool:
    """True when a reader of this letter must not learn who complained."""
    case = facts.case
    if case is None or case.identity_disclosed:
        return False
    if letter_kind(facts.kind).addressee not in IDENTITY_READERS:
        return True
    return case.respondent == facts.addressee or case.respondent in facts.cc


def mask(facts: LetterFacts, text: str) -> str:
    """``text`` with the complainant's name replaced by its alias where the name must be hidden."""
    if not identity_hidden(facts) or facts.case is None:
        return text
    return text.replace(facts.case.complainant, ALIAS)


def check_identity(facts: LetterFacts, text: str) -> None:
    """Raise IdentityLeak when ``text``, spaces and line breaks aside, holds a name that it must not hold."""
    if not identity_hidden(facts) or facts.case is None:
        return
    if "".join(facts.case.complainant.split()) in "".join(text.split()):
        raise IdentityLeak(
            f"《{facts.kind}》会送到不应知悉投诉人身份的单位，文中却出现了投诉人名称；请改写为“{ALIAS}”，或先取得投诉人同意。"
        )
