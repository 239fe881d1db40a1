"""Deploying a policy pack's models, decisions and forms into the database."""

from __future__ import annotations

from datetime import UTC, datetime

from activities.stores import Stores
from bpmn.dmn.api import DmnError
from bpmn.errors import DeploymentRefused
from cases.definitions import Deployed, deploy
from cases.deployments import examine
from cases.errors import Problem
from cases.policy.files import find_files
from cases.policy.loader import load
from jiannuo.compose import stores_for
from jiannuo.errors import JiannuoError
from jiannuo.settings import Settings

PATTERNS = ("*.bpmn", "*.dmn", "forms/*.form")


class PackRefused(JiannuoError):
    """A file of the pack cannot be deployed; nothing was."""


async def deploy_pack(stores: Stores, pack: str, now: datetime) -> list[Deployed]:
    """All or nothing; the same bytes again make no new version. Raises PackRefused with every problem of every file."""
    files = [path for pattern in PATTERNS for path in find_files(load(pack), pattern).values()]
    try:
        async with stores.sessions.begin() as session:
            return await deploy(session, pack, files, now)
    except (DeploymentRefused, DmnError, Problem, ValueError) as error:
        told = [f"{one.path}: {problem}" for one in map(examine, files) for problem in one.refused]
        raise PackRefused("\n".join([f"{pack} was not deployed:", *(told or [str(error)])])) from None


async def deploy_default(settings: Settings) -> None:
    async with stores_for(settings) as stores:
        await deploy_pack(stores, settings.policy, datetime.now(UTC))
