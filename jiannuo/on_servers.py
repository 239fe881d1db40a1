"""What a command that needs the running servers does around its work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from temporalio.client import Client

from activities.stores import Stores
from cases.errors import Problem
from jiannuo.compose import connect_temporal, stores_for
from jiannuo.endpoints import connected, with_endpoints
from jiannuo.errors import JiannuoError
from jiannuo.logs import configure_logs
from jiannuo.settings import Settings, load_settings

Result = TypeVar("Result")


def with_stores(act: Callable[[Stores, Settings], Awaitable[Result]]) -> Result:
    """Raises JiannuoError with a sentence for what was expected to be possible."""
    settings = _settings()

    async def run() -> Result:
        async with stores_for(settings) as stores:
            return await act(stores, settings)

    return _told(run)


def with_servers(act: Callable[[Stores, Client, Settings], Awaitable[Result]]) -> Result:
    settings = _settings()

    async def run() -> Result:
        async with stores_for(settings) as stores:
            return await act(stores, await connect_temporal(settings, stores), settings)

    return _told(run)


def _settings() -> Settings:
    settings = load_settings()
    configure_logs(settings.log_format, "warning")
    return with_endpoints(settings, connected(settings))


def _told(run: Callable[[], Awaitable[Result]]) -> Result:
    async def whole() -> Result:
        return await run()

    try:
        return asyncio.run(whole())
    except Problem as problem:
        raise JiannuoError(problem.sentence) from None
