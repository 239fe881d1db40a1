"""Two more people of the region, tasks in their names, and requests in anybody's name."""

from __future__ import annotations

from datetime import timedelta

import pytest_asyncio
from sqlalchemy import select, update

from cases import positions
from cases.intake import instance_id_of
from cases.tables.organisations import Account, Membership
from cases.tables.worklist import Task
from tests.api.region_builder import BANNER_GOV, BUREAU, PASSWORD_HASH, VERIFICATION, Where, place
from tests.api.web_site import NOW, Site


async def join(site: Site, second_post: str) -> dict[str, int]:
    """A second person of the verifying unit, in that post there, and one who also answers for the respondent."""
    async with site.services.transaction() as session:
        for login, name, posts in (
            ("verify2", "核实 萨仁", [(second_post, BANNER_GOV)]),
            ("both", "两处 任职", [("verifying_dept", BANNER_GOV), ("respondent", BUREAU)]),
        ):
            account = Account(login=login, display_name=name, password_hash=PASSWORD_HASH, active=True)
            session.add(account)
            await session.flush()
            session.add_all(Membership(account_id=account.id, role=role, uscc=unit) for role, unit in posts)
        rows = await session.execute(select(Account.login, Account.id))
        return {row.login: row.id for row in rows}


@pytest_asyncio.fixture(scope="module")
async def people(site: Site) -> dict[str, int]:
    return await join(site, "verifying_dept")


async def put(site: Site, people: dict[str, int], holder: str | None, days: float, where: Where = VERIFICATION) -> str:
    async with site.services.transaction() as session:
        _, case = await place(session, site.services.vault, where, NOW - timedelta(days=days), NOW)
        await session.execute(
            update(Task)
            .where(Task.instance_id == instance_id_of(case))
            .values(assignee_id=people[holder] if holder else None)
        )
        await positions.refresh(session, [case])
    return case


@pytest_asyncio.fixture(scope="module")
async def cases(site: Site, people: dict[str, int]) -> list[str]:
    ages = [(None, 1), ("verify", 20), ("verify", 20.5), ("verify", 3), ("verify2", 1), ("verify2", 7), (None, 30)]
    return [await put(site, people, holder, days) for holder, days in ages]


async def ask(site: Site, login: str, method: str, path: str, body: object = None) -> tuple[int, object]:
    client = site.browser().client
    answer = await client.request(method, f"/api/v1{path}", headers=await site.token(login), json=body)
    return answer.status_code, answer.json() if answer.content else None


async def task_of(site: Site, case: str) -> Task:
    async with site.services.transaction() as session:
        task = await session.get(Task, (instance_id_of(case), 11))
        assert task is not None
        return task
