"""Reminders along a ladder: the policy's rung says whom and how; the machine reminds, a person issues."""

from __future__ import annotations

from collections.abc import Mapping

from activities import notify_wording as wording
from activities.jobs import Handler, Job
from bpmn.values import Json
from cases.deadlines.zone import day_of
from cases.notices import Reader, put
from cases.people.priority import raise_for
from cases.policy.loader import load
from cases.reminders import recipients

RAISES_PRIORITY = "raise_priority"
# What the next rungs propose to a person: effect of the rung to the branch in supervision.bpmn or risk.bpmn.
PROPOSALS = {
    "draft_urge": "urge", "draft_supervision_letter": "order",
    "propose_typical_case": "typical",
    "draft_reminder_letter": "reminder", "draft_warning_letter": "warning", "draft_interview_notice": "interview",
}  # fmt: skip


async def notify(job: Job) -> Mapping[str, Json]:
    """Inputs: clock (deadline name), rung, waits_for (role@unit)."""
    rule = load(job.instance.pack).rule(job.text("clock"), job.instance.channel or "OTHER")
    rung = next((r for r in rule.rungs if r.name == job.text("rung")), None) if rule else None
    if rule is None or rung is None:
        return {"proposals": None}
    if rung.notice is not None:
        facts = await wording.rung_facts(job, rule, rung, job.text("waits_for"))
        told = await recipients(job.session, job.complaint, rung, job.text("waits_for"), day_of(job.at))
        for person in told:
            notice = wording.of_rung(wording.kind_of(rung.notice, person.place), facts, rung)
            reader = Reader(person.account.id, bool(person.account.email))
            await put(job.session, f"{job.id}:{rung.name}", job.complaint.id, reader, notice, job.at)
    if rung.effect == RAISES_PRIORITY:
        await raise_for(
            job.session, job.instance.id, job.complaint.id, job.text("waits_for"), rung.name, job.at
        )
    return {"proposals": PROPOSALS.get(rung.effect or "")}


HANDLERS: dict[str, Handler] = {"notify": notify}
