"""An administrator sees which processes begin by a timer, pauses, resumes, and starts one now."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest_asyncio
from sqlalchemy import select, update

from cases.definitions import deploy
from cases.start_schedules import start_due
from cases.tables.ledger import AuditEntry, Outbox
from cases.tables.start_schedules import StartSchedule
from tests.api.region_builder import PACK
from tests.api.web_site import NOW, Site
from tests.bpmn.bpmn_models import end, flows, process, start, timer, user

_numbers = itertools.count(1)


@dataclass
class Timed:
    process: str
    id: str

    @property
    def path(self) -> str:
        return f"/operator/starts/{self.id}"


@pytest_asyncio.fixture
async def timed(site: Site, tmp_path: Path) -> Timed:
    name = f"nightly{next(_numbers)}"
    path = tmp_path / f"{name}.bpmn"
    body = start("s", timer("0 0 2 * * *", "timeCycle")) + user("a") + end() + flows("s>a", "a>e")
    text = process(body, name=name).decode().replace('isExecutable="true"', 'isExecutable="true" name="夜间核对"')
    path.write_text(text.replace('<startEvent id="s"', '<startEvent id="s" name="每日凌晨"'))
    async with site.services.transaction() as session:
        await deploy(session, PACK, [path], NOW)
        id_ = await session.scalar(select(StartSchedule.id).where(StartSchedule.process_id == name))
    return Timed(name, str(id_))


async def test_the_list_of_what_is_deployed_says_when_it_starts_next_and_started_last(site: Site, timed: Timed) -> None:
    admin = await site.signed_in("admin")
    page = (await admin.get("/operator/definitions")).text
    assert f'href="{timed.path}">夜间核对</a>' in page
    assert "每日凌晨" in page
    row = page[page.index(timed.path) :]
    assert "2026-09-22 02:00" in row[: row.index("</tr>")]
    async with site.services.transaction() as session:
        await start_due(session, NOW + timedelta(days=1), 100)
    row = (await admin.get("/operator/definitions")).text
    row = row[row.index(timed.path) :]
    assert f'href="/operator/instances/{timed.process}%3A' in row[: row.index("</tr>")]
    shown = (await admin.get(timed.path)).text
    assert "1次" in shown
    assert f"{timed.process}:" in shown


async def test_a_pause_and_its_end_have_reasons_and_are_kept(site: Site, timed: Timed) -> None:
    admin = await site.signed_in("admin")
    shown = (await admin.get(timed.path)).text
    assert "到时不再启动，直到恢复" in shown
    assert "照常启动" not in shown
    refused = await admin.post(timed.path, {"act": "pause", "reason": " "})
    assert (refused.status_code, "请写明理由" in refused.text) == (422, True)
    assert (await admin.post(timed.path, {"act": "pause", "reason": "月底对账"})).status_code == 303
    shown = (await admin.get(timed.path)).text
    assert "已暂停" in shown
    assert "暂停期间不启动" in shown
    assert "月底对账" in shown
    assert "系统 管理" in shown
    again = await admin.post(timed.path, {"act": "pause", "reason": "再停"})
    assert (again.status_code, "它已经暂停。" in again.text, "再停" in again.text) == (409, True, False)
    assert (await admin.post(timed.path, {"act": "resume", "reason": "对账完毕"})).status_code == 303
    assert "等待时点" in (await admin.get(timed.path)).text
    async with site.services.transaction() as session:
        wanted = select(AuditEntry.act).where(AuditEntry.facts["schedule"].astext == timed.id)
        assert list(await session.scalars(wanted.order_by(AuditEntry.number))) == [
            "start_schedule:pause", "start_schedule:resume",
        ]  # fmt: skip


async def test_two_clicks_start_one(site: Site, timed: Timed) -> None:
    admin = await site.signed_in("admin")
    assert 'name="begun" value="0"' in (await admin.get(timed.path)).text
    fields: dict[str, object] = {"act": "start", "reason": "补做", "begun": "0"}
    assert [(await admin.post(timed.path, fields)).status_code for _ in range(2)] == [303, 409]
    async with site.services.transaction() as session:
        refs = select(Outbox.ref).where(Outbox.ref.startswith(f"{timed.process}:"))
        assert len(list(await session.scalars(refs))) == 1


async def test_what_is_not_there_is_said_and_the_page_has_its_english(site: Site, timed: Timed) -> None:
    admin = await site.signed_in("admin")
    assert "没有这个定时启动。" in (await admin.get("/operator/starts/nothing")).text
    await admin.get(timed.path)
    assert (await admin.post(timed.path, {"act": "explode", "reason": "试"})).status_code == 404
    await admin.get("/language/en?back=/operator")
    shown = (await admin.get(timed.path)).text
    assert "Nothing starts until it is resumed" in shown
    assert (await admin.post(timed.path, {"act": "resume", "reason": "x"})).status_code == 409
    assert "there is nothing to resume" in (await admin.post(timed.path, {"act": "resume", "reason": "x"})).text


async def test_the_api_lists_and_acts(site: Site, timed: Timed) -> None:
    client, token = site.browser().client, await site.token("admin")
    base = "/api/v1/start-schedules"
    (row,) = [one for one in (await client.get(base, headers=token)).json() if one["id"] == timed.id]
    assert (row["process"], row["name"], row["timer"]) == ("夜间核对", "每日凌晨", "0 0 2 * * *")
    assert (row["status"], row["begun"]) == ("active", 0)
    assert datetime.fromisoformat(row["next_at"]) == datetime(2026, 9, 21, 18, tzinfo=UTC)
    paused = await client.post(f"{base}/{timed.id}/pause", headers=token, json={"reason": "停"})
    assert paused.json()["status"] == "paused"
    assert (await client.post(f"{base}/{timed.id}/pause", headers=token, json={"reason": "停"})).status_code == 409
    assert (await client.post(f"{base}/{timed.id}/start", headers=token, json={"reason": " "})).status_code == 422
    begun = (await client.post(f"{base}/{timed.id}/start", headers=token, json={"reason": "补", "begun": 0})).json()
    assert (begun["begun"], begun["status"], begun["last_status"]) == (1, "paused", "starting")
    admin = await site.signed_in("admin")
    shown = (await admin.get(timed.path)).text
    link = f"/operator/instances/{begun['last_instance_id'].replace(':', '%3A')}"
    assert f'href="{link}"' in shown
    assert (await admin.get(link)).status_code == 200


async def test_the_health_page_counts_what_is_late(site: Site, timed: Timed) -> None:
    async def late() -> int:
        counted = int((await site.browser().get("/healthz")).json()["late_timer_starts"])
        assert f"jiannuo_timer_starts_late {counted}.0" in (await site.browser().get("/metrics")).text
        return counted

    before = await late()
    for at, counted in ((NOW - timedelta(hours=1), 1), (NOW - timedelta(seconds=30), 0)):
        async with site.services.transaction() as session:
            await session.execute(update(StartSchedule).where(StartSchedule.id == timed.id).values(next_at=at))
        assert await late() == before + counted
        page = (await (await site.signed_in("admin")).get(timed.path)).text
        assert ("已过时点，尚未启动" in page) is (counted == 1)


async def test_nobody_else_acts_on_them(site: Site, timed: Timed) -> None:
    browser = await site.signed_in("supervisor")
    await browser.get("/account")
    assert (await browser.post(timed.path, {"act": "pause", "reason": "试"})).status_code == 403
