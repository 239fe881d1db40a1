"""回避: who belongs to the respondent or has kept out of a case neither handles it nor has others do so."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from cases.intake import instance_id_of
from cases.tables.ledger import AuditEntry
from cases.tables.worklist import Task
from tests.api.entrusted import VERIFIED, case, complete, delegate, listed, people, revoke
from tests.api.region_builder import (
    RECTIFICATION,
    place,
)  # fmt: skip
from tests.api.web_site import NOW, Site

__all__ = ["case", "people"]


async def test_people_of_the_respondent_never_handle_the_case(
    site: Site, people: dict[str, int], case: str
) -> None:
    client = site.browser().client
    assert await listed(site, "both", case) is None
    answer = await client.post(
        f"/api/v1/cases/{case}/tasks/11/claim", headers=await site.token("both"), json={"row_version": 1}
    )
    assert answer.status_code == 403
    assert "回避" in answer.json()["detail"]
    moved = await client.post(
        f"/api/v1/cases/{case}/tasks/11/transfer", headers=await site.token("verify"),
        json={"row_version": 1, "to": "both", "reason": "请协助"},
    )  # fmt: skip
    assert moved.status_code == 422
    assert "回避" in moved.json()["fields"]["to"]
    given = await delegate(site, "verify", stand_in="both", grave=True)
    assert await listed(site, "both", case) is None
    status, sentence = await complete(site, "both", case, "verify", VERIFIED)
    assert (status, "回避" in sentence) == (403, True)
    await revoke(site, "verify", given)
    async with site.services.transaction() as session:
        _, own = await place(session, site.services.vault, RECTIFICATION, NOW - timedelta(days=9), NOW)
    assert await listed(site, "both", own) is not None, "as the respondent's liaison the person does answer"


async def test_a_recused_person_gives_back_and_gets_nothing(site: Site, people: dict[str, int], case: str) -> None:
    client, token = site.browser().client, await site.token("verify")
    path = f"/api/v1/cases/{case}"
    await client.post(f"{path}/tasks/11/claim", headers=token, json={"row_version": 1})
    empty = await client.post(f"{path}/recusals", headers=token, json={"ground": "x", "reason": ""})
    assert set(empty.json()["fields"]) == {"ground", "reason"}
    body = {"ground": "handled_contract", "reason": "曾审核该采购合同"}
    declared = await client.post(f"{path}/recusals", headers=token, json=body)
    assert declared.status_code == 201, declared.text
    assert (await client.post(f"{path}/recusals", headers=token, json=body)).status_code == 409
    async with site.services.transaction() as session:
        task = await session.get(Task, (instance_id_of(case), 11))
        assert task is not None
        assert (task.assignee_id, task.row_version) == (None, 3)
    answer = await client.post(f"{path}/tasks/11/claim", headers=token, json={"row_version": 3})
    assert answer.status_code == 403
    assert "曾经办或审批涉案合同" in answer.json()["detail"]
    assert await listed(site, "verify", case) is None
    # Who has left the case may not ask for the complainant's name, neither by hand nor by searching for it.
    refused = await client.post(f"{path}/identity", headers=token, json={"reason": "核对主体"})
    assert refused.status_code == 403
    assert "已回避本案的人员不得查阅投诉人身份信息" in refused.json()["detail"]
    async with site.services.transaction() as session:
        entry = select(AuditEntry.act).where(AuditEntry.complaint_id == case).order_by(AuditEntry.number.desc())
        assert await session.scalar(entry.limit(1)) == "read_identity_refused"
    assert 'id="identity"' not in (await (await site.signed_in("verify")).get(f"/cases/{case}")).text
    assert 'id="identity"' in (await (await site.signed_in("verify2")).get(f"/cases/{case}")).text
    # Nor may a stand-in act in the name of who is recused.
    given = await delegate(site, "verify", grave=True)
    assert await listed(site, "verify2", case) is None
    status, sentence = await complete(site, "verify2", case, "verify", VERIFIED)
    assert (status, "回避" in sentence) == (403, True)
    await revoke(site, "verify", given)
    page = await (await site.signed_in("verify")).get(f"/cases/{case}")
    assert "已回避本案的人员不得办理" in page.text
    lift = f"{path}/recusals/{declared.json()['id']}/lift"
    assert (await client.post(lift, headers=token, json={"words": "已无关系"})).status_code == 403
    assert (await client.post(lift, headers=await site.token("head"), json={"words": ""})).status_code == 422
    assert (await client.post(lift, headers=await site.token("head"), json={"words": "查无此事"})).status_code == 204
    assert await listed(site, "verify", case) is not None
