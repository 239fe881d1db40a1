"""What keeping the narrow rows costs a step of a case: rows of cases alone, with those of tasks, and of counted acts.

    python -m benchmarks.refresh_cost --keep DIR [--cases 400]

DIR is a server that `python -m benchmarks.board --keep DIR` has filled. Each round changes one running deadline of an
open case and refreshes it each way, in turn from either end, and is undone; milliseconds a case.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from pathlib import Path
from typing import Any

from sqlalchemy import CTE, BindParameter, Executable, text
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.board import filled
from cases import act_positions, positions, task_positions

MOVE = text("UPDATE deadline SET due_at = due_at + interval '1 hour' WHERE instance_id = 'complaint:' || :id")
OPEN = text("SELECT complaint_id FROM case_position ORDER BY md5(complaint_id) LIMIT :count")


def nothing(ids: BindParameter[Any]) -> tuple[CTE, ...]:
    return ()


def statements() -> dict[str, Executable]:
    build: Any = positions.refreshing.__wrapped__
    kept = act_positions.writing, task_positions.writing
    found = {"and of acts": build()}
    act_positions.writing = nothing
    found["and of tasks"] = build()
    task_positions.writing = nothing
    found["rows of cases"] = build()
    act_positions.writing, task_positions.writing = kept
    return found


async def measure(keep: Path, cases: int) -> None:
    async with filled(1_000_000, keep) as engine, engine.connect() as connection:
        ids = list((await connection.execute(OPEN, {"count": cases})).scalars())
        ways = list(statements().items())
        spent: dict[str, list[float]] = {name: [] for name, _ in ways}
        for number, case in enumerate(ids):
            for name, statement in ways if number % 2 else reversed(ways):
                spent[name].append(await _once(connection, statement, case))
    for name, found in spent.items():
        print(f"{name:<18} p50 {statistics.median(found):.2f} ms  p95 {statistics.quantiles(found, n=20)[18]:.2f} ms")


async def _once(connection: AsyncConnection, statement: Executable, case: str) -> float:
    await connection.execute(MOVE, {"id": case})
    began = time.perf_counter()
    await connection.execute(statement, {"ids": [case]})
    spent = 1_000 * (time.perf_counter() - began)
    await connection.rollback()
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, required=True, metavar="DIR")
    parser.add_argument("--cases", type=int, default=400)
    given = parser.parse_args()
    asyncio.run(measure(given.keep, given.cases))


if __name__ == "__main__":
    main()
