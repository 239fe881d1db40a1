"""The composition root: from settings to the stores and clients that everything else is given."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from psycopg.pq import TransactionStatus
from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from temporalio.client import Client

# Every table, in whatever process: a row cannot be written while a table that it refers to is unknown.
import cases.tables.all  # noqa: F401
from activities.stores import Stores
from bpmn.model import Graph
from cases.definitions import DefinitionStore
from cases.vault import Vault
from jiannuo.errors import JiannuoError
from jiannuo.keys import load_keys
from jiannuo.payloads import GRAPHS, data_converter
from jiannuo.settings import Settings

# Today's disks read a page out of order for hardly more. PostgreSQL's default is that of turning ones, and made it read
# whole tables for ten thousand rows. Compiling a plan takes longer than any of our statements. What a list sorts or
# counts stays in memory.
PLANNING = "-c random_page_cost=1.1 -c jit=off -c work_mem=16MB"


def engine_for(dsn: str, *, pool: int = 20) -> AsyncEngine:
    # A dead connection of a restarted server is noticed before it is used, not by a failing request.
    engine = create_async_engine(
        make_url(dsn).set(drivername="postgresql+psycopg"), pool_size=pool, pool_pre_ping=True,
        connect_args={"options": PLANNING},
    )  # fmt: skip
    event.listen(engine.sync_engine, "checkin", _drop_unfinished)
    return engine


def settle() -> None:
    """Takes what is loaded by now out of the collector's sight: a full collection that walks through every module takes
    115 ms, in the middle of some request.
    """
    gc.collect()
    gc.freeze()


def _drop_unfinished(connection: Any, record: ConnectionPoolEntry) -> None:
    """A task cancelled in mid-query gives its connection back with the answer still to come: nobody may have it."""
    if connection is not None and connection.driver_connection.info.transaction_status == TransactionStatus.ACTIVE:
        record.invalidate()


@asynccontextmanager
async def stores_for(settings: Settings) -> AsyncIterator[Stores]:
    if settings.postgres_dsn is None:
        raise JiannuoError("No PostgreSQL server is named; start one with jiannuo run or set JIANNUO_POSTGRES_DSN.")
    engine = engine_for(settings.postgres_dsn.get_secret_value())
    try:
        yield make_stores(engine, load_keys(settings).vault)
    finally:
        await engine.dispose()


def make_stores(engine: AsyncEngine, vault_key: bytes) -> Stores:
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    return Stores(sessions, Vault(vault_key), DefinitionStore(graphs=GRAPHS))


async def connect_temporal(settings: Settings, stores: Stores) -> Client:
    if settings.temporal_address is None:
        raise JiannuoError("No Temporal server is named; start one with jiannuo run or set JIANNUO_TEMPORAL_ADDRESS.")

    async def load(hash_: str) -> Graph:
        async with stores.sessions() as session:
            return await stores.definitions.graph(session, hash_)

    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        data_converter=data_converter(load_keys(settings).payload, load),
    )
