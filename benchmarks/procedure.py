"""The complaint procedure as a BPMN model against the same procedure written by hand: ratios from one run.

    python -m benchmarks.procedure [--rounds 10] [--cases 6] [--at-once 6] [--path rectified] [--bare] [--hasty]

Blocks alternate A-B-B-A on the same servers and the same worker; each figure is the median over blocks, with its
range. Tails are taken over the Updates of all blocks. docs/benchmarks.md says what both sides do and what limits them.
"""

from __future__ import annotations

import argparse
import asyncio
import atexit
import json
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from temporalio.client import Client

from activities.stores import Stores
from benchmarks.drive import PACK, PATHS, AsModel, ByHand, Played, Side, play, prepare
from benchmarks.servers import KEY, Servers, cpu_of, servers
from benchmarks.tails import quantile, tails
from benchmarks.trivial import Trivial
from bpmn.model import Graph
from jiannuo.compose import engine_for, make_stores
from jiannuo.deploy import deploy_pack
from jiannuo.embedded.temporal_namespace import NAMESPACE
from jiannuo.payloads import data_converter

QUEUE = "benchmark"


@dataclass(frozen=True)
class Block:
    """One side's run of some cases. CPU in seconds per case; ``stages`` of every case, which must be equal.

    ``updates_ms``: case by case, in order of the path's acts.
    """

    side: str
    cases_per_s: float
    p50_ms: float
    p99_ms: float
    events: float
    history_bytes: float
    worker_cpu_s: float
    temporal_cpu_s: float
    postgres_cpu_s: float
    stages: tuple[str, ...]
    updates_ms: tuple[float, ...] = ()


FIGURES = (
    "cases_per_s", "p50_ms", "p99_ms", "events", "history_bytes", "worker_cpu_s", "temporal_cpu_s", "postgres_cpu_s",
)  # fmt: skip


@dataclass
class Bench:
    stores: Stores
    client: Client
    servers: Servers
    worker_pid: int
    bare: bool = False
    hasty: bool = False

    @property
    def sides(self) -> tuple[Side, Side]:
        return AsModel(self.client, self.stores, QUEUE), ByHand(self.client, QUEUE, self.bare)

    async def block(self, side: Side, path: str, cases: int, at_once: int) -> Block:
        places = asyncio.Semaphore(at_once)

        async def one() -> Played:
            async with places:
                return await play(self.stores, self.client, side, path, hasty=self.hasty)

        before, began = self._cpu(), time.perf_counter()
        played = await asyncio.gather(*(one() for _ in range(cases)))
        seconds, after = time.perf_counter() - began, self._cpu()
        used = {name: (after[name] - before[name]) / cases for name in after}
        updates = [1e3 * update for case in played for update in case.updates_s]
        (stages,) = {tuple(case.stages) for case in played}
        return Block(
            side.name, cases / seconds, quantile(updates, 0.5), quantile(updates, 0.99),
            statistics.mean(case.events for case in played), statistics.mean(case.history_bytes for case in played),
            used["worker"], used["temporal"], used["postgres"], stages, tuple(updates),
        )  # fmt: skip

    def _cpu(self) -> dict[str, float]:
        return {"worker": cpu_of(self.worker_pid), **self.servers.cpu_s()}

    async def floor(self, steps: int, cases: int, at_once: int) -> dict[str, float]:
        """The server's own cost: the same number of Updates with one activity each, and no work in them."""
        places = asyncio.Semaphore(at_once)
        waits: list[float] = []

        async def one(number: int) -> int:
            async with places:
                id_ = f"trivial-{number}-{time.monotonic_ns()}"
                handle = await self.client.start_workflow(Trivial.run, steps, id=id_, task_queue=QUEUE)
                for _ in range(steps):
                    began = time.perf_counter()
                    await handle.execute_update("step", "x" * 200, result_type=str)
                    waits.append(time.perf_counter() - began)
                await handle.result()
                info = (await handle.describe()).raw_description.workflow_execution_info
                return info.history_length

        before, began = self._cpu(), time.perf_counter()
        events = sum(await asyncio.gather(*(one(number) for number in range(cases))))
        seconds, after = time.perf_counter() - began, self._cpu()
        return {
            "events_per_s": events / seconds,
            "temporal_ms_per_event": 1e3 * (after["temporal"] - before["temporal"]) / events,
            "worker_ms_per_event": 1e3 * (after["worker"] - before["worker"]) / events,
            "p50_ms": 1e3 * statistics.median(waits),
            "events_per_update": events / cases / steps,
        }


