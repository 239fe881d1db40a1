"""Reminders along a ladder: the policy's rung says whom and how; the machine reminds, a person issues."""

from __future__ import annotations

from collections.abc import Mapping

from activities.jobs import Handler, Job
from bpmn.values import Json
from cases.policy.loader import load
from cases.reminders import remind

# What the next rungs propose to a person (REQUIREMENTS 1E.23 a): effect of the rung to the branch in supervision.bpmn.
PROPOSALS = {"draft_urge": "urge", "draft_supervision_letter": "order"}


async def notify(job: Job) -> Mapping[str, Json]:
    """Inputs: clock (deadline name), rung, waits_for (role@unit)."""
    rule = load(job.instance.pack).rule(job.text("clock"), job.instance.channel or "OTHER")
    rung = next((r for r in rule.rungs if r.name == job.text("rung")), None) if rule else None
    if rung is None:
        return {"proposals": None}
    await remind(job.session, job.complaint, job.id, job.text("clock"), rung, job.text("waits_for"), job.at)
    return {"proposals": PROPOSALS.get(rung.effect or "")}


HANDLERS: dict[str, Handler] = {"notify": notify}
