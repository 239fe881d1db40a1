"""What the rows of a case hold when one of its letters is written: read once, then only looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.policy.loader import load
from cases.policy.pack import PolicyPack
from cases.tables.clocks import Deadline
from cases.tables.complaints import Complaint, Party
from cases.tables.engine import Instance
from cases.tables.letters import Letter
from cases.tables.orders import SupervisionOrder
from cases.tables.organisations import Organisation, Region
from cases.tables.records import CreditRecord, Determination, Escalation, Measure
from cases.tables.worklist import Submission
from cases.vault import Identity, Vault

SHANGHAI = ZoneInfo("Asia/Shanghai")
CENT = Decimal("0.01")
# Which submission a letter answers stands with the letter: a second act of the kind must not change it before issue.
CAUSE = "cause"
CARRIERS = frozenset({"督办函", "督办书", "挂牌督办通知书"})


@dataclass(frozen=True)
class CaseFile:
    """``said`` holds the latest submission of every act; ``names`` units by USCC and regions by code."""

    session: AsyncSession
    instance: Instance
    complaint: Complaint
    letter: Letter
    at: datetime
    pack: PolicyPack
    identity: Identity | None
    said: Mapping[str, Submission]
    letters: tuple[Letter, ...]
    clocks: tuple[Deadline, ...]
    measures: tuple[Measure, ...]
    determination: Determination | None
    record: CreditRecord | None
    escalation: Escalation | None
    main: Complaint | None
    order: SupervisionOrder | None
    names: Mapping[str, str]

    @property
    def today(self) -> date:
        return self.at.astimezone(SHANGHAI).date()

    def words(self, act: str, *keys: str) -> str | None:
        """The first of ``keys`` that the person filled in for ``act``."""
        form = self.form(act)
        found = (str(form[key]).strip() for key in keys if form.get(key) is not None)
        return next((text for text in found if text), None)

    def form(self, act: str) -> Mapping[str, Any]:
        row = self.said.get(act)
        return row.form if row is not None else {}

    def money(self, act: str, key: str) -> Decimal | None:
        raw = self.words(act, key)
        return Decimal(raw).quantize(CENT) if raw is not None else None

    def day(self, act: str, key: str) -> date | None:
        raw = self.words(act, key)
        return date.fromisoformat(raw[:10]) if raw is not None else None

    def fact(self, key: str) -> str | None:
        """A routing fact that the model handed to the letter."""
        value = self.letter.facts.get(key)
        return None if value in (None, "") else str(value)

    def name(self, code: str | None) -> str | None:
        return self.names.get(code, code) if code else None

    def issued(self, *kinds: str) -> Letter | None:
        """The latest letter of these kinds that has its number."""
        return next((row for row in self.letters if row.kind in kinds and row.id != self.letter.id), None)

    def carrier(self) -> Letter | None:
        """The letter by which this order was issued; other letters of its kind in the case carry other orders."""
        if self.order is None:
            return None
        own = [row for row in self.letters if row.instance_id == self.instance.id and row.kind in CARRIERS]
        return next((row for row in self.letters if row.id == self.order.letter_id), own[-1] if own else None)

    def clock(self, name: str) -> Deadline | None:
        """The latest deadline of this name that has a date."""
        return next((row for row in self.clocks if row.name == name and row.due is not None), None)

    @property
    def respondent(self) -> str:
        return self.name(self.complaint.respondent_uscc) or ""


async def open_file(
    session: AsyncSession, vault: Vault, instance: Instance, complaint: Complaint, letter: Letter, at: datetime
) -> CaseFile:
    """The vault is opened to address the complainant, and to keep the name out of every other letter."""
    party = await session.get(Party, complaint.id)
    said = await _said(session, instance.id, letter)
    measures = await session.scalars(
        select(Measure).where(Measure.complaint_id == complaint.id).order_by(Measure.started_at.desc(), Measure.id)
    )
    letters = await session.scalars(
        select(Letter)
        .where(Letter.complaint_id == complaint.id, Letter.number.is_not(None))
        .order_by(Letter.issued_at.desc(), Letter.key.desc())
    )
    clocks = await session.scalars(
        select(Deadline).where(Deadline.instance_id == instance.id).order_by(Deadline.key.desc())
    )
    determination = await session.get(Determination, complaint.id)
    order = await session.scalar(select(SupervisionOrder).where(SupervisionOrder.instance_id == instance.id))
    record = await session.get(CreditRecord, complaint.id)
    into = said["merge"].form.get("into") if "merge" in said else None
    main = await session.scalar(select(Complaint).where(Complaint.case_no == str(into))) if into else None
    measured = tuple(measures)
    codes = {
        complaint.respondent_uscc, complaint.accepting_uscc, complaint.referring_uscc, complaint.verifying_uscc,
        complaint.superior_uscc, letter.issuer_uscc, record.unit_uscc if record else None,
        determination.unit_uscc if determination else None, *(row.target for row in measured),
        *(row.dept for row in measured), *(row.unit for row in said.values()),
        *(str(row.form.get(key)) for row in said.values() for key in ("to", "unit_uscc", "target")),
        str(letter.facts.get("waits_for", "")).rpartition("@")[2], order.addressee_uscc if order else None,
    }  # fmt: skip
    return CaseFile(
        session, instance, complaint, letter, at, load(instance.pack),
        vault.open(complaint.id, party.sealed) if party else None,
        said, tuple(letters), tuple(clocks), measured, determination, record,
        await session.get(Escalation, complaint.id), main, order,
        await _names(session, {code for code in codes if code}),
    )  # fmt: skip


async def _said(session: AsyncSession, instance_id: str, letter: Letter) -> dict[str, Submission]:
    rows = await session.scalars(
        select(Submission)
        .where(Submission.instance_id == instance_id, Submission.status != "refused")
        .order_by(Submission.recorded_at, Submission.id)
    )
    found = list(rows)
    said = {row.act: row for row in found}
    pinned = next((row for row in found if row.id == letter.facts.get(CAUSE)), None)
    return said | {pinned.act: pinned} if pinned is not None else said


async def _names(session: AsyncSession, codes: set[str]) -> dict[str, str]:
    units = await session.execute(select(Organisation.uscc, Organisation.name).where(Organisation.uscc.in_(codes)))
    regions = await session.execute(select(Region.code, Region.name).where(Region.code.in_(codes)))
    return {row[0]: row[1] for row in (*regions, *units)}