@asynccontextmanager
async def bench(*dynamic: str, bare: bool = False) -> AsyncIterator[Bench]:
    async with servers(*dynamic) as running, worker_process(running, bare=bare) as pid:
        engine = engine_for(running.dsn)
        stores = make_stores(engine, KEY)

        async def load(hash_: str) -> Graph:
            async with stores.sessions() as session:
                return await stores.definitions.graph(session, hash_)

        client = await Client.connect(running.target, namespace=NAMESPACE, data_converter=data_converter((KEY,), load))
        try:
            await deploy_pack(stores, PACK, datetime.now(UTC))
            await prepare(stores)
            yield Bench(stores, client, running, pid, bare)
        finally:
            await engine.dispose()


@asynccontextmanager
async def worker_process(running: Servers, *, bare: bool) -> AsyncIterator[int]:
    command = [sys.executable, "-m", "benchmarks.worker_process", running.target, QUEUE, *(["bare"] if bare else [])]
    process = await asyncio.create_subprocess_exec(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{running.dsn}\n".encode())
    try:
        if await process.stdout.readline() != b"ready\n":
            raise RuntimeError("The worker process ended before it was ready; its error stands above.")
        yield process.pid
    finally:
        process.stdin.close()
        await process.wait()


async def compare(bench: Bench, path: str, rounds: int, cases: int, at_once: int) -> list[Block]:
    model, hand = bench.sides
    for side in (model, hand):
        await bench.block(side, path, min(cases, 2), at_once)  # caches, pools and pollers are warm before it counts
    order = [side for number in range(rounds) for side in ((model, hand) if number % 2 == 0 else (hand, model))]
    return [await bench.block(side, path, cases, at_once) for side in order]


def ratios(blocks: Sequence[Block]) -> dict[str, dict[str, float]]:
    """Per figure: both medians, their ranges, and model divided by hand."""
    table = {}
    for figure in FIGURES:
        model = [getattr(block, figure) for block in blocks if block.side == "model"]
        hand = [getattr(block, figure) for block in blocks if block.side == "by hand"]
        pairs = [a / b for a, b in zip(model, hand, strict=True)]
        table[figure] = {
            "model": statistics.median(model), "model_low": min(model), "model_high": max(model),
            "hand": statistics.median(hand), "hand_low": min(hand), "hand_high": max(hand),
            "ratio": statistics.median(pairs), "ratio_low": min(pairs), "ratio_high": max(pairs),
        }  # fmt: skip
    return table


async def main(given: argparse.Namespace) -> int:
    async with bench(bare=given.bare) as running:
        running.hasty = given.hasty
        blocks = await compare(running, given.path, given.rounds, given.cases, given.at_once)
        updates = len(PATHS[given.path])
        floor = await running.floor(updates, given.cases, given.at_once)
    table = ratios(blocks)
    model, hand = ([block.updates_ms for block in blocks if block.side == side] for side in ("model", "by hand"))
    slow = tails(model, hand)
    if given.json:
        figures = {"ratios": table, "tails": [asdict(tail) for tail in slow], "floor": floor}
        print(json.dumps({**figures, "blocks": [asdict(block) for block in blocks]}))
    else:
        print(f"path {given.path}: {updates} Updates a case; {given.rounds} blocks a side of {given.cases} cases, "
              f"{given.at_once} at once")  # fmt: skip
        print(f"{'':16}{'model':>10}{'range':>22}{'by hand':>10}{'range':>22}{'ratio':>8}{'range':>14}")
        for name, row in table.items():
            print(
                f"{name:16}{row['model']:10.2f}{row['model_low']:11.2f}–{row['model_high']:<10.2f}{row['hand']:10.2f}"
                f"{row['hand_low']:11.2f}–{row['hand_high']:<10.2f}{row['ratio']:8.2f}"
                f"{row['ratio_low']:8.2f}–{row['ratio_high']:.2f}"
            )
        print(f"over all {sum(map(len, model))} Updates a side; in brackets nine of ten resamples of the blocks:")
        for tail in slow:
            print(f"p{100 * tail.quantile:<15.0f}{tail.model_ms:10.2f}{'':22}{tail.hand_ms:10.2f}{'':22}"
                  f"{tail.ratio:8.2f}  ({tail.low:.2f}–{tail.high:.2f})")  # fmt: skip
        print("the server's own cost:", ", ".join(f"{name} {value:.2f}" for name, value in floor.items()))
    stages = {block.stages for block in blocks}
    print("stages:", " | ".join(" → ".join(one) for one in stages), file=sys.stderr)
    return 0 if len(stages) == 1 else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--cases", type=int, default=6)
    parser.add_argument("--at-once", type=int, default=6)
    parser.add_argument("--path", choices=sorted(PATHS), default="rectified")
    parser.add_argument("--bare", action="store_true", help="the hand-written side without what only the other has")
    parser.add_argument("--hasty", action="store_true", help="acts follow each other within milliseconds")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    atexit.register(time.sleep, 0.05)  # a tokio thread of the SDK races with interpreter shutdown
    sys.exit(asyncio.run(main(arguments())))
