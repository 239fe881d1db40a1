"""The worker of a benchmark, in a process of its own; its DSN comes by stdin.

    python -m benchmarks.worker_process TARGET QUEUE [bare]

The product's worker with its own settings, and the hand-written workflow beside the product's. ``bare``: the record of
the latter keeps no ``case_position``.
"""

from __future__ import annotations

import asyncio
import atexit
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio.client import Client
from temporalio.worker import Worker

from benchmarks.by_hand.record import RecordingByHand
from benchmarks.by_hand.workflow import ComplaintByHand
from benchmarks.servers import KEY
from benchmarks.trivial import Trivial, nothing
from bpmn.model import Graph
from jiannuo.compose import engine_for, make_stores
from jiannuo.embedded.temporal_namespace import NAMESPACE
from jiannuo.payloads import data_converter
from jiannuo.worker import PASSED_THROUGH, WORKFLOWS, activities_of, worker_for


@asynccontextmanager
async def benchmark_worker(dsn: str, target: str, queue: str, *, board: bool = True) -> AsyncIterator[Worker]:
    engine = engine_for(dsn)
    stores = make_stores(engine, KEY)

    async def load(hash_: str) -> Graph:
        async with stores.sessions() as session:
            return await stores.definitions.graph(session, hash_)

    client = await Client.connect(target, namespace=NAMESPACE, data_converter=data_converter((KEY,), load))
    try:
        async with worker_for(
            client,
            queue,
            (*WORKFLOWS, ComplaintByHand, Trivial),
            [*activities_of(stores, {}), RecordingByHand(stores, board=board).record, nothing],
            passed_through=(*PASSED_THROUGH, "benchmarks"),
        ) as worker:
            yield worker
    finally:
        await engine.dispose()


async def main(dsn: str, target: str, queue: str, *more: str) -> None:
    async with benchmark_worker(dsn, target, queue, board="bare" not in more):
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)  # until the parent closes it


if __name__ == "__main__":
    atexit.register(time.sleep, 0.05)  # a tokio thread of the SDK races with interpreter shutdown
    asyncio.run(main(sys.stdin.readline().strip(), *sys.argv[1:]))
