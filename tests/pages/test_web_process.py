"""The web process beside a real worker, Temporal and PostgreSQL: a complaint goes from the column to its referral."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from jiannuo.embedded.ports import choose_port
from jiannuo.settings import Settings
from jiannuo.web import run_api
from jiannuo.worker import run_worker
from tests.api.region_builder import PASSWORD
from tests.api.test_filing import GOOD
from tests.api.web_site import Browser, Site


@pytest_asyncio.fixture(scope="module")
async def settings(
    site: Site, postgres_dsn: str, temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Settings]:
    """In the same database as ``site``, which has built the region there."""
    folder: Path = tmp_path_factory.mktemp("web")
    made = Settings(
        data_dir=folder,
        port=choose_port(0).port,
        postgres_dsn=postgres_dsn,  # type: ignore[arg-type]
        temporal_address=temporal_env.client.service_client.config.target_host,
        temporal_namespace=temporal_env.client.namespace,
        temporal_task_queue="web-process",
    )
    stop, listening = asyncio.Event(), asyncio.Event()
    serving = asyncio.create_task(run_api(made, stop, listening.set))
    await asyncio.wait([serving, asyncio.ensure_future(listening.wait())], return_when=asyncio.FIRST_COMPLETED)
    yield made
    stop.set()
    await serving


async def ready(client: httpx.AsyncClient, wanted: int) -> httpx.Response:
    for _ in range(150):
        answer = await client.get("/healthz")
        if answer.status_code == wanted:
            return answer
        await asyncio.sleep(0.2)
    raise AssertionError(f"/healthz never answered {wanted}")


async def test_a_complaint_waits_for_the_worker_and_is_then_accepted_and_referred(settings: Settings) -> None:
    address = f"http://{settings.host}:{settings.port}"
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=30) as client:
        assert "no worker polls" in (await ready(client, 503)).text
        enterprise = Browser(client)
        await enterprise.get("/complaints/new")
        filed = await enterprise.post("/complaints/new", GOOD)
        assert filed.status_code == 201, "numbered although nothing runs it yet"
        stop = asyncio.Event()
        working = asyncio.create_task(run_worker(settings, stop, lambda: None))
        try:
            await ready(client, 200)
            await _accept_and_refer(Browser(client))
        finally:
            stop.set()
            await working


async def _accept_and_refer(officer: Browser) -> None:
    await officer.get("/login")
    await officer.post("/login", {"login": "accept", "password": PASSWORD})
    screening = await _task(officer, "受理审查")
    await officer.get(screening)
    answer = await officer.post(screening, {"act": "accept"})
    assert answer.status_code == 303, answer.text
    referral = await _task(officer, "线索转交")
    page = (await officer.get(referral)).text
    field = re.search(r'name="(f\.refer_to_\d+)" value="([^"]+)"', page)
    assert field, "the superior is offered"
    answer = await officer.post(referral, {field[1]: field[2]})
    assert answer.status_code == 303, answer.text
    case = (await officer.get(answer.headers["location"].partition("?")[0])).text
    assert "转交" in case
    assert "受理" in case


async def _task(officer: Browser, name: str) -> str:
    for _ in range(150):
        found = re.search(rf'<a class="go" href="([^"]+)">{name}</a>', (await officer.get("/tasks")).text)
        if found:
            return found[1]
        await asyncio.sleep(0.2)
    raise AssertionError(f"no task {name}")
