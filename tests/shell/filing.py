"""Complaints of fictional enterprises, filed and acted on as the product does it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from activities.stores import Stores
from cases.access import Actor
from cases.errors import Problem
from cases.intake import Contract, Filing, Receipt, file_complaint, instance_id_of
from cases.offers import candidates_of, root_variables
from cases.submissions import Act, submit
from cases.tables.engine import Instance
from cases.tables.worklist import Submission, Task
from cases.vault import Identity
from jiannuo.rehearsal.population import person, populate
from jiannuo.rehearsal.sample import Sample

PACK = "nmg-2023"
UNIT = {
    "uscc": "11159721FAKE00013B",
    "name": "青原旗某局(虚构)",
    "org_type": "机关",
    "level": "旗县",
    "region_code": "159721",
}
ABOVE = {**UNIT, "uscc": "11159721FAKE000216", "name": "青原旗人民政府(虚构)"}
RAW = {
    "respondent": UNIT, "superior_or_competent_dept": ABOVE, "channel_code": "CREDIT_NM", "channel_name": "专栏",
}  # fmt: skip
# Acts from screening to verification, each with what its form needs. A letter's chain is drafted, reviewed and issued.
ACTS: dict[str, dict[str, Any]] = {"accept": {}, "refer": {"to": ABOVE["uscc"]}}


async def people(stores: Stores) -> None:
    now = datetime.now(UTC)
    async with stores.sessions.begin() as session:
        await populate(session, [Sample("0", PACK, RAW, (), now)])


async def file(stores: Stores, number: int) -> Receipt:
    now = datetime.now(UTC)
    filing = Filing(
        pack=PACK, channel="CREDIT_NM", received_at=now,
        complainant=Identity("某公司(虚构)", "91159721MAFAKE019Y", "", "", consent=False),
        enterprise_type="民营企业", is_sme=True, respondent_uscc=UNIT["uscc"], superior_uscc=ABOVE["uscc"],
        domain="PROC",
        title="尾款逾期未付", statement="至今未付。", request="支付尾款。", external_ref=f"kill-{number}",
        source_portal=None,
        evidence=(),
        contract=Contract(
            contract_no="C-1", project_name="项目", signed_on=date(2025, 8, 12), amount_cny=None,
            disputed_amount_cny=None, payment_due_on=None, performance_status=None, disclosure_authorised=True,
            classification="无",
        ),
    )  # fmt: skip
    async with stores.sessions.begin() as session:
        return await file_complaint(session, stores.vault, filing, now)


async def next_act(stores: Stores, complaint_id: str) -> Submission | None:
    """Submits what the case's open tasks ask for next; None when nothing is open or all is already on its way."""
    now = datetime.now(UTC)
    instance_id = instance_id_of(complaint_id)
    async with stores.sessions() as session:
        tasks = (
            await session.scalars(
                select(Task).where(Task.instance_id == instance_id, Task.status == "open").order_by(Task.key)
            )
        ).all()
    for task in tasks:
        act = next((act for act in task.acts if act in ACTS), None)
        form: dict[str, Any] = ACTS.get(act or "", {})
        if act is None and "jiannuo:letterStep" in task.properties:
            act, form = task.acts[0], {"letter_id": task.inputs.get("letter_id")}
        if act is None:
            continue
        try:
            async with stores.sessions.begin() as session:
                instance = await session.get_one(Instance, instance_id)
                candidate = candidates_of(task, root_variables(instance), now)[0]
                actor: Actor = await person(session, candidate.partition("@")[0], candidate.partition("@")[2])
                return await submit(
                    session, stores.definitions, actor, Act(complaint_id, act, form, now, task_key=task.key), now
                )
        except Problem:
            continue  # a submission of this task is pending: the worker that held it was killed
    return None
