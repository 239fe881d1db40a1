"""Jobs of the letter chain: prepare the draft, give it its number and date once, and serve it."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from sqlalchemy import select

from activities import letter_text
from activities.jobs import Handler, Job
from bpmn.values import Json
from cases.numbering import next_letter_no
from cases.plain import plain
from cases.policy.loader import load
from cases.policy.pack import PolicyPack
from cases.tables.letters import Letter
from cases.tables.worklist import Submission
from notifications.letters.wording import document_number

SHANGHAI = ZoneInfo("Asia/Shanghai")
DEFAULT_STEPS = ("draft", "review", "issue")


def steps_of(pack: PolicyPack, kind: str) -> tuple[str, ...]:
    """The steps that the pack sets for a kind of letter, by its Chinese title."""
    found = next((letter for letter in pack.letters.values() if letter.title == kind), None)
    return tuple(found.steps.value) if found else DEFAULT_STEPS


async def prepare(job: Job) -> Mapping[str, Json]:
    """Inputs: kind, issuer (USCC), drafter_role, facts (routing facts that the letter states)."""
    letter = await job.session.get(Letter, job.id)
    kind, issuer, role = job.text("kind"), job.text("issuer"), job.text("drafter_role")
    steps = steps_of(load(job.instance.pack), kind)
    if letter is None:
        facts = job.variables.get("facts")
        letter = Letter(
            id=job.id, instance_id=job.instance.id, key=job.key, complaint_id=job.complaint.id, kind=kind,
            issuer_uscc=issuer, addressee=letter_text.addressee_of(kind),
            facts=plain(facts) if isinstance(facts, dict) else {}, status="draft", drafted_at=job.at,
        )  # fmt: skip
        job.session.add(letter)
        await job.session.flush()
        letter.body = await letter_text.draft(job, letter)
    review = "legal_reviewer" if "legal_review" in steps else "head"
    return {
        "letter_id": job.id,
        "steps": ["review" if step == "legal_review" else step for step in dict.fromkeys(steps)],
        "drafters": [f"{role}@{issuer}"],
        "reviewers": [f"{review}@{issuer}", f"{role}@{issuer}"] if review == "head" else [f"{review}@{issuer}"],
        "issuers": [f"head@{issuer}"],
    }


async def issue(job: Job) -> Mapping[str, Json]:
    """签发: number and date come now, once; service by the system is the same instant (送达 through the system)."""
    letter = await job.session.get(Letter, job.text("letter_id"), with_for_update=True)
    assert letter is not None, "a letter is prepared before it is issued"
    if letter.number is None:
        edited = await _last_body(job)
        letter.body = edited or letter.body
        year = job.at.astimezone(SHANGHAI).year
        # Counted per prefix: two units that share one must not give the same number.
        prefix = await letter_text.prefix_of(job, letter)
        letter.number = document_number(prefix, year, await next_letter_no(job.session, prefix, year))
        letter.issued_at = letter.served_at = job.at
        letter.served_by = "system"
        letter.status = "served"
        await job.session.flush()
        letter.pdf = await letter_text.typeset(job, letter)
    return {"served_at": letter.served_at.isoformat() if letter.served_at else None, "number": letter.number}


async def _last_body(job: Job) -> str | None:
    """The text as the last person of the chain left it, if any of them changed it."""
    rows = await job.session.scalars(
        select(Submission.form)
        .where(
            Submission.instance_id == job.instance.id,
            Submission.act.in_(("draft", "review", "issue")),
            Submission.form["letter_id"].astext == job.text("letter_id"),
        )
        .order_by(Submission.recorded_at.desc())
    )
    return next((str(form["body"]) for form in rows if form.get("body")), None)


HANDLERS: dict[str, Handler] = {"letter.prepare": prepare, "letter.issue": issue}
