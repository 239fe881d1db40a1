"""Jobs of the letter chain: prepare the draft, give it its number and date once, and serve it."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from sqlalchemy import select

from activities import letter_text
from activities.jobs import Handler, Job
from activities.letter_notices import served
from bpmn.values import Json
from cases.plain import plain
from cases.policy.loader import load
from cases.policy.pack import PolicyPack
from cases.tables.letters import Letter
from cases.tables.worklist import Submission

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
        told = plain(facts) if isinstance(facts, dict) else {}
        letter = Letter(
            id=job.id, instance_id=job.instance.id, key=job.key, complaint_id=job.complaint.id, kind=kind,
            issuer_uscc=issuer, addressee=letter_text.addressee_of(kind, told), facts=told,
            status="draft", drafted_at=job.at,
        )  # fmt: skip
        job.session.add(letter)
        await job.session.flush()
        letter.facts = {**letter.facts, **await letter_text.cause_of(job, letter)}
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
    letter = await job.session.get(Letter, job.text("letter_id"), with_for_update={"key_share": True})
    assert letter is not None, "a letter is prepared before it is issued"
    if letter.number is None:
        edited = await _edited(job, letter)
        await _issue(job, letter, edited)
        other = letter_text.also_to(letter.kind)
        if other is not None:
            await _issue(job, _counterpart(job, letter, other.value), edited)
    return {"served_at": letter.served_at.isoformat() if letter.served_at else None, "number": letter.number}


async def _issue(job: Job, letter: Letter, edited: str | None) -> None:
    letter.number = await letter_text.give_number(job, letter, job.at.astimezone(SHANGHAI).year)
    letter.issued_at = letter.served_at = job.at
    letter.served_by = "system"
    letter.status = "served"
    await job.session.flush()
    facts = await letter_text.facts_of(job, letter, job.at)
    letter.body = await letter_text.final_body(job, facts, edited)
    letter.pdf = await letter_text.typeset(job, facts, letter.body)
    await served(job, letter, facts)


def _counterpart(job: Job, letter: Letter, reader: str) -> Letter:
    """The same letter to the other party. Keys of chains are positive: the mirrored one cannot meet another's."""
    other = Letter(
        id=f"{letter.id}:{reader}", instance_id=letter.instance_id, key=-letter.key, complaint_id=letter.complaint_id,
        kind=letter.kind, issuer_uscc=letter.issuer_uscc, addressee=reader, facts=letter.facts, status="draft",
        drafted_at=letter.drafted_at,
    )  # fmt: skip
    job.session.add(other)
    return other


async def _edited(job: Job, letter: Letter) -> str | None:
    """The text as the last person of the chain left it, if it differs from the draft: a draft knows no dates yet."""
    rows = await job.session.scalars(
        select(Submission.form)
        .where(
            Submission.instance_id == job.instance.id,
            Submission.act.in_(("draft", "review", "issue")),
            Submission.form["letter_id"].astext == letter.id,
        )
        .order_by(Submission.recorded_at.desc())
    )
    last = next((str(form["body"]) for form in rows if str(form.get("body") or "").strip()), None)
    return last if last is not None and _lines(last) != _lines(letter.body or "") else None


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


HANDLERS: dict[str, Handler] = {"letter.prepare": prepare, "letter.issue": issue}
