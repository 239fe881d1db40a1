"""A sample complaint from filing to the present, each act as the person of the role by the product's own path."""

from __future__ import annotations

from datetime import UTC, datetime

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.stores import Stores
from cases.access import Actor, actor_of
from cases.access_codes import hash_code
from cases.intake import file_complaint, instance_id_of
from cases.tables.complaints import Complaint
from cases.tables.organisations import Account, Membership
from cases.tables.worklist import Submission
from jiannuo.rehearsal.acting import ActRefused, Cast
from jiannuo.relay import Relay
from jiannuo.seeding.complaints import SampleComplaint
from jiannuo.seeding.timeline import Timeline

ENTERED_LATE = "样例数据，补录"

log = structlog.get_logger(__name__)


async def someone(session: AsyncSession, role: str, uscc: str) -> Actor:
    """A person of the sample region who holds the role in the unit. Raises ActRefused."""
    account = await session.scalar(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.role == role, Membership.uscc == uscc)
        .order_by(Account.id)
        .limit(1)
    )
    if account is None:
        raise ActRefused(f"{uscc} 没有{role}岗位的人员。")
    return await actor_of(session, account)


def recorded_today(row: Submission) -> None:
    """补录: the act is of the past, its entry is of today. The relay so leaves it to us, as it does with fresh acts."""
    row.recorded_at, row.late_reason = datetime.now(UTC), ENTERED_LATE


class Player:
    def __init__(self, stores: Stores, timeline: Timeline, relay: Relay, access_code: str) -> None:
        self._stores = stores
        self._timeline = timeline
        self._access_code = access_code
        self._cast = Cast(stores, relay, timeline, casting=someone, marking=recorded_today)
        self.refused = 0

    async def file(self, complaint: SampleComplaint) -> str | None:
        """The complaint's id; None if it was filed by an earlier seeding."""
        received = complaint.filing.received_at
        async with self._stores.sessions.begin() as session:
            receipt = await file_complaint(
                session, self._stores.vault, complaint.filing, received,
                clock_offset_s=(received - datetime.now(UTC)).total_seconds(),
            )  # fmt: skip
            self._cast.numbers[complaint.row.key] = receipt.case_no
            if receipt.known:
                return None
            row = await session.get(Complaint, receipt.complaint_id)
            assert row is not None
            # Samples share a code that is printed; those of real complaints are random and shown once.
            row.access_code_hash = await hash_code(self._access_code)
        return receipt.complaint_id

    async def play(self, complaint_id: str, complaint: SampleComplaint) -> None:
        instance_id = instance_id_of(complaint_id)
        await self._timeline.begun(instance_id)
        for act in complaint.acts:
            await self._timeline.move(instance_id, act.at)
            try:
                await self._cast.perform(complaint_id, act)
            except ActRefused as refused:
                # The story stops here, and the case stays at a stage that is as real as the one it was meant for.
                self.refused += 1
                log.info("a sample act was refused", key=complaint.row.key, act=act.act, reason=str(refused))
                break
        await self._timeline.arrive(instance_id)
