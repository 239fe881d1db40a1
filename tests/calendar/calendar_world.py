"""Cases with a running deadline, and tables of 2027 that move it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bpmn import codec
from bpmn.graphset import GraphSet
from cases.calendar_changes.publish import publish, withdraw
from cases.calendar_changes.table import Table
from cases.calendars import calendar_for
from cases.deadlines.calendar import DayKind, DayRow
from cases.deadlines.zone import SHANGHAI
from cases.definitions import deploy, latest
from cases.policy.loader import load
from cases.projection.deadlines import computation, explain, instants
from cases.tables.calendar_changes import CalendarChange, CalendarJob
from cases.tables.clocks import Deadline, DeadlineChange, RungClaim
from cases.tables.complaints import Complaint, Party
from cases.tables.engine import Instance
from cases.tables.letters import Notice
from cases.tables.organisations import Account, Membership, Organisation, Region
from cases.vault import Identity
from jiannuo.calendar_job import CalendarJob as Job
from jiannuo.rehearsal.axis import Axis
from tests.shell.shell import Shell
from workflows import client as calls
from workflows import messages

MODELS = Path(__file__).parent / "models"
PACK = "nmg-2023"
TOP, LEAGUE, BANNER, OTHER_BANNER = "150000", "150700", "150724", "150725"
_numbers = itertools.count(1)
FIELDS: dict[str, Any] = {
    "starts": {}, "pauses": [], "extensions": [], "rungs": {}, "derivation": [], "status": "running", "revision": 1,
    "set_step": 1, "element_id": "limited",
}  # fmt: skip


def at(when: str) -> datetime:
    return datetime.fromisoformat(when).replace(tzinfo=SHANGHAI)


START = at("2026-12-28 10:00")


def table(layer: str, version: str, years: Sequence[int], *days: str) -> Table:
    """Days as ``2027-01-04 holiday``."""
    pairs = (day.split() for day in days)
    rows = tuple(DayRow(date.fromisoformat(day), DayKind(kind), f"{kind}说明") for day, kind in pairs)
    return Table(layer, version, f"国办发明电〔2026〕{version}号", tuple(years), rows)


# From 28 December five working days end, without a table, on 5 January.
# The statutory days stay as they are: the late rungs of a ladder reach beyond the Spring Festival.
STATUTORY = ("2027-01-01 holiday", *(f"2027-02-{day:02} holiday" for day in range(5, 11)), "2027-04-05 holiday")
LATER = table("national", "late-1", [2027], *STATUTORY, "2027-01-04 holiday")
EARLIER = table("national", "early-1", [2027], *STATUTORY, "2027-01-02 workday")
SAME = table("national", "same-1", [2027], *STATUTORY)


@dataclass
class World:
    shell: Shell
    job: Job
    axis: Axis

    async def settle(self) -> None:
        """Empty stores but for the models; units and people of one league."""
        async with self.shell.stores.sessions.begin() as session:
            await session.execute(
                text("TRUNCATE calendar_table, instance, complaint, region, account, outbox, audit_entry CASCADE")
            )
            await deploy(session, PACK, sorted(MODELS.glob("*.bpmn")), datetime.now(UTC))
            for code, level, parent in (
                (TOP, "REGION", None), (LEAGUE, "LEAGUE", TOP), (BANNER, "BANNER", LEAGUE),
                (OTHER_BANNER, "BANNER", LEAGUE),
            ):  # fmt: skip
                session.add(Region(code=code, name=code, level=level, parent_code=parent))
                await session.flush()
            session.add(Organisation(uscc="VER", name="核实部门", org_type="机关", region_code=LEAGUE, functions=[]))
            for login, role in (("checker", "verifying_dept"), ("admin", "administrator")):
                account = Account(login=login, display_name=login, password_hash="!", email=f"{login}@example.org")
                session.add(account)
                await session.flush()
                session.add(Membership(account_id=account.id, role=role, uscc="VER"))

    async def case(
        self, *, pack: str = PACK, region: str = BANNER, begun: datetime = START, channel: str = "CREDIT_NM"
    ) -> str:
        """The rows of a case, as intake leaves them. ``begun`` is when its clock starts, on its own time axis."""
        key, now = f"{self.shell.queue}-{next(_numbers)}", datetime.now(UTC)
        async with self.shell.stores.sessions.begin() as session:
            definition = await latest(session, PACK, "bpmn", "clock")
            assert definition is not None
            session.add(
                Complaint(
                    id=key, case_no=f"N-{key}", pack=pack, channel=channel, received_at=begun, recorded_at=begun,
                    complainant_digest=key, complainant_alias="投诉人", enterprise_type="民营企业", is_sme=True,
                    respondent_uscc="VER", domain="PROC", title="t", statement="s", request="r", region_code=region,
                )
            )  # fmt: skip
            await session.flush()
            identity = Identity(name="某公司", uscc="91150700MAFAKE019Y", contact_email="firm@example.org")
            session.add(Party(complaint_id=key, sealed=self.shell.stores.vault.seal(key, identity)))
            session.add(
                Instance(
                    id=f"clock:{key}", process_id="clock", graph_hash=definition.hash, pack=pack, business_key=key,
                    channel=channel, created_at=now, clock_offset_s=(begun - now).total_seconds(),
                    variables=codec.dump_variables({"case_id": key, "delivered_at": begun.isoformat()}),
                )
            )  # fmt: skip
        return f"clock:{key}"

    async def begin(self, **given: Any) -> str:
        """A case whose execution runs, with its deadline set and its timer armed."""
        instance_id = await self.case(**given)
        async with self.shell.stores.sessions() as session:
            row = await session.get_one(Instance, instance_id)
            graph = await self.shell.stores.definitions.graph(session, row.graph_hash)
        now = datetime.now(UTC)
        start = messages.ProcessStart(
            row.id, row.graph_hash, row.process_id, row.business_key, row.variables, row.clock_offset_s
        )
        await calls.start(self.shell.client, self.shell.queue, start, GraphSet({graph.hash: graph}))
        self.axis.begin(instance_id, now + timedelta(seconds=row.clock_offset_s), now)
        await self.shell.quiet(instance_id)
        return instance_id

    async def clocked(self, name: str = "verification", key: int = 1, **given: Any) -> str:
        """A case with a deadline row as the record step sets it, without an execution."""
        changes = given.pop("row", {})
        instance_id = await self.case(**given)
        await self.clock(instance_id, name, key, begun=given.get("begun", START), **changes)
        return instance_id

    async def clock(self, instance_id: str, name: str, key: int, begun: datetime = START, **changes: Any) -> None:
        async with self.shell.stores.sessions.begin() as session:
            instance = await session.get_one(Instance, instance_id)
            pack = load(instance.pack)
            rule = pack.rule(name, instance.channel or "OTHER")
            assert rule is not None
            cap = await session.scalar(
                select(Deadline.due).where(Deadline.instance_id == instance_id, Deadline.name == rule.not_after)
            )
            row = Deadline(instance_id=instance_id, key=key, name=name, start_at=begun, **(FIELDS | changes))
            counted = computation(row, rule, await calendar_for(session, pack, instance.business_key), cap)
            row.due, row.due_at, row.unrolled = counted.due, counted.due_at, counted.unrolled
            row.rungs, row.provisional = instants(counted), counted.provisional
            explain(row, counted)
            session.add(row)

    async def publish(self, given: Table, now: datetime | None = None) -> int:
        async with self.shell.stores.sessions.begin() as session:
            return await publish(session, given, "account:1", now or datetime.now(UTC))

    async def withdraw(self, version: str) -> int:
        async with self.shell.stores.sessions.begin() as session:
            return await withdraw(session, version, "account:1", "所附文件有误", datetime.now(UTC))

    async def apply(self) -> None:
        """Everything that the background job has to do."""
        for _ in range(10_000):
            if not await self.job.once(datetime.now(UTC)):
                async with self.shell.stores.sessions() as session:
                    states = (await session.scalars(select(CalendarChange.state))).all()
                if set(states) <= {"done"}:
                    return
        raise AssertionError("the change does not come to its end")

    async def forward(self, instance_id: str, to: datetime) -> None:
        await self.axis.advance(instance_id, to)
        await self.shell.quiet(instance_id)

    async def deadline(self, instance_id: str, key: int | None = None) -> Deadline:
        rows = await self.shell.rows(Deadline, instance_id)
        return next(row for row in rows if key is None or row.key == key)

    async def fired(self, instance_id: str) -> dict[str, datetime]:
        return {row.rung: row.at for row in await self.shell.rows(RungClaim, instance_id)}

    async def changes(self, instance_id: str) -> list[tuple[date | None, date | None, str]]:
        return [(row.old_due, row.new_due, row.reason) for row in await self.shell.rows(DeadlineChange, instance_id)]

    async def jobs(self, change_id: int) -> list[CalendarJob]:
        async with self.shell.stores.sessions() as session:
            found = await session.scalars(select(CalendarJob).where(CalendarJob.change_id == change_id))
            return list(found)

    async def notices(self) -> list[Notice]:
        async with self.shell.stores.sessions() as session:
            return list(await session.scalars(select(Notice).order_by(Notice.idempotency_key)))


class Statements:
    """Counts the statements of an engine while it is entered."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.sync_engine
        self.count = 0

    def _seen(self, *_: Any) -> None:
        self.count += 1

    def __enter__(self) -> Statements:
        event.listen(self._engine, "before_cursor_execute", self._seen)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._seen)
