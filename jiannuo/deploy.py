"""Deploying a policy pack's models, decisions and forms into the database."""

from __future__ import annotations

from datetime import UTC, datetime

from activities.stores import Stores
from cases.definitions import Deployed, deploy
from cases.policy.files import find_files
from cases.policy.loader import load
from jiannuo.compose import stores_for
from jiannuo.settings import Settings

PATTERNS = ("*.bpmn", "*.dmn", "forms/*.form")


async def deploy_pack(stores: Stores, pack: str, now: datetime) -> list[Deployed]:
    """All or nothing; the same bytes again make no new version. Raises the readers' refusals with every problem."""
    files = [path for pattern in PATTERNS for path in find_files(load(pack), pattern).values()]
    async with stores.sessions.begin() as session:
        return await deploy(session, pack, files, now)


async def deploy_default(settings: Settings) -> None:
    async with stores_for(settings) as stores:
        await deploy_pack(stores, settings.policy, datetime.now(UTC))
