"""A small stage for tests of the shell: real Temporal and PostgreSQL, the models beside it, scripted jobs."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select
from temporalio import activity
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities import contracts
from activities.record import Recording
from activities.stores import Stores
from bpmn import codec
from bpmn.events import Event, MessageDelivered, TaskCompleted
from bpmn.graphset import GraphSet
from bpmn.model import Graph
from cases.definitions import deploy, latest
from cases.tables.base import Base
from cases.tables.clocks import Deadline
from cases.tables.engine import Instance, LoggedStep
from cases.tables.worklist import Subscription, Task
from jiannuo.compose import engine_for, make_stores
from jiannuo.embedded.temporal_namespace import NAMESPACE
from jiannuo.payloads import GRAPHS, data_converter
from jiannuo.worker import PASSED_THROUGH
from workflows import client as calls
from workflows import messages
from workflows.process import Process

MODELS = Path(__file__).parent / "models"
KEY = b"k" * 32
PACK = "nmg-2023"
PATIENCE_S = 30.0
POLL_S = 0.02
SLOWEST_POLL_S = 0.5
# The server answers so to a query while one run has ended and the next has not had its first task.
BETWEEN_RUNS = (RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.NOT_FOUND)
Row = TypeVar("Row", bound=Base)
_numbers = itertools.count(1)


@dataclass
class Script:
    """What the test's jobs answer: ``work`` maps an instance to its answers in turn; every call is counted."""

    work: dict[str, list[str]] = field(default_factory=dict)
    done: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    # Of jobs that the test itself answers, when it wants.
    tokens: dict[str, bytes] = field(default_factory=dict)

    @activity.defn(name="test.work")
    async def run_work(self, given: contracts.JobInput) -> contracts.JobResult:
        self.done[given.instance_id, "work", str(given.key)] += 1
        answers = self.work.get(given.instance_id, [])
        answer = answers.pop(0) if answers else "done"
        if answer == "later":
            self.tokens[given.instance_id] = activity.info().task_token
            activity.raise_complete_async()
        if answer == "error":
            raise ApplicationError("refused", "REFUSED", "{}", type=contracts.BPMN_ERROR, non_retryable=True)
        if answer.startswith("noise"):
            return contracts.JobResult(codec.dump_variables({"blob": "x" * int(answer.split()[1])}))
        if answer == "fail":
            raise ApplicationError("the other side is away", type="Away")
        return contracts.JobResult('{"worked":true}')

    @activity.defn(name="test.letter")
    async def run_letter(self, given: contracts.JobInput) -> contracts.JobResult:
        self.done[given.instance_id, "letter", str(given.key)] += 1
        return contracts.JobResult('{"number":1}')

    @activity.defn(name="test.remind")
    async def run_remind(self, given: contracts.JobInput) -> contracts.JobResult:
        self.done[given.instance_id, "remind", str(codec.load_variables(given.variables)["rung"])] += 1
        return contracts.JobResult()

    def of(self, instance_id: str, what: str) -> dict[str, int]:
        return {name: count for (id_, kind, name), count in self.done.items() if (id_, kind) == (instance_id, what)}


