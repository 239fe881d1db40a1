"""From a letter row to its words: addressee, draft, number, and the sheet as PDF."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from activities import letter_facts
from activities.jobs import Job
from activities.letter_facts_file import open_file
from activities.letter_prefix import prefix_of
from cases.numbering import next_letter_no
from cases.policy.loader import POLICIES, load
from cases.policy.pack import PolicyPack
from cases.tables.letters import Letter
from cases.tables.organisations import Organisation, Region
from notifications.letters.facts import LetterFacts
from notifications.letters.fonts import load_fonts
from notifications.letters.identity import mask
from notifications.letters.kinds import Reader, letter_kind
from notifications.letters.render import render_text
from notifications.letters.texts import LetterTexts
from notifications.letters.typeset import render_pdf
from notifications.letters.wording import document_number

# 中止 goes to both parties, to each its own sheet: one would show each the other's name.
BOTH_PARTIES = frozenset({"中止办理告知书"})


def addressee_of(kind: str, facts: Mapping[str, object]) -> str:
    """The kind of reader: complainant, respondent, verifying_dept …; the model names another one as ``reader``."""
    return Reader(str(facts.get("reader") or letter_kind(kind).addressee)).value


def also_to(kind: str) -> Reader | None:
    """The second reader, who gets a letter of its own."""
    return Reader.RESPONDENT if kind in BOTH_PARTIES else None


def texts_of(pack: PolicyPack) -> LetterTexts:
    """The pack's own line first. A pack without a procedure borrows the words of the one it names, never its law."""
    return _texts(pack.lineage, pack.procedure.value)


@lru_cache(maxsize=32)
def _texts(lineage: tuple[str, ...], procedure: str) -> LetterTexts:
    """Read once per process: a pack's words change with a release, and reading them costs more than typesetting."""
    own = [POLICIES / name / "letters" for name in lineage]
    lent = POLICIES / procedure / "letters"
    found = tuple(folder for folder in own if folder.is_dir())
    if lent in own:
        return LetterTexts(found)
    return LetterTexts((*found, lent), found)


async def facts_of(job: Job, letter: Letter, served_at: datetime | None = None) -> LetterFacts:
    """What the letter says: now (a draft), or at the instant of its issue."""
    file = await open_file(job.session, job.stores.vault, job.instance, job.complaint, letter, job.at)
    return await letter_facts.gather(file, texts_of(load(job.instance.pack)), served_at)


async def cause_of(job: Job, letter: Letter) -> dict[str, str]:
    """What goes into the letter's facts, so that it answers the same submission at issue as in draft."""
    file = await open_file(job.session, job.stores.vault, job.instance, job.complaint, letter, job.at)
    return letter_facts.cause_of(file)


async def draft(job: Job, letter: Letter) -> str:
    return render_text(await facts_of(job, letter), texts_of(load(job.instance.pack)))


async def give_number(job: Job, letter: Letter, year: int) -> str:
    """发文字号, once: the issuer's prefix, the year and the next number.

    Counted by the prefix, not by the unit: two units whose names shorten alike must not both issue its 1号.
    """
    issuer = await job.session.get(Organisation, letter.issuer_uscc) if letter.issuer_uscc else None
    region = await job.session.get(Region, issuer.region_code) if issuer else None
    prefix = prefix_of(issuer.name if issuer else "", region.name if region else "")
    return document_number(prefix, year, await next_letter_no(job.session, prefix, year))


async def final_body(job: Job, facts: LetterFacts, edited: str | None) -> str:
    """What an officer changed stands, less a name that this reader must not learn; else the text with its dates."""
    if edited is not None:
        return mask(facts, edited)
    return render_text(facts, texts_of(load(job.instance.pack)))


async def typeset(job: Job, facts: LetterFacts, body: str) -> bytes:
    """The sheet as PDF/A; the same facts and body give the same bytes."""
    texts = texts_of(load(job.instance.pack))
    fonts = await asyncio.to_thread(load_fonts)
    return await asyncio.to_thread(render_pdf, facts, texts, fonts, body)
