"""What a worker holds and how fast it takes a long case up again, on both sides.

    python -m benchmarks.worker [--idle 150] [--asks 78]

Idle cases: growth of the worker's resident memory while executions that wait for their first act stay in its cache.
Long case: a history of some 5,000 events (continue-as-new is put off for it), replayed by a fresh replayer.
"""

from __future__ import annotations

import argparse
import asyncio
import atexit
import gc
import statistics
import time
from typing import Any

import psutil
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from benchmarks.by_hand.workflow import ComplaintByHand
from benchmarks.drive import Side, begun, lengthened
from benchmarks.procedure import Bench, bench
from jiannuo.worker import PASSED_THROUGH
from workflows.process import Process

REPLAYS = 3
WARM = 10
PATIENT = ("limit.historyCount.suggestContinueAsNew=20000", "limit.historySize.suggestContinueAsNew=40000000")


async def memory(bench: Bench, side: Side, number: int) -> float:
    """KiB a case. The first ones are left out: they load models, pools and code."""
    worker = psutil.Process(bench.worker_pid)
    for _ in range(WARM):
        await begun(bench.stores, side)
    before = worker.memory_info().rss
    for _ in range(number):
        await begun(bench.stores, side)
    return (worker.memory_info().rss - before) / number / 1024


async def long_case(bench: Bench, side: Side, asks: int) -> WorkflowHistory:
    return await bench.client.get_workflow_handle(await lengthened(bench.stores, side, asks)).fetch_history()


async def replay_s(bench: Bench, history: WorkflowHistory) -> float:
    runner = SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH, "benchmarks")
    )
    seconds = []
    for _ in range(REPLAYS):
        workflows: list[Any] = [Process, ComplaintByHand]
        replayer = Replayer(workflows=workflows, data_converter=bench.client.data_converter, workflow_runner=runner)
        gc.collect()
        began = time.perf_counter()
        await replayer.replay_workflow(history)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


async def main(given: argparse.Namespace) -> None:
    async with bench(*PATIENT) as running:
        for side in running.sides:
            kib = await memory(running, side, given.idle)
            print(f"{side.name:8} {kib:8.0f} KiB a cached case, {2**20 / kib:7.0f} cases per GiB", flush=True)
        for side in running.sides:
            began = time.perf_counter()
            history = await long_case(running, side, given.asks)
            lived = time.perf_counter() - began
            seconds = await replay_s(running, history)
            events = len(history.events)
            print(
                f"{side.name:8} {events:6} events lived in {lived:5.1f} s, replayed in {seconds:5.2f} s: "
                f"{1e3 * seconds / events:.2f} ms an event",
                flush=True,
            )


if __name__ == "__main__":
    atexit.register(time.sleep, 0.05)  # a tokio thread of the SDK races with interpreter shutdown
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--idle", type=int, default=150)
    parser.add_argument("--asks", type=int, default=78)
    asyncio.run(main(parser.parse_args()))
