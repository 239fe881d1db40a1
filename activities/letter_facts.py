"""What one letter says, gathered from the rows of its case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from activities import letter_facts_readers as readers
from activities.letter_facts_clocks import deadlines
from activities.letter_facts_file import CAUSE, SHANGHAI, CaseFile
from activities.letter_facts_gaps import with_gaps
from activities.letter_facts_supervision import circulated_with, other_cases
from activities.letter_facts_words import CAUSES, EARLIER, WORDS
from notifications.letters.facts import CaseFacts, EarlierLetter, LetterFacts
from notifications.letters.kinds import letter_kind
from notifications.letters.texts import LetterTexts

NAMELESS = "投诉人"


async def gather(file: CaseFile, texts: LetterTexts, served_at: datetime | None) -> LetterFacts:
    """Whole: what nobody entered is a marked gap. ``served_at`` is the instant of issue, None for a draft."""
    kind = letter_kind(file.letter.kind)
    issuer = file.name(file.letter.issuer_uscc) or ""
    addressee = await readers.addressee(file, kind)
    words = {field: source(file) for field, source in WORDS.get(kind.id, {}).items()}
    facts = LetterFacts(
        kind=kind.id,
        issuer=issuer,
        addressee=addressee or "",
        contact=await readers.contact(file, issuer),
        case=_case(file),
        cc=await readers.copies(file, kind, (issuer, addressee or "")),
        doc_no=file.letter.number,
        issued_on=served_at.astimezone(SHANGHAI).date() if served_at else None,
        deadlines=await deadlines(file, kind, served_at),
        earlier=_earlier(file, texts),
        order_no=file.order.number if file.order is not None else None,
        order_cases=await other_cases(file) or await circulated_with(file),
    )
    return with_gaps(file, replace(facts, **{field: value for field, value in words.items() if value}))  # type: ignore[arg-type]


def cause_of(file: CaseFile) -> dict[str, str]:
    """The submission that led to the letter, to be kept with it."""
    rows = [file.said[act] for act in CAUSES.get(file.letter.kind, ()) if act in file.said]
    return {CAUSE: max(rows, key=lambda row: row.recorded_at).id} if rows else {}


def _case(file: CaseFile) -> CaseFacts:
    complaint, identity = file.complaint, file.identity
    contracted = complaint.contract_no is not None or complaint.signed_on is not None
    return CaseFacts(
        case_no=complaint.case_no,
        received_on=complaint.received_at.astimezone(SHANGHAI).date(),
        channel=complaint.channel,
        channel_zh=file.pack.channel(complaint.channel).title,
        complainant=identity.name if identity else NAMELESS,
        respondent=file.respondent,
        claims=complaint.title,
        contract_name=complaint.project_name if contracted else None,
        contract_no=complaint.contract_no,
        amount=complaint.disputed_amount_cny,
        # Without an identity there is no name to hide.
        identity_disclosed=identity is None or identity.consent,
    )


def _earlier(file: CaseFile, texts: LetterTexts) -> EarlierLetter | None:
    answered = file.fact("withdraws")
    kinds = (answered,) if answered is not None else EARLIER.get(file.letter.kind, ())
    row = file.carrier() if file.order is not None else file.issued(*kinds)
    if row is None or row.number is None or row.issued_at is None:
        return None
    title = texts.basis(row.kind, file.complaint.channel).title.replace("\n", "")
    return EarlierLetter(
        title=title if "{" not in title else row.kind, doc_no=row.number,
        issued_on=row.issued_at.astimezone(SHANGHAI).date(),
    )  # fmt: skip
