"""Jobs of supervision orders: entering one when its letter is served, reminding along its ladder, telling who waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from activities.jobs import Handler, Job
from activities.letter_facts_file import CAUSE, open_file
from activities.letter_facts_orders import SUPERVISED
from activities.letter_facts_readers import unit_of
from activities.notify_wording import kind_of, of_rung, written
from bpmn.values import Json
from cases.notices import Reader, Written, put
from cases.orders.open import Issuer, NewOrder, open_order
from cases.orders.people import behind
from cases.orders.states import LISTED, SUPERVISION
from cases.policy.loader import load
from cases.tables.clocks import Deadline
from cases.tables.letters import Letter
from cases.tables.orders import SupervisionOrder
from cases.tables.organisations import Account, Organisation
from cases.tables.worklist import Submission
from notifications.letters.wording import date_zh

REPLY = "supervision_reply"
# What the next rungs propose to the issuer: effect of the rung to the branch in supervision_order.bpmn.
PROPOSALS = {"draft_urge": "urge", "draft_interview_notice": "interview", "draft_superior_letter": "superior"}
# Who hears of what happened to an order.
TOLD: dict[str, tuple[str, ...]] = {
    "order_received": ("addressee",), "order_replied": ("issuer",), "order_returned": ("addressee",),
    "order_closed": ("addressee",), "order_withdrawn": ("addressee",),
}  # fmt: skip
# Whose name the notice gives as the unit that acted or is late.
ACTING = frozenset({"order_replied", "order_overdue"})
UNSAID = "按照文书载明的事由"


async def open_from_letter(job: Job) -> Mapping[str, Json]:
    """A served letter of supervision is an order: its reply, check and closing run as a process of their own."""
    letter = await job.session.get(Letter, job.text("letter_id"))
    assert letter is not None, "the chain has issued the letter"
    file = await open_file(job.session, job.stores.vault, job.instance, job.complaint, letter, job.at)
    addressee = await unit_of(file, letter.addressee)
    if addressee is None or letter.issuer_uscc is None or job.complaint.confidential_of is not None:
        return {}
    said = await job.session.get(Submission, str(letter.facts.get(CAUSE, "")))
    words = [str(said.form[key]).strip() for key in ("reason", "words") if said is not None and said.form.get(key)]
    served = job.text("served_at")
    order = await open_order(
        job.session,
        NewOrder(
            key=f"letter:{letter.id}",
            kind=LISTED if letter.kind == "挂牌督办通知书" else SUPERVISION,
            cases=[job.complaint],
            issuer=Issuer(letter.issuer_uscc, said.role if said else "supervisor", said.account_id if said else None),
            addressee_uscc=addressee,
            reason=next(iter(words), UNSAID),
            demand="\n".join(SUPERVISED),
            letter_id=letter.id,
            served_at=datetime.fromisoformat(served) if served else letter.served_at or job.at,
            clock_offset_s=job.offset_s,
        ),
        job.at,
    )
    return {"opened_order": order.id}


async def note_letter(job: Job) -> Mapping[str, Json]:
    """Input: number. The letter that carries the order, for the ledger and for the letters that follow."""
    order = await _order(job)
    order.letter_id = await job.session.scalar(select(Letter.id).where(Letter.number == job.text("number")))
    return {}


async def remind(job: Job) -> Mapping[str, Json]:
    """Inputs: clock, rung. The machine reminds and proposes; the issuer signs."""
    order = await _order(job)
    rule = load(job.instance.pack).rule(job.text("clock"), job.instance.channel or "OTHER")
    rung = next((r for r in rule.rungs if r.name == job.text("rung")), None) if rule else None
    if rule is None or rung is None:
        return {"proposals": None}
    if rung.notice is not None:
        facts = await _facts(job, order, rung.notice, rule.name) | {"late": str(abs(rung.offset.amount))}
        for place in rung.to:
            notice = of_rung(kind_of(rung.notice, place), facts, rung)
            await _tell(job, order, notice, place, f"{job.id}:{rung.name}")
    return {"proposals": PROPOSALS.get(rung.effect or "")}


async def tell(job: Job) -> Mapping[str, Json]:
    """Input: what (a kind of notice)."""
    order, what = await _order(job), job.text("what")
    facts = await _facts(job, order, what, REPLY)
    for place in TOLD[what]:
        await _tell(job, order, written(what, facts), place, f"{job.id}:{what}")
    return {}


async def _order(job: Job) -> SupervisionOrder:
    order = await job.session.scalar(select(SupervisionOrder).where(SupervisionOrder.instance_id == job.instance.id))
    assert order is not None, "an order's process starts with its row"
    return order


async def _facts(job: Job, order: SupervisionOrder, what: str, clock: str) -> dict[str, str]:
    row = await job.session.scalar(
        select(Deadline)
        .where(Deadline.instance_id == job.instance.id, Deadline.name == clock, Deadline.due.is_not(None))
        .order_by(Deadline.key.desc())
        .limit(1)
    )
    unit = await job.session.get(Organisation, order.addressee_uscc if what in ACTING else order.issuer_uscc)
    running = row is not None and row.due is not None and row.status == "running"
    return {
        "case_no": order.number,
        "order_id": order.id,
        "unit": unit.name if unit is not None else "有关单位",
        "due": date_zh(row.due) if running and row is not None and row.due is not None else "文书载明的期限",
    }


async def _tell(job: Job, order: SupervisionOrder, notice: Written, place: str, key: str) -> None:
    """Once per person, though the person stands at several places of the rung."""
    people: list[Account] = await behind(job.session, order, job.complaint, place)
    for account in people:
        await put(job.session, key, job.complaint.id, Reader(account.id, bool(account.email)), notice, job.at)


HANDLERS: dict[str, Handler] = {
    "order.open": open_from_letter,
    "order.letter": note_letter,
    "order.remind": remind,
    "order.tell": tell,
}
