"""What was stored before titles were put under the alias is rewritten, in batches that may be repeated."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from activities.stores import Stores
from cases.tables.complaints import Complaint, FurtherContract, Party
from cases.tables.ledger import AuditEntry
from cases.tables.searching import CaseText
from jiannuo.names_cli import hide
from tests.api.region_builder import VERIFICATION, place
from tests.api.web_site import NOW, Site


async def test_titles_of_before_get_the_alias_and_a_second_run_changes_nothing(site: Site) -> None:
    async with site.services.transaction() as session:
        cases = [
            (await place(session, site.services.vault, VERIFICATION, NOW - timedelta(days=2), NOW))[1] for _ in range(5)
        ]
    named, plain = cases[0], cases[1]
    name = await stored_by_name(site, named)
    stores = Stores(site.services.sessions, site.services.vault, site.services.definitions)
    assert await hide(stores, "", write=False, size=2) == 1
    assert name in await title(site, named), "counting changes nothing"
    before = await title(site, plain)
    assert await hide(stores, "", write=True, size=2) == 1
    assert await hide(stores, "", write=True, size=2) == 0
    async with site.services.transaction() as session:
        row = await session.get_one(Complaint, named)
        words = await session.get_one(CaseText, named)
        further = (await session.scalars(select(FurtherContract).where(FurtherContract.complaint_id == named))).one()
        logged = await session.scalar(
            select(func.count()).where(AuditEntry.act == "hide_names", AuditEntry.complaint_id == named)
        )
    alias = row.complainant_alias
    assert (row.title, row.project_name, further.project_name) == (f"{alias}反映", f"{alias}一期", f"{alias}二期")
    assert name not in words.text
    assert f"{alias.lower()}二期" in words.text.lower()
    assert logged == 1
    assert await title(site, plain) == before


async def stored_by_name(site: Site, case: str) -> str:
    """The case as an earlier release would have stored it; the enterprise's name."""
    async with site.services.transaction() as session:
        row = await session.get_one(Complaint, case)
        party = await session.get_one(Party, case)
        name = site.services.vault.open(case, party.sealed).name
        row.title, row.project_name = f"{name}反映", f"{name}一期"
        session.add(FurtherContract(complaint_id=case, number=2, project_name=f"{name}二期"))
        await session.flush()
    return name


async def title(site: Site, case: str) -> str:
    async with site.services.transaction() as session:
        return (await session.get_one(Complaint, case)).title
