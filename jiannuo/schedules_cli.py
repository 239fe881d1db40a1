"""`jiannuo schedules`: the times of the daily and periodic reports, and what a person does about them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from temporalio.client import Client, ScheduleDescription
from temporalio.service import RPCError

from activities.contracts import ReportRequest
from activities.stores import Stores
from cases import sharing
from cases.deadlines.zone import SHANGHAI
from cases.errors import Problem
from cases.policy.loader import load
from jiannuo.compose import connect_temporal, stores_for
from jiannuo.endpoints import connected, with_endpoints
from jiannuo.errors import JiannuoError
from jiannuo.schedules import ensure_schedules, packs_in_use, wished
from jiannuo.settings import Settings, load_settings
from workflows.schedules import Wish

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)
PREFIX = "report:"
NEXT = 3


@app.command("list")
def list_schedules(as_json: bool = typer.Option(False, "--json", help="Print a list of objects.")) -> None:
    """Every schedule with its next times (Asia/Shanghai) and whether it is paused."""
    rows = asyncio.run(_list(_settings()))
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        mark = "（已暂停）" if row["paused"] else ""
        print(f"{row['id']}{mark}\n    {'  '.join(row['next'])}")


@app.command()
def ensure() -> None:
    """Make sure of all schedules, as every worker does when it starts."""
    print(f"{len(asyncio.run(_ensure(_settings())))} schedules")


@app.command()
def trigger(
    schedule: str = typer.Argument(help="Id, as `jiannuo schedules list` shows it."),
    as_at: Annotated[
        datetime | None, typer.Option(help="State of that moment (Asia/Shanghai); the last due one unless given.")
    ] = None,
) -> None:
    """Run one report now. A day that was reported already is not reported again."""
    print(asyncio.run(_trigger(_settings(), schedule, as_at)))


@app.command()
def pause(schedule: str, reason: str = typer.Option(..., help="Why; it stays with the schedule.")) -> None:
    """Stop a schedule until it is resumed."""
    asyncio.run(_pause(_settings(), schedule, reason, paused=True))


@app.command()
def resume(schedule: str, reason: str = typer.Option("resumed")) -> None:
    """Let a paused schedule run again."""
    asyncio.run(_pause(_settings(), schedule, reason, paused=False))


@app.command()
def release(message: str = typer.Argument(help="Key of the drafted report.")) -> None:
    """Send a drafted periodic report."""

    async def act(stores: Stores) -> None:
        async with stores.sessions.begin() as session:
            await sharing.release(session, message, datetime.now(UTC))

    asyncio.run(_with_stores(act))


@app.command()
def receipt(message: str, number: str = typer.Argument(help="What the platform gave for the file.")) -> None:
    """Enter the receipt of a file that was carried over by hand."""

    async def act(stores: Stores) -> None:
        async with stores.sessions.begin() as session:
            await sharing.confirm_export(session, message, number, datetime.now(UTC))

    asyncio.run(_with_stores(act))


def _settings() -> Settings:
    settings = load_settings()
    return with_endpoints(settings, connected(settings))


@asynccontextmanager
async def _connected(settings: Settings) -> AsyncIterator[tuple[Stores, Client]]:
    async with stores_for(settings) as stores:
        yield stores, await connect_temporal(settings, stores)


async def _with_stores(act: Any) -> None:
    async with stores_for(_settings()) as stores:
        try:
            await act(stores)
        except Problem as problem:
            raise JiannuoError(problem.sentence) from None


async def _list(settings: Settings) -> list[dict[str, Any]]:
    async with _connected(settings) as (_, client):
        ids = [row.id async for row in await client.list_schedules() if row.id.startswith(PREFIX)]
        return [_row(await client.get_schedule_handle(id_).describe()) for id_ in sorted(ids)]


def _row(found: ScheduleDescription) -> dict[str, Any]:
    times = [f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" for at in found.info.next_action_times[:NEXT]]
    return {"id": found.id, "paused": found.schedule.state.paused, "next": times, "note": found.schedule.state.note}


async def _ensure(settings: Settings) -> list[Wish]:
    async with _connected(settings) as (stores, client):
        return await ensure_schedules(client, settings, await packs_in_use(stores, settings))


async def _trigger(settings: Settings, schedule: str, as_at: datetime | None) -> str:
    async with _connected(settings) as (stores, client):
        wishes = {w.id: w for pack in await packs_in_use(stores, settings) for w in wished(load(pack))}
        wish = wishes.get(schedule)
        if wish is None:
            raise JiannuoError(f"There is no schedule {schedule}. There are: {', '.join(wishes)}.")
        moment = (as_at.replace(tzinfo=SHANGHAI) if as_at else datetime.now(SHANGHAI)).isoformat()
        handle = await client.start_workflow(
            wish.workflow,
            ReportRequest(wish.kind, wish.pack, moment),
            id=f"{schedule}:{moment}",
            task_queue=settings.temporal_task_queue,
        )
        return handle.id


async def _pause(settings: Settings, schedule: str, reason: str, *, paused: bool) -> None:
    async with _connected(settings) as (_, client):
        handle = client.get_schedule_handle(schedule)
        change: Awaitable[None] = handle.pause(note=reason) if paused else handle.unpause(note=reason)
        try:
            await change
        except RPCError as error:
            raise JiannuoError(f"Schedule {schedule} cannot be changed: {error.message}.") from None
