"""A process that timers begin, the job that begins it, and what an operator does."""

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from activities.stores import Stores
from cases.definitions import deploy
from cases.queries.start_schedules import Scheduled, start_schedules
from cases.start_schedule_acts import act
from cases.tables.engine import Instance
from cases.tables.ledger import Outbox
from jiannuo.timer_starter import TimerStarter
from tests.bpmn.bpmn_models import end, flows, process, start, timer, user
from tests.shell.shell import PACK

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
_numbers = itertools.count(1)


class World:
    """One process of the test's own, and the job."""

    def __init__(self, stores: Stores, folder: Path) -> None:
        self.stores, self.folder, self.process = stores, folder, f"timed_{next(_numbers)}"

    async def deploy(self, *timers: str, form: str = "timeCycle", at: datetime = NOW, task: str = "a") -> None:
        body = "".join(start(f"s{number}", timer(text, form)) for number, text in enumerate(timers, 1))
        body += "" if timers else start("s1")
        body += user(task) + end() + flows(*(f"s{number}>{task}" for number in range(1, max(len(timers), 1) + 1)))
        path = self.folder / f"{self.process}.bpmn"
        path.write_bytes(process(body + flows(f"{task}>e"), name=self.process))
        async with self.stores.sessions.begin() as session:
            await deploy(session, PACK, [path], at)

    async def round(self, at: datetime) -> int:
        return await TimerStarter(self.stores).once(at)

    async def begun(self) -> list[Instance]:
        async with self.stores.sessions() as session:
            wanted = select(Instance).where(Instance.process_id == self.process)
            return list(await session.scalars(wanted.order_by(Instance.created_at, Instance.id)))

    async def promises(self) -> int:
        async with self.stores.sessions() as session:
            wanted = select(func.count()).select_from(Outbox).where(Outbox.ref.startswith(f"{self.process}:"))
            return int(await session.scalar(wanted) or 0)

    async def shown(self) -> list[Scheduled]:
        async with self.stores.sessions() as session:
            found = await start_schedules(session, self.stores.definitions, PACK)
        return [one for one in found if one.process_id == self.process]

    async def one(self) -> Scheduled:
        (found,) = await self.shown()
        return found

    async def act(self, wanted: str, at: datetime = NOW, reason: str = "测试", begun: int | None = None) -> None:
        id_ = (await self.one()).id
        async with self.stores.sessions.begin() as session:
            await act(session, id_, wanted, reason, "operator:li", at, begun=begun)


@pytest.fixture
def world(stores: Stores, tmp_path: Path) -> World:
    return World(stores, tmp_path)
