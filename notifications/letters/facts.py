"""What one letter says. Plain frozen data: stored with the letter, read back for a retry, shown to the reviewer.

All sums are CNY, all days are days in Asia/Shanghai. ``as_json``/``from_json`` are exact inverses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """The complaint as a letter refers to it. ``claims`` is what was complained of, in one sentence."""

    case_no: str
    received_on: date
    channel: str
    channel_zh: str
    complainant: str
    respondent: str
    claims: str
    contract_name: str | None = None
    contract_no: str | None = None
    amount: Decimal | None = None
    identity_disclosed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterDeadline:
    """``name`` is a key of ``DEADLINE_NAMES``; ``limit`` reads 5个工作日 or 30日; it ends at 24:00 of ``due``.

    ``due`` is None while the letter whose service starts the clock has not been issued.
    """

    name: str
    limit: str
    due: date | None = None
    derivation: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    unit: str
    phone: str | None = None
    person: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierLetter:
    """The letter that this one answers, extends, urges or withdraws."""

    title: str
    doc_no: str
    issued_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureFacts:
    """A disciplinary measure; its target may differ from the respondent (M1 hits the league's allocation)."""

    title: str
    target: str
    from_day: date
    until_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """``at`` is None while the time is told separately."""

    at: datetime | None
    place: str
    persons: str
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFacts:
    """送达: which letter reached whom, when and how. ``refused`` is the reason of a refusal to sign."""

    method: str
    recipient: str
    served_at: datetime
    server: str
    place: str
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """One letter. Without ``doc_no`` it is a draft; number and ``issued_on`` come at issue, together and once."""

    kind: str
    issuer: str
    addressee: str
    contact: Contact | None
    case: CaseFacts | None = None
    cc: tuple[str, ...] = ()
    doc_no: str | None = None
    issued_on: date | None = None
    deadlines: tuple[LetterDeadline, ...] = ()
    reason: str | None = None
    finding: str | None = None
    conclusion: str | None = None
    requirements: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    proposal: str | None = None
    designated: str | None = None
    assisting: tuple[str, ...] = ()
    main_case_no: str | None = None
    outstanding: Decimal | None = None
    earlier: EarlierLetter | None = None
    measures: tuple[MeasureFacts, ...] = ()
    meeting: Meeting | None = None
    service: ServiceFacts | None = None
    period: str | None = None
    subject_unit: str | None = None
    attachments: tuple[str, ...] = ()
    order_no: str | None = None
    order_cases: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[LetterFacts]:
    return TypeAdapter(LetterFacts)


def as_json(facts: LetterFacts) -> dict[str, Any]:
    """A JSON object; sums as strings, so that no cent is lost."""
    data: dict[str, Any] = _adapter().dump_python(facts, mode="json")
    return data


def from_json(data: dict[str, Any]) -> LetterFacts:
    """The inverse of ``as_json``. Raises pydantic.ValidationError on anything else."""
    return _adapter().validate_python(data)