@dataclass
class Shell:
    stores: Stores
    client: Client
    queue: str
    environment: WorkflowEnvironment | None = None
    script: Script = field(default_factory=Script)

    @asynccontextmanager
    async def worker(self, *, cached: int = 1_000) -> AsyncIterator[Worker]:
        recording = Recording(self.stores)
        runner = SandboxedWorkflowRunner(
            restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
        )
        async with Worker(
            self.client,
            task_queue=self.queue,
            workflows=[Process],
            activities=[
                recording.record, recording.confirm_deadline,
                self.script.run_work, self.script.run_letter, self.script.run_remind,
            ],
            workflow_runner=runner,
            max_cached_workflows=cached,
        ) as worker:  # fmt: skip
            yield worker

    async def row(self, process: str = "three", **variables: Any) -> str:
        """The instance as intake would store it; returns its id."""
        key = f"{self.queue}-{next(_numbers)}"
        now = datetime.now(UTC)
        given = {"case_id": key, "callee": "callee", "delivered_at": now.isoformat(), **variables}
        async with self.stores.sessions.begin() as session:
            definition = await latest(session, PACK, "bpmn", process)
            assert definition is not None
            session.add(
                Instance(
                    id=f"{process}:{key}", process_id=process, graph_hash=definition.hash, pack=PACK,
                    business_key=key, channel="CREDIT_NM", variables=codec.dump_variables(given), created_at=now,
                )
            )  # fmt: skip
        return f"{process}:{key}"

    async def begin(self, process: str = "three", *, each_step: bool = False, **variables: Any) -> str:
        instance_id = await self.row(process, **variables)
        await self.start(instance_id, each_step=each_step)
        return instance_id

    async def start(self, instance_id: str, *, each_step: bool = False, semantics: int = 1) -> bool:
        async with self.stores.sessions() as session:
            row = await session.get(Instance, instance_id)
            assert row is not None
            graph = await self.stores.definitions.graph(session, row.graph_hash)
        given = messages.ProcessStart(row.id, row.graph_hash, row.process_id, row.business_key, row.variables)
        given = replace(given, continue_each_step=each_step, semantics=semantics)
        return await calls.start(self.client, self.queue, given, GraphSet({graph.hash: graph}))

    async def answer(self, instance_id: str) -> None:
        """The answer of a job that was to come later."""
        token = self.script.tokens.pop(instance_id)
        await self.client.get_async_activity_handle(task_token=token).complete(contracts.JobResult())

    def handle(self, instance_id: str) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle(instance_id)

    async def position(self, instance_id: str) -> messages.Position:
        return await self.handle(instance_id).query(messages.QUERY_STATE, result_type=messages.Position)

    async def quiet(self, *instance_ids: str) -> None:
        """Until nothing is left to do before someone acts or a timer's instant comes."""
        for instance_id in instance_ids:
            pause = POLL_S
            async with asyncio.timeout(PATIENCE_S):
                while not await self._rests(instance_id):
                    # The state is in other processes; each look is a query that the worker answers beside its work.
                    await asyncio.sleep(pause)
                    pause = min(pause * 1.5, SLOWEST_POLL_S)

    async def _rests(self, instance_id: str) -> bool:
        handle = self.handle(instance_id)
        try:
            description = await handle.describe()
            if description.status != WorkflowExecutionStatus.RUNNING:
                return True
            position = await handle.query(messages.QUERY_STATE, result_type=messages.Position)
        except RPCError as error:
            if error.status in BETWEEN_RUNS:
                return False
            raise
        # With continue_each_step a run is at rest only after it has renewed itself; its first task says so.
        return position.quiet or position.halted is not None

    async def forward(self, instance_id: str, delta: timedelta) -> None:
        assert self.environment is not None, "only the server that skips time can be forwarded"
        skipping = self.environment.client.get_workflow_handle(instance_id)
        await self.environment.fast_forward(skipping, delta)
        await self.quiet(instance_id)

    async def rows(self, kind: type[Row], instance_id: str) -> Sequence[Row]:
        order = kind.__table__.primary_key.columns.values()
        async with self.stores.sessions() as session:
            return (await session.scalars(select(kind).filter_by(instance_id=instance_id).order_by(*order))).all()

    async def instance(self, instance_id: str) -> Instance:
        async with self.stores.sessions() as session:
            return await session.get_one(Instance, instance_id)

    async def open_tasks(self, instance_id: str) -> list[str]:
        return [task.element_id for task in await self.rows(Task, instance_id) if task.status == "open"]

    async def completion(self, instance_id: str, element: str, **variables: Any) -> Event:
        tasks = [task for task in await self.rows(Task, instance_id) if task.element_id == element]
        return TaskCompleted(tasks[-1].key, variables)

    async def note(self, instance_id: str, message_id: str) -> Event:
        (catch,) = [row for row in await self.rows(Subscription, instance_id) if row.message_name == "note"]
        return MessageDelivered(catch.key, message_id)

    async def send(self, instance_id: str, event: Event, submission_id: str = "") -> calls.Outcome:
        submit = messages.Submit(submission_id or f"s-{next(_numbers)}", codec.dump_event(event), "tester")
        return await calls.submit(self.client, instance_id, submit)

    async def operate(self, instance_id: str, event: Event) -> calls.Outcome:
        wanted = messages.Operate(f"o-{next(_numbers)}", codec.dump_event(event), "operator", "test")
        return await calls.operate(self.client, instance_id, wanted)

    async def complete(self, instance_id: str, element: str, **variables: Any) -> calls.Outcome:
        outcome = await self.send(instance_id, await self.completion(instance_id, element, **variables))
        await self.quiet(instance_id)
        return outcome

    async def story(self, instance_id: str) -> list[list[Any]]:
        """What happened, without instants: the kinds of event and the trace of each step."""
        steps = await self.rows(LoggedStep, instance_id)
        return [[type(codec.load_event(step.event)).__name__, step.trace] for step in steps]

    async def clocks(self, instance_id: str) -> list[tuple[str, str, int, Any]]:
        return [(row.name, row.status, row.revision, row.due) for row in await self.rows(Deadline, instance_id)]


@asynccontextmanager
async def shell_on(
    dsn: str, target: str, queue: str, environment: WorkflowEnvironment | None = None
) -> AsyncIterator[Shell]:
    engine = engine_for(dsn)
    stores = make_stores(engine, b"v" * 32)

    async def load(hash_: str) -> Graph:
        async with stores.sessions() as session:
            return await stores.definitions.graph(session, hash_)

    client = await Client.connect(target, namespace=NAMESPACE, data_converter=data_converter((KEY,), load))
    assert stores.definitions.graphs is GRAPHS
    async with stores.sessions.begin() as session:
        await deploy(session, PACK, sorted(MODELS.glob("*.bpmn")), datetime.now(UTC))
    try:
        yield Shell(stores, client, queue, environment)
    finally:
        await engine.dispose()
