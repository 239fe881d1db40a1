"""The benchmark still runs, both sides tell the same story, and the model costs no more history than it may.

Events and bytes do not depend on the machine, so they are held here; times are not.
"""

import os
from datetime import UTC, datetime

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from benchmarks.drive import PACK, PATHS, Side, prepare
from benchmarks.procedure import QUEUE, Bench, Block, ratios
from benchmarks.servers import KEY, Servers
from benchmarks.worker_process import benchmark_worker
from bpmn.model import Graph
from jiannuo.compose import engine_for, make_stores
from jiannuo.deploy import deploy_pack
from jiannuo.payloads import data_converter

EVENTS, BYTES = 1.1, 1.2


@pytest.mark.parametrize("path", sorted(PATHS))
async def test_model_and_hand_written_workflow_end_with_the_same_stages(
    postgres_dsn: str, temporal_env: WorkflowEnvironment, path: str
) -> None:
    target = temporal_env.client.service_client.config.target_host
    engine = engine_for(postgres_dsn)
    stores = make_stores(engine, KEY)

    async def load(hash_: str) -> Graph:
        async with stores.sessions() as session:
            return await stores.definitions.graph(session, hash_)

    client = await Client.connect(
        target, namespace=temporal_env.client.namespace, data_converter=data_converter((KEY,), load)
    )
    try:
        async with benchmark_worker(postgres_dsn, target, QUEUE):
            await deploy_pack(stores, PACK, datetime.now(UTC))
            await prepare(stores)
            bench = Bench(stores, client, Servers(postgres_dsn, target, os.getpid(), os.getpid()), os.getpid())
            model, hand = [await _one(bench, side, path) for side in bench.sides]
            floor = await bench.floor(2, 1, 1)
    finally:
        await engine.dispose()
    assert model.stages == hand.stages
    assert model.stages[0] == "screening"
    assert model.stages[-1] == "closed"
    table = ratios([model, hand])
    assert table["events"]["ratio"] <= EVENTS
    assert table["history_bytes"]["ratio"] <= BYTES
    assert floor["events_per_update"] > 10


async def _one(bench: Bench, side: Side, path: str) -> Block:
    return await bench.block(side, path, cases=1, at_once=1)
