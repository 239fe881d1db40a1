"""Phone, address and contact of a unit: who may change them, what is refused, what the audit log keeps."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from cases.tables.ledger import AuditEntry
from cases.tables.organisations import Organisation
from cases.tables.unit_contacts import UnitContact
from cases.unit_contacts import ACT
from tests.api.region_builder import BANNER_GOV, BUREAU, LEAD
from tests.api.web_site import Site

GOOD = {"phone": "0471-1234567 转 8001", "address": "青原旗政务大道2号", "contact": "办公室", "reason": "搬迁"}


async def entries(site: Site) -> list[AuditEntry]:
    async with site.services.transaction() as session:
        return list(await session.scalars(select(AuditEntry).where(AuditEntry.act == ACT)))


async def test_the_head_changes_the_own_unit_with_a_reason_that_is_kept(site: Site) -> None:
    head = await site.signed_in("head")
    assert (await head.get("/units")).headers["location"] == f"/units/{BANNER_GOV}"
    await head.get(f"/units/{BANNER_GOV}")
    answer = await head.post(f"/units/{BANNER_GOV}", GOOD)
    assert answer.headers["location"] == f"/units/{BANNER_GOV}?done=1"
    page = (await head.get(f"/units/{BANNER_GOV}?done=1")).text
    assert "今后签发的文书" in page
    assert GOOD["phone"] in page
    assert "搬迁" in page
    (entry,) = await entries(site)
    assert {key: entry.facts[key] for key in ("unit", "fields", "reason")} == {
        "unit": BANNER_GOV, "fields": ["phone", "address", "contact"], "reason": "搬迁",
    }  # fmt: skip
    # The log names the row; numbers and names stay out of it.
    assert GOOD["phone"] not in str(entry.facts)
    assert entry.actor.startswith("account:")
    again = await head.post(f"/units/{BANNER_GOV}", GOOD)
    assert again.status_code == 409
    assert "没有变化" in again.text
    assert len(await entries(site)) == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"phone": "请打电话"}, "联系电话只能写数字"),
        ({"reason": " "}, "请写明修改理由"),
        ({"address": "号" * 121}, "地址不超过120个字"),
    ],
)
async def test_a_refusal_names_the_field_and_keeps_what_was_typed(
    site: Site, wrong: dict[str, str], sentence: str
) -> None:
    head = await site.signed_in("head")
    await head.get(f"/units/{BANNER_GOV}")
    answer = await head.post(f"/units/{BANNER_GOV}", {**GOOD, "contact": "值班室", **wrong})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "值班室" in answer.text


async def test_only_the_head_and_the_administrator_may(site: Site) -> None:
    for login, status in (("head", 403), ("verify", 403), ("supervisor", 403), ("admin", 200)):
        assert (await (await site.signed_in(login)).get(f"/units/{BUREAU}")).status_code == status, login
    admin = await site.signed_in("admin")
    assert "没有这个单位" in (await admin.get("/units/NONE")).text
    found = (await admin.get("/units?text=教育")).text
    assert f'href="/units/{BUREAU}"' in found
    await admin.get(f"/units/{BUREAU}")
    assert (await admin.post(f"/units/{BUREAU}", {**GOOD, "phone": ""})).status_code == 303
    async with site.services.transaction() as session:
        unit = await session.get_one(Organisation, BUREAU)
        assert (unit.phone, unit.contact) == (None, "办公室")


async def versions(site: Site, uscc: str) -> list[UnitContact]:
    async with site.services.transaction() as session:
        rows = await session.scalars(select(UnitContact).where(UnitContact.uscc == uscc).order_by(UnitContact.id))
        return list(rows)


async def test_every_content_is_listed_and_an_earlier_one_is_brought_back_with_a_reason(site: Site) -> None:
    admin = await site.signed_in("admin")
    await admin.get(f"/units/{LEAD}")
    for phone in ("0471-1111111", "0471-2222222"):
        assert (await admin.post(f"/units/{LEAD}", {**GOOD, "phone": phone})).status_code == 303
    before, first, second = await versions(site, LEAD)
    assert [(row.actor is None, row.phone) for row in (before, first, second)] == [
        (True, None), (False, "0471-1111111"), (False, "0471-2222222"),
    ]  # fmt: skip
    page = (await admin.get(f"/units/{LEAD}")).text
    assert all(text in page for text in ("0471-1111111", "0471-2222222", "首次修改以前", "现行内容"))
    # What is in force has no way back to itself.
    assert re.findall(r'name="version" value="(\d+)"', page) == [str(first.id), str(before.id)]
    unsaid = await admin.post(f"/units/{LEAD}/restore", {"version": str(first.id), "restore_reason": " "})
    assert unsaid.status_code == 422
    assert "请写明修改理由" in unsaid.text
    answer = await admin.post(f"/units/{LEAD}/restore", {"version": str(first.id), "restore_reason": "号码写错"})
    assert answer.headers["location"] == f"/units/{LEAD}?done=1"
    async with site.services.transaction() as session:
        assert (await session.get_one(Organisation, LEAD)).phone == "0471-1111111"
    assert (await versions(site, LEAD))[-1].restores == first.id
    last = max(await entries(site), key=lambda entry: entry.number)
    assert (last.facts["restores"], last.facts["reason"], last.facts["fields"]) == (first.id, "号码写错", ["phone"])
    again = await admin.post(f"/units/{LEAD}/restore", {"version": str(first.id), "restore_reason": "再来"})
    assert again.status_code == 409
    empty = await admin.post(f"/units/{LEAD}/restore", {"version": str(before.id), "restore_reason": "退回最初"})
    assert empty.status_code == 303
    async with site.services.transaction() as session:
        assert (await session.get_one(Organisation, LEAD)).contact is None


async def test_a_content_of_another_unit_or_by_another_person_is_refused(site: Site) -> None:
    (first, *_) = await versions(site, LEAD)
    admin, supervisor = await site.signed_in("admin"), await site.signed_in("supervisor")
    await admin.get(f"/units/{BUREAU}")
    for version in (str(first.id), "0", "x"):
        answer = await admin.post(f"/units/{BUREAU}/restore", {"version": version, "restore_reason": "误"})
        assert answer.status_code == 404, version
    await supervisor.get("/tasks")
    answer = await supervisor.post(f"/units/{LEAD}/restore", {"version": str(first.id), "restore_reason": "误"})
    assert answer.status_code == 403
