"""The handler line of a letter: who drafted it, and for whom if that person stood in (both names)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import aliased

from activities.letter_facts_file import CaseFile
from cases.tables.organisations import Account
from cases.tables.worklist import Submission

DRAFT = "draft"


async def handler(file: CaseFile) -> str | None:
    """None while nobody has drafted it."""
    absent = aliased(Account)
    row = (
        await file.session.execute(
            select(Account.display_name, absent.display_name)
            .select_from(Submission)
            .join(Account, Account.id == Submission.account_id)
            .outerjoin(absent, absent.id == Submission.on_behalf_of)
            .where(
                Submission.instance_id == file.instance.id,
                Submission.act == DRAFT,
                Submission.status != "refused",
                Submission.form["letter_id"].astext == file.letter.id,
            )
            .order_by(Submission.recorded_at.desc(), Submission.id)
            .limit(1)
        )
    ).first()
    if row is None:
        return None
    name, behalf = row
    return f"{name}（代{behalf}）" if behalf else str(name)
