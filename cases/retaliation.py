"""打击报复: a report opens a linked confidential case that the respondent and its superior cannot see (1E.30).

It is a complaint row of its own with its own execution (``retaliation.bpmn``): whoever looks at the first case learns
nothing of what becomes of the second.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncSession

from bpmn import codec
from cases import audit, directory
from cases.definitions import latest
from cases.errors import Invalid, NotFound
from cases.intake import MAX_TEXT, SHANGHAI, instance_id_of
from cases.numbering import next_case_no
from cases.searching import index
from cases.tables.complaints import Complaint, Party
from cases.tables.engine import Instance
from cases.tables.ledger import Outbox
from cases.tables.organisations import Organisation
from cases.vault import Vault

PROCESS = "retaliation"
SUPERVISOR = "supervisor"


async def open_linked(
    session: AsyncSession, vault: Vault, main: Complaint, words: str, at: datetime, *, key: str,
    clock_offset_s: float = 0.0,
) -> Complaint:  # fmt: skip
    """The confidential case of one report, opened once for each ``key``. ``at`` in case time. Commits nothing."""
    id_ = sha256(f"{main.id}:{key}".encode()).hexdigest()[:20]
    known = await session.get(Complaint, id_)
    if known is not None:
        return known
    definition = await latest(session, main.pack, "bpmn", PROCESS)
    if definition is None:
        raise NotFound(f"政策 {main.pack} 尚未部署打击报复核查流程,请管理员运行 jiannuo bpmn deploy。")
    barred = await _barred(session, main)
    unit, role = await _handling(session, main, barred)
    row = Complaint(
        id=id_, case_no=await next_case_no(session, main.pack, at.astimezone(SHANGHAI).year), pack=main.pack,
        channel=main.channel, received_at=at, recorded_at=at, complainant_digest=main.complainant_digest,
        complainant_alias=main.complainant_alias, enterprise_type=main.enterprise_type, is_sme=main.is_sme,
        respondent_uscc=main.respondent_uscc, domain=main.domain, title="反映打击报复", statement=words,
        request="核查并依法处理打击报复", disclosure_authorised=False, classification="内部", accepting_uscc=unit,
        region_code=main.region_code, confidential_of=main.id, barred=sorted(barred),
    )  # fmt: skip
    session.add(row)
    await session.flush()
    await index.write(session, row)
    party = await session.get(Party, main.id)
    if party is not None:
        session.add(Party(complaint_id=id_, sealed=vault.seal(id_, vault.open(main.id, party.sealed))))
    instance = Instance(
        id=instance_id_of(id_), process_id=PROCESS, graph_hash=definition.hash, pack=main.pack, business_key=id_,
        channel=main.channel, clock_offset_s=clock_offset_s, created_at=at,
        variables=codec.dump_variables(
            {"case_id": id_, "received_at": at.isoformat(), "handling_unit": unit, "handling_role": role}
        ),
    )  # fmt: skip
    session.add(instance)
    session.add(Outbox(kind="start", ref=instance.id, payload={}, created_at=at))
    await audit.append(
        session, at=at, recorded_at=at, actor="complainant", act="report_retaliation", complaint_id=id_,
        facts={"case_no": row.case_no},
    )  # fmt: skip
    await session.flush()
    return row


async def report_after_closing(
    session: AsyncSession, vault: Vault, main: Complaint, words: str, now: datetime, *, key: str
) -> Complaint:
    """What the open act does while the case runs, for a case whose execution has ended. Raises Invalid."""
    if not words.strip() or len(words) > MAX_TEXT:
        raise Invalid({"words": f"请写明受到打击报复的情况,不超过{MAX_TEXT}字。"})
    return await open_linked(session, vault, main, words.strip(), now, key=key)


async def _barred(session: AsyncSession, main: Complaint) -> set[str]:
    """The respondent, its superior, and the department that verified: it is the superior or competent one."""
    respondent = await session.get(Organisation, main.respondent_uscc)
    units = {main.respondent_uscc, main.superior_uscc, main.verifying_uscc}
    return {unit for unit in (*units, respondent.superior_uscc if respondent else None) if unit}


async def _handling(session: AsyncSession, main: Complaint, barred: Iterable[str]) -> tuple[str, str]:
    """督查: the nearest such unit that is not barred; where none is, the accepting department."""
    for region in await directory.lineage(session, main.region_code):
        found = await directory.at_region(session, SUPERVISOR, region)
        if found is not None and found.uscc not in barred:
            return found.uscc, SUPERVISOR
    return main.accepting_uscc or "", "accepting_dept"
