"""What a stand-in does through the API, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest_asyncio

from tests.api.people_site import join
from tests.api.region_builder import VERIFICATION, place
from tests.api.web_site import NOW, Site

VERIFIED = {"result": "substantiated", "finding": "经核实，货款未付。"}


@pytest_asyncio.fixture(scope="module")
async def people(site: Site) -> dict[str, int]:
    return await join(site, "legal_reviewer")


@pytest_asyncio.fixture
async def case(site: Site, people: dict[str, int]) -> str:
    async with site.services.transaction() as session:
        return (await place(session, site.services.vault, VERIFICATION, NOW - timedelta(days=1), NOW))[1]


async def delegate(site: Site, by: str, **given: object) -> str:
    body = {"stand_in": "verify2", "since": "2026-09-21", "until": "2026-09-23", "reason": "出差", **given}
    answer = await site.browser().client.post("/api/v1/delegations", headers=await site.token(by), json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def revoke(site: Site, by: str, delegation: str) -> None:
    path = f"/api/v1/delegations/{delegation}/revoke"
    answer = await site.browser().client.post(path, headers=await site.token(by), json={"words": "已返岗"})
    assert answer.status_code == 204, answer.text


async def listed(site: Site, login: str, case: str) -> dict[str, object] | None:
    rows = (await site.browser().client.get("/api/v1/tasks?size=200", headers=await site.token(login))).json()["items"]
    return next((row for row in rows if row["case_id"] == case), None)


async def complete(site: Site, login: str, case: str, act: str, form: dict[str, object]) -> tuple[int, str]:
    path = f"/api/v1/cases/{case}/tasks/11"
    body = {"act": act, "form": form}
    answer = await site.browser().client.post(path, headers=await site.token(login), json=body)
    return answer.status_code, answer.json().get("detail") or answer.json().get("submission_id")
