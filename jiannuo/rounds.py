"""A job beside the worker that goes round until it is told to stop, whatever server is away meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.exc import OperationalError
from temporalio.service import RPCError

log = structlog.get_logger(__name__)


async def go_round(name: str, once: Callable[[], Awaitable[float]], stop: asyncio.Event, away_s: float) -> None:
    """``once`` answers how many seconds to rest before the next round, 0 for none; ``away_s`` after a failed one."""
    while not stop.is_set():
        try:
            rest = await once()
        except (OperationalError, RPCError, OSError) as error:
            log.warning("waits for a server", job=name, error=type(error).__name__)
            rest = away_s
        if rest:
            try:
                await asyncio.wait_for(stop.wait(), rest)
            except TimeoutError:
                continue
