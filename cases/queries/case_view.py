"""One case as an actor may see it: each part is one query, and only the parts that its relation opens are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from cases import access, confidential, documents, notes
from cases.access import Actor
from cases.deadlines.internal import INTERNAL, REMINDERS
from cases.errors import NotFound
from cases.identity import refused
from cases.intake import instance_id_of
from cases.people import recusal
from cases.people.entitlement import may, taking
from cases.queries.answers import Answer, answers
from cases.queries.beside import Beside, beside
from cases.queries.history import HistoryLine, history
from cases.queries.instance_rows import clocks_of, incidents_of, open_acts
from cases.queries.risk_steps import RiskStep, concerns, risk_steps
from cases.relations import Part, Relation, opened, relations_of
from cases.tables.clocks import Deadline, DeadlineChange
from cases.tables.complaints import CaseNote, Complaint, Document, FurtherContract
from cases.tables.engine import Incident, Instance, StageEntry
from cases.tables.letters import Letter
from cases.tables.organisations import Account, Organisation, Region
from cases.tables.records import CreditRecord, Determination, Escalation, Measure
from cases.tables.worklist import Submission, Subscription, Task

PARTIES = frozenset({Relation.RESPONDENT, Relation.COMPLAINANT})


@dataclass
class CaseView:
    """``open_acts`` are those that this actor may do now, ``lapsed`` those whose limit has run out, each with the
    sentence that says so; ``answers`` what the parties and assisting units wrote; ``risk`` what was done about its
    breach risks; ``units`` maps USCC to name;
    ``recused`` why this actor must keep out of the case (回避).
    """

    complaint: Complaint
    instance: Instance | None
    relations: frozenset[Relation]
    parts: frozenset[Part]
    units: Mapping[str, str] = field(default_factory=dict)
    region: str = ""
    stages: list[StageEntry] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    changes: Mapping[int, list[DeadlineChange]] = field(default_factory=dict)
    tasks: list[tuple[Task, str | None]] = field(default_factory=list)
    my_tasks: list[Task] = field(default_factory=list)
    open_acts: list[Subscription] = field(default_factory=list)
    beside: list[Beside] = field(default_factory=list)
    further: list[FurtherContract] = field(default_factory=list)
    lapsed: list[tuple[Subscription, str]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    risk: list[RiskStep] = field(default_factory=list)
    recused: str | None = None
    pending: list[Submission] = field(default_factory=list)
    history: list[HistoryLine] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    notes: list[CaseNote] = field(default_factory=list)
    determination: Determination | None = None
    record: CreditRecord | None = None
    measures: list[Measure] = field(default_factory=list)
    escalation: Escalation | None = None
    incidents: list[Incident] = field(default_factory=list)

    def allows(self, part: str) -> bool:
        return Part(part) in self.parts

    def deadline(self, key: int | None) -> Deadline | None:
        return next((row for row in self.deadlines if row.key == key), None)


async def find_case(session: AsyncSession, actor: Actor, complaint_id: str) -> Complaint:
    complaint = await session.scalar(access.visible(actor).where(Complaint.id == complaint_id))
    if complaint is None:
        raise NotFound("没有找到这个案件，或者您无权查看。")
    return complaint


async def case_view(session: AsyncSession, actor: Actor, complaint_id: str, now: datetime) -> CaseView:
    complaint = await find_case(session, actor, complaint_id)
    relations = relations_of(actor, complaint)
    instance = await session.get(Instance, instance_id_of(complaint.id))
    parts = opened(relations)
    if Part.IDENTITY in parts and await refused(session, actor, complaint):
        parts -= {Part.IDENTITY}
    view = CaseView(complaint, instance, relations, parts)
    await _units(session, view)
    view.beside = await beside(session, actor, complaint)
    rows = await session.scalars(
        select(FurtherContract).where(FurtherContract.complaint_id == complaint.id).order_by(FurtherContract.number)
    )
    view.further = list(rows)
    await _clocks(session, view)
    if instance is not None:
        await _work(session, view, actor, now)
    await _papers(session, view, actor)
    await _outcome(session, view)
    if confidential.shut_out(actor, complaint):
        await _withhold(session, view)
    return view


async def _withhold(session: AsyncSession, view: CaseView) -> None:
    """A reported retaliation leaves no trace for the respondent and its superior."""
    lines = [line.scopes for line in view.history]
    hidden = await confidential.hidden_scopes(session, instance_id_of(view.complaint.id), lines)
    view.tasks = [(task, name) for task, name in view.tasks if not confidential.hides_task(task, hidden)]
    view.history = [line for line in view.history if not confidential.hides_line(line.act, line.scopes, hidden)]
    view.pending = [row for row in view.pending if row.act != confidential.ACT]
    view.my_tasks = [task for task in view.my_tasks if not confidential.hides_task(task, hidden)]
    if view.escalation is not None and not confidential.shown_triggers(view.escalation.proposed_by):
        view.escalation = None
        view.letters = [letter for letter in view.letters if letter.kind != confidential.FORM]


async def _units(session: AsyncSession, view: CaseView) -> None:
    c = view.complaint
    codes = {c.respondent_uscc, c.superior_uscc, c.accepting_uscc, c.referring_uscc, c.verifying_uscc} - {None}
    rows = await session.execute(select(Organisation.uscc, Organisation.name).where(Organisation.uscc.in_(codes)))
    view.units = {row.uscc: row.name for row in rows}
    view.region = await session.scalar(select(Region.name).where(Region.code == c.region_code)) or c.region_code


async def _clocks(session: AsyncSession, view: CaseView) -> None:
    of = instance_id_of(view.complaint.id)
    stages = await session.scalars(select(StageEntry).where(StageEntry.instance_id == of).order_by(StageEntry.number))
    view.stages = list(stages)
    rows, view.changes = await clocks_of(session, of)
    view.deadlines = [row for row in rows if row.name not in REMINDERS]
    if view.relations & PARTIES:
        view.deadlines = [row for row in view.deadlines if row.name not in INTERNAL]


async def _work(session: AsyncSession, view: CaseView, actor: Actor, now: datetime) -> None:
    assert view.instance is not None, "the caller asked"
    of = view.instance.id
    rows = await session.execute(
        select(Task, Account.display_name)
        .outerjoin(Account, Account.id == Task.assignee_id)
        .where(Task.instance_id == of, Task.status == "open")
        .order_by(Task.key)
    )
    tasks: list[tuple[Task, str | None]] = [(task, name) for task, name in rows]
    view.tasks = tasks if Part.TASKS in view.parts else []
    barred = await recusal.bars_for(session, actor, view.complaint)
    # A respondent answers as a party: there is nothing to keep it from.
    if actor.account_id is not None and Relation.RESPONDENT not in view.relations:
        view.recused = barred.get(actor.account_id)
    view.my_tasks = [task for task, _ in tasks if await may(session, actor, view.complaint, taking(task), barred)]
    view.open_acts, view.lapsed = await open_acts(session, actor, view.instance, view.complaint, now, barred)
    pending = await session.scalars(
        select(Submission).where(Submission.instance_id == of, Submission.status == "pending")
    )
    view.pending = list(pending)
    if not view.relations & PARTIES and concerns(actor, (task for task, _ in tasks)):
        # Who is to decide about the risk has often no other part in the case: this it is shown, and nothing else.
        view.parts |= {Part.RISK}
    if Part.RISK in view.parts:
        view.risk = await risk_steps(session, view.instance)
    if Part.ANSWERS in view.parts:
        view.answers = await answers(session, view.instance)
    if Part.HISTORY in view.parts:
        view.history = await history(session, view.instance)
        view.incidents = await incidents_of(session, of)


async def decided_by(session: AsyncSession, view: CaseView) -> str | None:
    """Who answers for the decision on the supervision platform."""
    if view.escalation is None or view.escalation.decided_by is None:
        return None
    account = await session.get(Account, view.escalation.decided_by)
    return account.display_name if account is not None else None


async def _papers(session: AsyncSession, view: CaseView, actor: Actor) -> None:
    letters = await session.scalars(readable_letters(actor, view))
    view.letters = list(letters)
    view.documents = list(await session.scalars(documents.readable(actor, view.complaint)))
    if Part.NOTES in view.parts:
        view.notes = await notes.notes_of(session, view.complaint.id)


def readable_letters(actor: Actor, view: CaseView) -> Select[Letter]:
    """All letters for who handles or oversees; a party reads what was issued to it, once it was issued."""
    query = (
        select(Letter)
        .where(Letter.complaint_id == view.complaint.id)
        .options(defer(Letter.pdf))
        .order_by(func.coalesce(Letter.issued_at, Letter.drafted_at), Letter.id)
    )
    if Part.LETTERS in view.parts:
        return query
    to = {relation.value for relation in view.relations}
    to |= {"recorded_unit"} if Relation.RESPONDENT in view.relations else set()
    return query.where(Letter.status.in_(("issued", "served")), Letter.addressee.in_(to))


async def _outcome(session: AsyncSession, view: CaseView) -> None:
    if Part.RECORD not in view.parts:
        return
    case_id = view.complaint.id
    view.determination = await session.get(Determination, case_id)
    view.record = await session.get(CreditRecord, case_id)
    view.escalation = await session.get(Escalation, case_id) if Part.HISTORY in view.parts else None
    measures = await session.scalars(
        select(Measure).where(Measure.complaint_id == case_id).order_by(Measure.started_at)
    )
    view.measures = list(measures)
