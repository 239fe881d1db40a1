"""Telling who a case waits for that it stands still: nobody has acted for days although nothing is due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.deadlines.limit import Limit
from cases.deadlines.rule import Rung
from cases.deadlines.zone import SHANGHAI, day_of
from cases.notices import Reader, Written, put
from cases.policy.loader import load
from cases.queries.light import lights_for
from cases.queries.standing import stalled
from cases.reminders import recipients
from cases.tables.complaints import Complaint
from cases.tables.letters import Notice
from cases.tables.organisations import Organisation
from cases.tables.positions import CasePosition

KIND = "stalled"
BATCH = 200
Writer = Callable[[str, Mapping[str, str]], Written]
# Whom it waits for, and the head of that unit. A complainant is reminded by the clock that runs against it.
TOLD = Rung("stalled", Limit.parse("0wd"), time(9), to=("assignee", "stand_in", "dept_head"), notice=KIND)
PARTY = "complainant"


async def remind(
    session: AsyncSession, write: Writer, pack_name: str, now: datetime, after: str = "", count: int = BATCH
) -> list[str]:
    """The next cases after this one (by id) that stand still and whose standing still nobody was told of, each told.

    Nothing on a day off or before the offices open. A case whose clock nears its end or has passed it is left to the
    ladder of that clock. Told once per standing still: an act begins a new one.
    """
    pack = load(pack_name)
    lights = await lights_for(session, pack_name, now)
    local = now.astimezone(SHANGHAI)
    if not lights.calendar.is_working(local.date()).working or local.time() < pack.office_hours.value.opens:
        return []
    told = (
        select(Notice.idempotency_key)
        .where(Notice.complaint_id == CasePosition.id, Notice.kind == KIND, Notice.created_at > CasePosition.acted_at)
        .exists()
    )
    rows = await session.execute(
        select(CasePosition, Complaint, Organisation.name)
        .join(Complaint, Complaint.id == CasePosition.id)
        .outerjoin(Organisation, Organisation.uscc == CasePosition.waits_unit)
        .where(
            stalled(lights),
            Complaint.pack == pack_name,
            CasePosition.id > after,
            or_(CasePosition.due_at.is_(None), CasePosition.due_at > lights.yellow_until),
            CasePosition.waits_unit.is_not(None),
            CasePosition.waits_role != PARTY,
            CasePosition.confidential_of.is_(None),
            ~CasePosition.blocked,
            ~told,
        )
        .order_by(CasePosition.id)
        .limit(count)
    )
    seen = []
    for position, complaint, unit in rows:
        waiting_for = f"{unit or '有关单位'}办理“{position.waits_task}”"
        facts = {
            "case_no": complaint.case_no, "days": str(pack.lights.value.stalled_working_days),
            "waiting_for": waiting_for,
        }  # fmt: skip
        waits_for = f"{position.waits_role}@{position.waits_unit}"
        for person in await recipients(session, complaint, TOLD, waits_for, day_of(now)):
            reader = Reader(person.account.id, bool(person.account.email))
            key = f"{KIND}:{complaint.id}:{position.acted_at.isoformat()}"
            await put(session, key, complaint.id, reader, write(KIND, facts), now)
        seen.append(complaint.id)
    return seen
