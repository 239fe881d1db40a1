"""Schedules on the real server: made once, at the policy's hours in Asia/Shanghai, and made up for after downtime."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import select
from temporalio.client import Client, ScheduleOverlapPolicy
from temporalio.service import RPCError

from activities.stores import Stores
from cases.deadlines.zone import SHANGHAI
from cases.policy.loader import load
from cases.tables.sharing import DailyReport, Push
from jiannuo.embedded.temporal import start_temporal
from jiannuo.embedded.temporal_namespace import NAMESPACE
from jiannuo.schedules import ensure_schedules, schedule_id, wished
from jiannuo.settings import Settings
from jiannuo.worker import make_worker
from tests.sharing.sharing_world import PACK
from workflows.reports import REPORT_DAY
from workflows.schedules import Wish, ensure

HOURS = {
    "intake_alert": (15, 30), "intake": (15, 45), "intake_escalation": (16, 5), "national": (17, 45),
}  # fmt: skip


def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, policy=PACK, temporal_task_queue="nobody-listens")


async def next_times(client: Client, id_: str) -> list[datetime]:
    description = await client.get_schedule_handle(id_).describe()
    return [at.astimezone(SHANGHAI) for at in description.info.next_action_times]


async def remove(client: Client, wishes: list[Wish]) -> None:
    for wish in wishes:
        await client.get_schedule_handle(wish.id).delete()


async def test_every_report_runs_each_calendar_day_at_its_hour(temporal_plain: Client, tmp_path: Path) -> None:
    wishes = await ensure_schedules(temporal_plain, settings(tmp_path))
    for kind, hour in HOURS.items():
        times = await next_times(temporal_plain, schedule_id(PACK, kind))
        assert {(at.hour, at.minute) for at in times} == {hour}
        assert {later - earlier for earlier, later in pairwise(times)} == {timedelta(days=1)}
    await remove(temporal_plain, wishes)


async def test_periodic_reports_are_prepared_when_their_period_has_ended(
    temporal_plain: Client, tmp_path: Path
) -> None:
    wishes = await ensure_schedules(temporal_plain, settings(tmp_path), ["erqi-2020"])
    for kind, days in {
        "half_year_report": {(7, 1)}, "annual_report": {(1, 1)},
        "quarterly_evaluation": {(1, 1), (4, 1), (7, 1), (10, 1)},
    }.items():  # fmt: skip
        times = await next_times(temporal_plain, schedule_id("erqi-2020", kind))
        assert {(at.month, at.day) for at in times} == days
    await remove(temporal_plain, wishes)


async def test_made_sure_of_again_a_schedule_takes_new_hours_and_keeps_its_pause(
    temporal_plain: Client, tmp_path: Path
) -> None:
    wishes = await ensure_schedules(temporal_plain, settings(tmp_path))
    handle = temporal_plain.get_schedule_handle(schedule_id(PACK, "intake"))
    await handle.pause(note="平台维护")
    moved = [
        Wish(wish.id, wish.workflow, wish.kind, wish.pack, 14, 0, wish.catch_up) if wish.kind == "intake" else wish
        for wish in wishes
    ]
    await ensure(temporal_plain, "nobody-listens", moved)
    description = await handle.describe()
    assert (description.schedule.state.paused, description.schedule.state.note) == (True, "平台维护")
    calendar = description.schedule.spec.calendars[0]
    assert (calendar.hour[0].start, calendar.minute[0].start) == (14, 0)
    assert description.schedule.policy.overlap == ScheduleOverlapPolicy.ALLOW_ALL
    assert description.schedule.policy.catchup_window == timedelta(days=31)
    await remove(temporal_plain, wishes)


def test_the_hours_are_those_of_the_policy() -> None:
    share = load(PACK).sharing.intake
    (intake,) = [wish for wish in wished(load(PACK)) if wish.kind == "intake"]
    assert (intake.hour, intake.minute) == (share.send_at.value.hour, share.send_at.value.minute)


async def test_a_report_missed_while_the_server_was_down_is_made_up_for_with_its_own_hour(
    stores: Stores, server_folder: Path
) -> None:
    """A real server, stopped before the hour and started after it; the report still tells the state of its hour."""
    folder = server_folder / "catching-up"
    server = await start_temporal(folder, ui=False, durable=False)
    client = await Client.connect(server.target_host, namespace=NAMESPACE)
    due = (datetime.now(SHANGHAI) + timedelta(seconds=5)).replace(microsecond=0)
    wish = Wish(
        "report:missed", REPORT_DAY, "intake", PACK, due.hour, due.minute, timedelta(days=1), second=due.second
    )
    await ensure(client, "catching-up", [wish])
    # The scheduler has taken the wish up: from here on it knows what it missed.
    assert (await next_times(client, wish.id))[0] == due
    await server.stop()
    assert datetime.now(UTC) < due
    while datetime.now(UTC) <= due + timedelta(seconds=1):  # noqa: ASYNC110  the clock is no event of the loop
        await asyncio.sleep(0.1)
    server = await start_temporal(folder, ui=False, durable=False)
    try:
        client = await Client.connect(server.target_host, namespace=NAMESPACE)
        async with make_worker(client, stores, "catching-up"):
            execution = await _the_only_execution(client)
            scheduled = execution.typed_search_attributes.search_attributes
            report = await _report(stores)
            await client.get_workflow_handle(execution.id).terminate()
    finally:
        await server.stop()
    assert any(pair.value == due for pair in scheduled)
    assert execution.start_time > due
    day = due.date() if due.time() >= load(PACK).sharing.intake.send_at.value else due.date() - timedelta(days=1)
    assert report.day == day


async def _the_only_execution(client: Client) -> Any:
    async with asyncio.timeout(40):
        while True:
            try:
                found = [row async for row in client.list_workflows(f"WorkflowType = '{REPORT_DAY}'")]
            except RPCError:
                found = []
            if found:
                (execution,) = found
                return execution
            await asyncio.sleep(0.1)


async def _report(stores: Stores) -> DailyReport:
    async with asyncio.timeout(40):
        while True:
            async with stores.sessions() as session:
                row = await session.scalar(select(DailyReport))
                if row is not None and await session.scalar(select(Push)) is not None:
                    return row
            await asyncio.sleep(0.1)
