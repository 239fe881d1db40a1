"""Orders on the real servers: the fictional region, a worker, and people who act as the pages let them."""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from activities.stores import Stores
from bpmn.model import Graph
from cases.access import Actor, actor_of
from cases.intake import instance_id_of
from cases.offers import candidates_of, root_variables
from cases.orders.issue import Issued, Wish, issue
from cases.submissions import Act, submit
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.letters import Letter, Notice
from cases.tables.orders import SupervisionOrder
from cases.tables.organisations import Account, Membership, Organisation
from cases.tables.worklist import Subscription, Task
from jiannuo.compose import engine_for, make_stores
from jiannuo.payloads import data_converter
from jiannuo.rehearsal.axis import Axis
from jiannuo.relay import Relay
from jiannuo.worker import make_worker
from tests.api import region_builder as region
from workflows import client as calls

LETTER_STEP = "jiannuo:letterStep"
# Monday 21 September 2026, ten o'clock; Sunday 20 September is a working day (调休).
NOW = datetime(2026, 9, 21, 2, 0, tzinfo=UTC)
SUPERVISING = region.code("11", region.LEAGUE, 11)
_keys = itertools.count(1)


@dataclass
class Orders:
    stores: Stores
    relay: Relay
    axis: Axis

    async def case(self, where: region.Where = region.VERIFICATION, **more: str) -> str:
        """A case that stands at a stage; its own process is not played."""
        async with self.stores.sessions.begin() as session:
            receipt, case_id = await region.place(
                session, self.stores.vault, where, NOW - timedelta(days=6), NOW, **more
            )
            del receipt
        return case_id

    async def actor(self, login: str) -> Actor:
        async with self.stores.sessions() as session:
            account = await session.scalar(select(Account).where(Account.login == login))
            assert account is not None
            return await actor_of(session, account)

    async def issue(self, case_ids: list[str], **changes: Any) -> Issued:
        """By the supervisor of the league, to whoever holds the cases."""
        fields: dict[str, Any] = {
            "key": f"wish-{next(_keys)}", "kind": "supervision", "case_ids": case_ids, "addressee": "holder",
            "reason": "核实期限已过，至今未作出核实结论", "demand": "1.五日内作出核实结论；2.说明逾期原因",
        }  # fmt: skip
        async with self.stores.sessions.begin() as session:
            return await issue(session, await self.actor("inspector"), Wish(**(fields | changes)), NOW)

    async def begin(self, order: SupervisionOrder) -> None:
        """Starts what was promised, on the axis on which it is ``NOW``."""
        async with self.stores.sessions.begin() as session:
            row = await session.get_one(Instance, order.instance_id)
            real = datetime.now(UTC)
            row.clock_offset_s = self.axis.begin(order.instance_id, NOW, real)
        while await self.relay.once():
            pass
        await self.axis.started(order.instance_id)
        await self.axis.quiet(order.instance_id)

    async def letters(self, order: SupervisionOrder, login: str = "inspector-head") -> None:
        """Draft, review and issue what waits."""
        while True:
            async with self.stores.sessions() as session:
                task = await session.scalar(
                    select(Task)
                    .where(Task.instance_id == order.instance_id, Task.status == "open")
                    .where(Task.properties.has_key(LETTER_STEP))
                    .order_by(Task.key)
                    .limit(1)
                )
            if task is None:
                return
            await self.act(order, login, task.acts[0], letter_id=task.inputs.get("letter_id"))

    async def act(self, order: SupervisionOrder, login: str, name: str, **form: Any) -> None:
        """As ``login``, on the task or open act that offers it. Raises the problems of ``submit``."""
        actor = await self.actor(login)
        async with self.stores.sessions.begin() as session:
            tasks = await session.scalars(
                select(Task)
                .where(Task.instance_id == order.instance_id, Task.status == "open", Task.acts.contains([name]))
                .order_by(Task.key)
            )
            catches = await session.scalars(
                select(Subscription)
                .where(Subscription.instance_id == order.instance_id, Subscription.open)
                .where(Subscription.acts.contains([name]))
            )
            target = next(iter([*tasks, *catches]), None)
            assert target is not None, f"nothing offers {name}"
            instance = await session.get_one(Instance, order.instance_id)
            assert candidates_of(target, root_variables(instance), NOW)
            at = await self.axis.now(order.instance_id)
            wanted = Act(
                order.complaint_id, name, form, at,
                task_key=target.key if isinstance(target, Task) else None,
                subscription_key=target.key if isinstance(target, Subscription) else None,
                instance_id=order.instance_id,
            )  # fmt: skip
            row = await submit(session, self.stores.definitions, actor, wanted, at)
        outcome = await self.relay.tell(row)
        assert isinstance(outcome, calls.Accepted), outcome
        await self.axis.quiet(order.instance_id)

    async def forward(self, order: SupervisionOrder, to: str) -> None:
        """To an instant in Asia/Shanghai."""
        await self.axis.advance(order.instance_id, datetime.fromisoformat(f"{to}+08:00"))

    async def row(self, order: SupervisionOrder) -> SupervisionOrder:
        async with self.stores.sessions() as session:
            return await session.get_one(SupervisionOrder, order.id)

    async def open_tasks(self, order: SupervisionOrder) -> list[str]:
        async with self.stores.sessions() as session:
            rows = await session.scalars(
                select(Task.element_id)
                .where(Task.instance_id == order.instance_id, Task.status == "open")
                .order_by(Task.key)
            )
            return list(rows)

    async def issued_letters(self, order: SupervisionOrder) -> list[Letter]:
        async with self.stores.sessions() as session:
            rows = await session.scalars(
                select(Letter)
                .where(Letter.instance_id == order.instance_id, Letter.number.is_not(None))
                .order_by(Letter.issued_at, Letter.key)
            )
            return list(rows)

    async def notices(self, order: SupervisionOrder) -> list[tuple[str, str]]:
        """(login, kind) of what was put into inboxes about this order, in the order of time."""
        async with self.stores.sessions() as session:
            rows = await session.execute(
                select(Account.login, Notice.kind)
                .join(Account, Account.id == Notice.account_id)
                .where(Notice.facts["order_id"].astext == order.id, Notice.channel == "inbox")
                .order_by(Notice.created_at, Account.login)
            )
            return [(login, kind) for login, kind in rows]


