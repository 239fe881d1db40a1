"""The application over a real, migrated PostgreSQL with the fictional region; executions answer as a test says."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from api.app import create_app
from api.ports import Sent
from api.services import Services
from cases.definitions import DefinitionStore
from cases.errors import Conflict
from cases.tables.letters import Letter
from cases.vault import Vault
from jiannuo.compose import engine_for
from tests.api.region_builder import PACK, PASSWORD, build_region

RECORDED = Sent(7, pending=False)
NOW = datetime(2026, 9, 21, 2, 0, tzinfo=UTC)


@dataclass
class Executions:
    """A ``CaseClient`` that answers what the test says and remembers what it was sent."""

    answer: Sent = RECORDED
    refusal: str | None = None
    sent: list[tuple[str, str, str, str]] = field(default_factory=list)
    operated: list[tuple[str, str, str, str]] = field(default_factory=list)

    async def send(self, submission_id: str, instance_id: str, event: str, actor: str) -> Sent:
        self.sent.append((submission_id, instance_id, event, actor))
        if self.refusal:
            raise Conflict(self.refusal)
        return self.answer


    async def operate(self, operation_id: str, instance_id: str, event: str, actor: str, reason: str) -> Sent:
        self.operated.append((instance_id, event, actor, reason))
        if self.refusal:
            raise Conflict(self.refusal)
        return self.answer


class Sheets:
    async def pdf(self, session: AsyncSession, letter: Letter, body: str | None) -> bytes | None:
        return f"%PDF-1.7 draft {body}".encode()


@dataclass
class Site:
    app: FastAPI
    services: Services
    executions: Executions
    engine: AsyncEngine
    now: datetime = NOW

    def browser(self, **headers: str) -> Browser:
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        return Browser(httpx.AsyncClient(transport=transport, base_url="http://jiannuo.test", headers=headers))

    async def signed_in(self, login: str) -> Browser:
        browser = self.browser()
        await browser.get("/login")
        answer = await browser.post("/login", {"login": login, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return browser

    async def token(self, login: str) -> dict[str, str]:
        browser = self.browser()
        answer = await browser.client.post("/api/v1/session", json={"login": login, "password": PASSWORD})
        return {"authorization": f"Bearer {answer.json()['token']}"}


@dataclass
class Browser:
    """Keeps cookies, and sends back the form token of the page it saw last, as a browser does."""

    client: httpx.AsyncClient
    csrf: str = ""

    async def get(self, path: str) -> httpx.Response:
        answer = await self.client.get(path)
        self._see(answer)
        return answer

    async def post(self, path: str, data: dict[str, object] | None = None, **more: object) -> httpx.Response:
        answer = await self.client.post(path, data={"csrf": self.csrf, **(data or {})}, **more)  # type: ignore[arg-type]
        self._see(answer)
        return answer

    def _see(self, answer: httpx.Response) -> None:
        found = (
            re.search(r'name="csrf" value="([^"]+)"', answer.text)
            if "html" in answer.headers.get("content-type", "")
            else None
        )
        if found:
            self.csrf = found[1]


@pytest_asyncio.fixture(scope="module")
async def site(postgres_dsn: str) -> AsyncIterator[Site]:
    engine = engine_for(postgres_dsn, pool=5)
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    executions = Executions()
    holder: list[Site] = []
    services = Services(
        sessions, Vault(b"k" * 32), DefinitionStore(), executions, Sheets(), lambda: holder[0].now, PACK
    )
    holder.append(Site(create_app(services), services, executions, engine))
    async with sessions.begin() as session:
        await build_region(session, NOW)
    yield holder[0]
    await engine.dispose()


@pytest.fixture(autouse=True)
def as_before(site: Site) -> None:
    site.now, site.executions.answer, site.executions.refusal = NOW, Sent(7, pending=False), None
    site.executions.sent.clear()
    site.executions.operated.clear()
