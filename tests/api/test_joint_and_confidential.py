"""Several respondents in one filing, and the confidential case of a retaliation: who sees which."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cases.retaliation import open_linked
from cases.tables.complaints import Complaint, FurtherContract
from cases.tables.engine import Instance
from cases.tables.ledger import Outbox
from cases.tables.organisations import Account, Membership
from tests.api.region_builder import (
    BUREAU,
    OTHER_BUREAU,
    PASSWORD_HASH,
    PEOPLE,
    RECTIFICATION,
    place,
)  # fmt: skip
from tests.api.test_filing import GOOD, shown
from tests.api.web_site import NOW, Site

JOINT = {
    **GOOD, "title": "两个旗的设备尾款", "respondent_2": "白河旗水利局（虚构）", "contract_no_2": "BH-2",
    "statement_2": "水利局的水泵款至今未付。", "disputed_amount_cny_2": "1000",
    "respondent_3": BUREAU, "contract_no_3": "QYZC-9", "disputed_amount_cny_3": "500",
}  # fmt: skip


async def cases_of(site: Site, number: str) -> list[Complaint]:
    async with site.services.transaction() as session:
        return list(
            await session.scalars(select(Complaint).where(Complaint.joint_no == number).order_by(Complaint.case_no))
        )


async def test_each_respondent_gets_a_case_of_its_own_under_one_number_and_code(site: Site) -> None:
    browser = site.browser()
    await browser.get("/complaints/new")
    answer = await browser.post("/complaints/new", JOINT)
    assert answer.status_code == 201, answer.text
    number, code = shown(answer.text, "case-no"), shown(answer.text, "access-code")
    first, second = await cases_of(site, number)
    assert [row.case_no for row in (first, second)] == [f"{number}-1", f"{number}-2"]
    assert (first.respondent_uscc, second.respondent_uscc) == (BUREAU, OTHER_BUREAU)
    assert second.statement == "水利局的水泵款至今未付。"
    async with site.services.transaction() as session:
        further = (await session.scalars(select(FurtherContract))).all()
        assert [(row.complaint_id, row.contract_no) for row in further] == [(first.id, "QYZC-9")]
        assert len((await session.scalars(select(Outbox).where(Outbox.kind == "start"))).all()) >= 2
    await browser.get("/follow")
    assert (await browser.post("/follow", {"case_no": number, "code": code})).status_code == 303
    page = (await browser.get("/follow/case")).text
    assert f"{number}-1" in page
    assert f"{number}-2" in page
    assert (await browser.post("/follow/turn", {"case_no": f"{number}-2"})).status_code == 303
    assert "水泵款" in (await browser.get("/follow/case")).text
    assert (await browser.post("/follow/turn", {"case_no": "NMG-2026-000001"})).status_code == 404


async def test_a_respondent_sees_its_own_part_only(site: Site) -> None:
    browser = site.browser()
    await browser.get("/complaints/new")
    answer = await browser.post("/complaints/new", {**JOINT, "title": "只看自己的"})
    mine, other = await cases_of(site, shown(answer.text, "case-no"))
    async with site.services.transaction() as session:
        await session.execute(
            update(Complaint).where(Complaint.id.in_([mine.id, other.id])).values(stage="rectification")
        )
    respondent = await site.signed_in("respondent")
    page = await respondent.get(f"/cases/{mine.id}")
    assert page.status_code == 200
    assert other.case_no not in page.text
    assert (await respondent.get(f"/cases/{other.id}")).status_code == 404
    both = (await (await site.signed_in("drc")).get(f"/cases/{mine.id}")).text
    assert other.case_no in both


async def test_a_further_block_says_what_it_lacks(site: Site) -> None:
    browser = site.browser()
    await browser.get("/complaints/new")
    answer = await browser.post(
        "/complaints/new", {**JOINT, "statement_2": "", "respondent_4": "没有的单位", "signed_on_3": "昨天"}
    )
    assert answer.status_code == 422
    assert "请写明与这个单位有关的事实" in answer.text
    assert "多余的一组请全部留空" in answer.text
    assert 'value="没有的单位"' in answer.text


async def test_the_same_joint_form_twice_is_the_same_cases(site: Site) -> None:
    client = site.browser().client
    data = {
        **{k: v for k, v in GOOD.items() if "_2" not in k},
        "is_sme": True,
        "truthful": True,
        "form_token": "j" * 20,
    }
    data |= {"amount_cny": "1860000", "further": [{"respondent": OTHER_BUREAU, "statement": "水泵款。"}]}
    first, again = [await client.post("/api/v1/complaints", json=data) for _ in range(2)]
    assert (first.status_code, first.json()["case_no"]) == (201, again.json()["case_no"])
    assert len(await cases_of(site, first.json()["case_no"])) == 2


# The accepting unit of the placed case handles the report; nobody of the verifying superior or the respondent may know.
SEES = {"accept", "accept2", "supervisor"}


async def confidential(site: Site) -> tuple[str, str]:
    async with site.services.transaction() as session:
        _, case = await place(session, site.services.vault, RECTIFICATION, NOW - timedelta(days=20), NOW)
        main = await session.get_one(Complaint, case)
        row = await open_linked(session, site.services.vault, main, "被取消投标资格", NOW, key="k")
        again = await open_linked(session, site.services.vault, main, "被取消投标资格", NOW, key="k")
        assert row is again
        return case, row.id


@pytest.mark.parametrize("login", PEOPLE)
async def test_a_confidential_case_is_seen_by_its_handlers_alone(site: Site, login: str) -> None:
    case, linked = await confidential(site)
    browser = await site.signed_in(login)
    assert (await browser.get(f"/cases/{linked}")).status_code == (200 if login in SEES else 404)
    listed = (await site.browser().client.get("/api/v1/cases", headers=await site.token(login))).json()["items"]
    assert (linked in {row["case_id"] for row in listed}) == (login in SEES)
    page = await browser.get(f"/cases/{case}")
    assert ("打击报复核查" in page.text) == (login in SEES)


async def test_a_person_of_the_handling_and_of_a_barred_unit_does_not_see_it(site: Site) -> None:
    _, linked = await confidential(site)
    async with site.services.transaction() as session:
        main = await session.get_one(Complaint, linked)
        account = Account(login=f"both{linked[:4]}", display_name="两处任职", password_hash=PASSWORD_HASH, active=True)
        session.add(account)
        await session.flush()
        for role, unit in (("accepting_dept", main.accepting_uscc), ("verifying_dept", main.barred[0])):
            session.add(Membership(account_id=account.id, role=role, uscc=unit))
    browser = await site.signed_in(f"both{linked[:4]}")
    assert (await browser.get(f"/cases/{linked}")).status_code == 404


async def test_retaliation_may_be_reported_after_closing(site: Site) -> None:
    async with site.services.transaction() as session:
        receipt, case = await place(session, site.services.vault, RECTIFICATION, NOW - timedelta(days=20), NOW)
        await session.execute(update(Instance).where(Instance.business_key == case).values(status="completed"))
    browser = site.browser()
    await browser.get("/follow")
    await browser.post("/follow", {"case_no": receipt.case_no, "code": receipt.access_code})
    assert "将另立保密案件" in (await browser.get("/follow/case")).text
    assert (await browser.post("/follow/retaliation", {"words": " "})).status_code == 422
    assert (await browser.post("/follow/retaliation", {"words": "被取消投标资格"})).status_code == 303
    page = (await browser.get("/follow/case")).text
    assert "打击报复核查（保密）" in page
    async with site.services.transaction() as session:
        row = (await session.scalars(select(Complaint).where(Complaint.confidential_of == case))).one()
        assert row.statement == "被取消投标资格"
        instance = (await session.scalars(select(Instance).where(Instance.business_key == row.id))).one()
        assert instance.process_id == "retaliation"