async def people(stores: Stores) -> None:
    """The region, and a government's inspection office with a head who signs."""
    async with stores.sessions.begin() as session:
        await region.build_region(session, NOW)
        session.add(
            Organisation(
                uscc=SUPERVISING, name="云岭盟行政公署督查室（虚构）", org_type="机关", level="盟市",
                region_code=region.LEAGUE, functions=["supervisor"],
            )
        )  # fmt: skip
        await session.flush()
        for login, name, duties in (
            ("inspector", "督查 白音", [("supervisor", SUPERVISING)]),
            ("inspector2", "督查 高娃", [("supervisor", SUPERVISING)]),
            ("inspector-head", "督查室主任 何川", [("head", SUPERVISING), ("supervisor", SUPERVISING)]),
        ):
            account = Account(login=login, display_name=name, password_hash=region.PASSWORD_HASH, active=True)
            session.add(account)
            await session.flush()
            session.add_all(Membership(account_id=account.id, role=role, uscc=unit) for role, unit in duties)
        # Who stands above the banner's government, for the last rung of the ladder.
        government = await session.get_one(Organisation, region.BANNER_GOV)
        government.superior_uscc = region.LEAD


@asynccontextmanager
async def orders_on(dsn: str, environment: WorkflowEnvironment, queue: str) -> AsyncIterator[Orders]:
    engine = engine_for(dsn)
    stores = make_stores(engine, os.urandom(32))

    async def load(hash_: str) -> Graph:
        async with stores.sessions() as session:
            return await stores.definitions.graph(session, hash_)

    client = await Client.connect(
        environment.client.service_client.config.target_host,
        namespace=environment.client.namespace,
        data_converter=data_converter((os.urandom(32),), load),
    )
    await people(stores)
    try:
        async with make_worker(client, stores, queue):
            yield Orders(stores, Relay(stores, client, queue), Axis(environment, client))
    finally:
        await engine.dispose()


def case_instance(case_id: str) -> str:
    return instance_id_of(case_id)


__all__ = ["NOW", "SUPERVISING", "Complaint", "Orders", "case_instance", "orders_on"]
