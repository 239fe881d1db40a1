"""Cases of the past year that were closed long ago: rows marked archived, without an execution behind them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import audit, positions
from cases.intake import file_complaint, instance_id_of
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.ledger import Outbox
from cases.vault import Vault
from jiannuo.seeding.complaints import SampleComplaint

CLOSED = "closed"
# The referring department of a case is found by the model; in an archived row the accepting one stands for it.
SATISFIED_EVERY = 3


async def write_archived(session: AsyncSession, vault: Vault, complaint: SampleComplaint, verifier: str) -> bool:
    """False if an earlier seeding wrote it. The start that intake promised is taken back in the same transaction."""
    received, row = complaint.filing.received_at, complaint.row
    receipt = await file_complaint(session, vault, complaint.filing, received)
    if receipt.known:
        return False
    instance_id = instance_id_of(receipt.complaint_id)
    promised = await session.scalar(select(Outbox).where(Outbox.kind == "start", Outbox.ref == instance_id))
    instance = await session.get(Instance, instance_id)
    case = await session.get(Complaint, receipt.complaint_id)
    assert promised is not None, "filed in this transaction"
    assert instance is not None
    assert case is not None
    closed = received + timedelta(days=row.took)
    promised.done_at = received
    instance.status = "completed"
    case.archived, case.status, case.stage = True, str(row.status), CLOSED
    case.scope = "out" if row.status == "closed_out_of_scope" else "in"
    case.referring_uscc, case.verifying_uscc = case.accepting_uscc, verifier
    if row.status == "closed_rectified":
        case.satisfaction = "basically_satisfied" if int(row.key[1:]) % SATISFIED_EVERY == 0 else "satisfied"
    await positions.refresh(session, [case.id])
    await audit.append(
        session, at=closed, recorded_at=closed, actor="seed", act="archive", complaint_id=case.id,
        facts={"status": row.status},
    )  # fmt: skip
    return True
