"""The sample region: directory, people and a year of cases, so that a new installation shows what it does.

Idempotent: what an earlier seeding wrote stays, what it did not finish is finished.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from activities.stores import Stores
from cases.calendars import calendar_for
from cases.intake import SHANGHAI
from cases.policy.loader import load
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from jiannuo.compose import connect_temporal, stores_for
from jiannuo.relay import Relay
from jiannuo.seeding.absences import write_absences
from jiannuo.seeding.archive import write_archived
from jiannuo.seeding.complaints import EXTERNAL, SampleComplaint, archived, compose, living
from jiannuo.seeding.directory import write_directory
from jiannuo.seeding.play import Player
from jiannuo.seeding.region import read_region
from jiannuo.seeding.timeline import Timeline
from jiannuo.settings import Settings

# Two cores: more at once only wait for each other.
AT_ONCE = 4
SAY_EVERY = 10


@dataclass
class Seeded:
    """``refused``: acts of a story that the product did not take, where the story then ends."""

    filed: int = 0
    archived: int = 0
    resumed: int = 0
    refused: int = 0
    ids: list[str] = field(default_factory=list)


def speak(line: str) -> None:
    print(line, flush=True)


async def seed(settings: Settings, say: Callable[[str], None] = speak) -> Seeded:
    """Needs a worker on the settings' task queue. Raises SeedStuck if an execution does not come to rest."""
    async with stores_for(settings) as stores:
        client = await connect_temporal(settings, stores)
        return await seed_into(
            stores,
            Timeline(stores, client, settings.temporal_task_queue),
            Relay(stores, client, settings.temporal_task_queue, semantics=settings.semantics),
            settings.policy,
            settings.sample_cases,
            say,
        )


async def seed_into(
    stores: Stores, timeline: Timeline, relay: Relay, pack: str, count: int, say: Callable[[str], None] = speak
) -> Seeded:
    sample, now, done = read_region(), datetime.now(SHANGHAI), Seeded()
    async with stores.sessions.begin() as session:
        await write_directory(session, sample)
        await write_absences(session, sample, now)
        calendar = await calendar_for(session, load(pack))
    cases = [compose(row, sample, pack, calendar, now) for row in living(count)]
    await _write_archive(stores, [compose(r, sample, pack, calendar, now) for r in archived()] if count else [], done)
    player = Player(stores, timeline, relay, sample.access_code)
    # In the order in which they came, so that case numbers rise with time.
    new = [(id_, case) for case in sorted(cases, key=_received) if (id_ := await player.file(case)) is not None]
    done.filed, done.ids = len(new), [id_ for id_, _ in new]
    await _play(player, new, say)
    done.refused = player.refused
    done.resumed = await _bring_home(stores, timeline)
    return done


async def _write_archive(stores: Stores, cases: list[SampleComplaint], done: Seeded) -> None:
    units = read_region().units
    for case in sorted(cases, key=_received):
        async with stores.sessions.begin() as session:
            done.archived += await write_archived(session, stores.vault, case, units[case.row.verifier].uscc)


async def _play(player: Player, cases: list[tuple[str, SampleComplaint]], say: Callable[[str], None]) -> None:
    slots, ready = asyncio.Semaphore(AT_ONCE), 0

    async def play(id_: str, case: SampleComplaint) -> None:
        nonlocal ready
        async with slots:
            await player.play(id_, case)
        ready += 1
        if ready % SAY_EVERY == 0:
            say(f"样例案件 sample cases: {ready}/{len(cases)}")

    async with asyncio.TaskGroup() as group:
        for id_, case in cases:
            group.create_task(play(id_, case))


async def _bring_home(stores: Stores, timeline: Timeline) -> int:
    """Sample cases that a cut-off seeding left on a time axis in the past."""
    async with stores.sessions() as session:
        left = (
            await session.scalars(
                select(Instance.id)
                .join(Complaint, Complaint.id == Instance.business_key)
                .where(
                    Complaint.external_ref.startswith(EXTERNAL),
                    Instance.clock_offset_s != 0,
                    Instance.status.in_(("starting", "active")),
                )
                .order_by(Instance.id)
            )
        ).all()
    for instance_id in left:
        await timeline.begun(instance_id)
        await timeline.arrive(instance_id)
    return len(left)


def _received(case: SampleComplaint) -> datetime:
    return case.filing.received_at
