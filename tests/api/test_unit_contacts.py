"""Phone, address and contact of a unit: who may change them, what is refused, what the audit log keeps."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cases.tables.ledger import AuditEntry
from cases.tables.organisations import Organisation
from cases.unit_contacts import ACT
from tests.api.region_builder import BANNER_GOV, BUREAU
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
    assert entry.facts == {"unit": BANNER_GOV, "fields": ["phone", "address", "contact"], "reason": "搬迁"}
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
