"""Seeding on real servers: cases stand where their stories leave them, live on today's clock, and are written once."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest_asyncio
from sqlalchemy import func, select
from temporalio.client import Client

from activities.stores import Stores
from bpmn.model import Graph
from cases.accounts import sign_in
from cases.tables.complaints import Complaint
from cases.tables.engine import Incident, Instance, StageEntry
from cases.tables.organisations import Account
from cases.tables.people import Delegation, Leave, StandInPair
from cases.tables.worklist import Submission, Task
from jiannuo.compose import engine_for, make_stores
from jiannuo.deploy import deploy_pack
from jiannuo.payloads import data_converter
from jiannuo.relay import Relay
from jiannuo.seed import Seeded, seed_into
from jiannuo.seeding.complaints import EXTERNAL, archived
from jiannuo.seeding.region import read_region
from jiannuo.seeding.timeline import Timeline
from jiannuo.worker import make_worker

QUEUE = "seeding"
PACK = "nmg-2023"
FEW = 4


@dataclass
class Place:
    """A database and a worker with its relay; ``done`` tells of the first seeding."""

    stores: Stores
    timeline: Timeline
    relay: Relay
    lines: list[str] = field(default_factory=list)
    done: Seeded = field(default_factory=Seeded)

    async def seed(self) -> Seeded:
        return await seed_into(self.stores, self.timeline, self.relay, PACK, FEW, self.lines.append)

    async def sample(self, key: str) -> tuple[Complaint, Instance]:
        async with self.stores.sessions() as session:
            complaint = await session.scalar(select(Complaint).where(Complaint.external_ref == EXTERNAL + key))
            assert complaint is not None
            instance = await session.get(Instance, f"complaint:{complaint.id}")
            assert instance is not None
            return complaint, instance


@pytest_asyncio.fixture(scope="module")
async def place(postgres_dsn: str, temporal_plain: Client) -> AsyncIterator[Place]:
    engine = engine_for(postgres_dsn)
    stores, stop = make_stores(engine, os.urandom(32)), asyncio.Event()

    async def graph(hash_: str) -> Graph:
        async with stores.sessions() as session:
            return await stores.definitions.graph(session, hash_)

    client = await Client.connect(
        temporal_plain.service_client.config.target_host,
        namespace=temporal_plain.namespace,
        data_converter=data_converter((os.urandom(32),), graph),
    )
    await deploy_pack(stores, PACK, datetime.now(UTC))
    seeding = Place(stores, Timeline(stores, client, QUEUE), Relay(stores, client, QUEUE))
    async with make_worker(client, stores, QUEUE):
        relaying = asyncio.create_task(seeding.relay.run(stop))
        seeding.done = await seeding.seed()
        yield seeding
        stop.set()
        await relaying
    await engine.dispose()


async def test_every_act_of_the_stories_is_taken(place: Place) -> None:
    assert (place.done.filed, place.done.archived, place.done.refused) == (FEW, len(archived()), 0)
    async with place.stores.sessions() as session:
        assert (await session.scalars(select(Submission.status).distinct())).all() == ["done"]
        assert (await session.scalars(select(Incident.reason))).all() == []


async def test_a_case_that_nobody_has_looked_at_waits_for_screening(place: Place) -> None:
    complaint, instance = await place.sample("S01")
    assert (complaint.stage, complaint.status, instance.status) == ("screening", "open", "active")


async def test_a_case_has_lived_through_its_stages_at_their_times(place: Place) -> None:
    complaint, instance = await place.sample("S02")
    assert (complaint.stage, complaint.status) == ("rectification", "open")
    async with place.stores.sessions() as session:
        entries = (
            await session.scalars(
                select(StageEntry).where(StageEntry.instance_id == instance.id).order_by(StageEntry.number)
            )
        ).all()
        task = await session.scalar(select(Task).where(Task.instance_id == instance.id, Task.status == "open"))
    assert [entry.stage for entry in entries] == ["screening", "referral", "verification", "rectification"]
    assert len({entry.at.date() for entry in entries}) >= 3
    assert task is not None
    assert task.acts == ["report_rectification", "refuse"]


async def test_an_out_of_scope_complaint_has_come_to_its_end(place: Place) -> None:
    complaint, instance = await place.sample("S03")
    assert (complaint.status, complaint.archived, instance.status) == ("closed_out_of_scope", False, "completed")


async def test_every_open_case_ends_on_todays_clock(place: Place) -> None:
    async with place.stores.sessions() as session:
        astray = await session.scalar(
            select(func.count()).select_from(Instance).where(Instance.status == "active", Instance.clock_offset_s != 0)
        )
    assert astray == 0


async def test_case_numbers_rise_with_the_time_of_receipt_within_open_cases(place: Place) -> None:
    async with place.stores.sessions() as session:
        rows = await session.scalars(
            select(Complaint).where(Complaint.archived.is_(False)).order_by(Complaint.received_at)
        )
        numbers = [row.case_no for row in rows]
    assert numbers == sorted(numbers)


async def test_the_printed_people_can_sign_in(place: Place) -> None:
    sample = read_region()
    async with place.stores.sessions.begin() as session:
        for person in sample.shown:
            token = await sign_in(session, person.login, sample.password, "127.0.0.1", datetime.now(UTC))
            assert token is not None, person.login


async def test_one_is_away_with_a_stand_in_and_one_without(place: Place) -> None:
    async with place.stores.sessions() as session:
        rows = await session.execute(
            select(Account.login, Delegation.leave_id)
            .join(Leave, Leave.account_id == Account.id)
            .outerjoin(Delegation, Delegation.leave_id == Leave.id)
            .order_by(Account.login)
        )
        away = {login: covered is not None for login, covered in rows}
        pairs = await session.scalar(select(func.count()).select_from(StandInPair))
    assert away == {"nantan-xinyong": True, "shi-xinyong": False}
    assert pairs == 2


async def test_seeding_again_writes_nothing(place: Place) -> None:
    again = await place.seed()
    assert (again.filed, again.archived, again.resumed, again.refused) == (0, 0, 0, 0)


async def test_a_case_that_a_cut_off_seeding_left_in_the_past_is_brought_to_today(place: Place) -> None:
    _, instance = await place.sample("S02")
    await place.timeline.move(instance.id, datetime.now(UTC) - timedelta(days=300))
    assert (await place.sample("S02"))[1].clock_offset_s < 0
    assert (await place.seed()).resumed == 1
    assert (await place.sample("S02"))[1].clock_offset_s == 0
