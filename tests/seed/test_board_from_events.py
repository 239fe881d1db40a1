"""Whatever the board says follows from the logged events: counted from a replay of them, it is the same."""

from collections import Counter
from datetime import UTC, date, datetime

from sqlalchemy import select, text

from cases import access, positions
from cases.access import Actor, Duty
from cases.calendar_changes.calendars import calendars
from cases.calendar_changes.recount import open_cases, recounts
from cases.deadlines.zone import end_of
from cases.queries.board import board
from cases.queries.light import lights_for
from cases.reconcile import Told, rebuild
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.organisations import Region
from cases.tables.positions import CasePosition
from cases.words import STAGES
from tests.seed.test_seeding import PACK, Place, place

__all__ = ["place"]


async def first_due(place: Place, instance_id: str, told: Told) -> date | None:
    """Counted from the facts of the deadlines that run by the log, and equal to every date that it was told."""
    running = {key for key, status in told.clocks.items() if status == "running"}
    async with place.stores.sessions() as session:
        cases = await open_cases(session, [instance_id])
        counted = recounts(cases[0], running, await calendars(session))
        dues = {one.row.key: one.computed.due for one in counted if one.computed is not None}
    # The last date that a record set is logged together with the next step.
    assert {key: due.isoformat() for key, due in dues.items()} | {
        key: due for key, (_, due) in told.dues.items() if key in dues
    } == {key: due.isoformat() for key, due in dues.items()}
    return min(dues.values(), default=None)


async def test_the_board_counted_from_the_step_log_is_the_board(place: Place) -> None:
    async with place.stores.sessions() as session:
        lights = await lights_for(session, PACK, datetime.now(UTC))
        top = (await session.scalars(select(Region.code).where(Region.parent_code.is_(None)))).one()
        watched = frozenset(await access.covered(session, [top]))
        supervisor = Actor("any", 1, (Duty("supervisor", "any", top),), regions=watched)
        shown = await board(session, supervisor, lights, STAGES)
        going = (
            await session.execute(
                select(Instance.id, Complaint.region_code)
                .join(Complaint, Complaint.id == Instance.business_key)
                .where(Complaint.status.in_(positions.OPEN))
            )
        ).all()
    assert going
    assert lights.percent == 0, "the light follows from the due date alone"
    stages, regions, colours = Counter[str](), Counter[str](), Counter[str]()
    for instance_id, region in going:
        async with place.stores.sessions() as session:
            told = (await rebuild(session, place.stores.definitions, instance_id)).told
        first = await first_due(place, instance_id, told)
        stages[told.stages[-1] if told.stages else "received"] += 1
        regions[region] += 1
        colours[lights.of(end_of(first) if first else None)] += 1
    assert {row.code: row.total for row in shown.stages} == dict(stages)
    assert {row.code: row.total for row in shown.regions} == dict(regions)
    assert {colour: count for colour, count in shown.lights.by_light.items() if count} == dict(colours)


async def test_no_position_is_stale_and_building_them_anew_changes_nothing(place: Place) -> None:
    async with place.stores.sessions.begin() as session:
        assert await positions.stale(session) == []
        await positions.rebuild(session)
        assert await positions.stale(session) == []


async def test_a_position_is_written_only_when_it_changes_and_leaves_with_its_case(place: Place) -> None:
    written = select(text("xmin::text")).select_from(CasePosition)
    async with place.stores.sessions() as session:
        case = (await session.scalars(select(Complaint).where(Complaint.status == "open").limit(1))).one()
        before = await session.scalar(written.where(CasePosition.id == case.id))
        await positions.refresh(session, [case.id])
        assert await session.scalar(written.where(CasePosition.id == case.id)) == before
        case.stage = "elsewhere"
        await positions.refresh(session, [case.id])
        assert await session.scalar(select(CasePosition.stage).where(CasePosition.id == case.id)) == "elsewhere"
        case.status = "closed"
        await positions.refresh(session, [case.id])
        assert await session.scalar(written.where(CasePosition.id == case.id)) is None
        assert await positions.stale(session) == []
        await session.rollback()
