"""Facts to text: the body for the draft editor, and the whole sheet in plain text."""

from __future__ import annotations

from dataclasses import dataclass

from notifications.letters.context import letter_context
from notifications.letters.demands import check_facts
from notifications.letters.facts import Contact, LetterFacts
from notifications.letters.identity import check_identity, mask
from notifications.letters.kinds import DEADLINE_NAMES, letter_kind
from notifications.letters.texts import LetterTexts
from notifications.letters.wording import date_zh

_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Annex:
    """A numbered attachment; ``lines`` is empty when it travels as a file of its own."""

    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A letter ready to be set: every part in reading order, the identity rule checked."""

    title: str
    addressee: str
    body: tuple[str, ...]
    annexes: tuple[Annex, ...]
    signature: str
    day: str
    contact: str
    cc: str

    def text(self) -> str:
        listed = [f"附件{number}：{annex.title}" for number, annex in enumerate(self.annexes, 1)]
        parts = [
            self.title,
            f"{self.addressee}：",
            *self.body,
            *listed,
            self.signature,
            self.day,
            self.contact,
            self.cc,
        ]
        for annex in self.annexes:
            parts += [annex.title, *annex.lines] if annex.lines else []
        return "\n".join(part for part in parts if part) + "\n"


def render_text(facts: LetterFacts, texts: LetterTexts) -> str:
    """The body, one paragraph a line, for an officer to edit.

    Raises UnknownLetterKind, MissingFact, LetterTextMissing, LetterTextBroken or IdentityLeak.
    """
    kind = letter_kind(facts.kind)
    check_facts(kind, facts)
    basis = texts.basis(kind.id, facts.case.channel if facts.case else None)
    body = texts.body(kind.id, letter_context(facts, basis))
    check_identity(facts, body)
    return body


def compose(facts: LetterFacts, texts: LetterTexts, body: str | None = None) -> Sheet:
    """The whole letter; ``body`` is the officer's text, None takes the pack's. Raises as ``render_text`` does."""
    # An emptied editor is no letter without text: the pack's stands again.
    own = body if body and body.strip() else render_text(facts, texts)
    kind = letter_kind(facts.kind)
    check_facts(kind, facts)
    basis = texts.basis(kind.id, facts.case.channel if facts.case else None)
    sheet = Sheet(
        title=texts.title(kind.id, basis, letter_context(facts, basis)),
        addressee=facts.addressee,
        body=tuple(line.strip() for line in own.splitlines() if line.strip()),
        annexes=(*(Annex(title) for title in facts.attachments), *_reckonings(facts)),
        signature=facts.issuer,
        day="" if facts.issued_on is None else date_zh(facts.issued_on),
        contact=_contact(facts.contact),
        cc=f"抄送：{'，'.join(mask(facts, name) for name in facts.cc)}。" if facts.cc else "",
    )
    check_identity(facts, sheet.text())
    return sheet


def _reckonings(facts: LetterFacts) -> tuple[Annex, ...]:
    """One annex that shows day by day why each date is what it is."""
    lines: list[str] = []
    shown = [deadline for deadline in facts.deadlines if deadline.derivation.strip()]
    for number, deadline in zip(_NUMERALS, shown, strict=False):
        due = "" if deadline.due is None else f"，到期日为{date_zh(deadline.due)}24时"
        lines.append(f"{number}、{DEADLINE_NAMES[deadline.name]}期限：{deadline.limit}{due}。")
        lines += [line.strip() for line in deadline.derivation.splitlines() if line.strip()]
        if deadline.provisional:
            lines.append("上述日期所在年度的放假安排尚未公布，暂按法定节假日推算；公布后如有变动，将另行告知。")
    return (Annex("期限计算说明", tuple(lines)),) if lines else ()


def _contact(contact: Contact | None) -> str:
    if contact is None:
        return ""
    parts = [f"联系单位：{contact.unit}"]
    parts += [f"联系人：{contact.person}"] if contact.person else []
    parts += [f"联系电话：{contact.phone}"] if contact.phone else []
    parts += [f"地址：{contact.address}"] if contact.address else []
    return f"（{'；'.join(parts)}）"
