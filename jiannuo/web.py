"""The web process: the application with real stores, the real Temporal client and its probes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import uvicorn
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

from activities import letter_facts
from activities.letter_facts_file import open_file
from activities.letter_text import texts_of
from activities.stores import Stores
from api.app import create_app
from api.ports import Sent
from api.services import Services
from cases.engine_words import REFUSALS
from cases.errors import Conflict
from cases.policy.loader import load
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.letters import Letter
from jiannuo.compose import connect_temporal, settle, stores_for
from jiannuo.listening import listen, serve_until
from jiannuo.message_senders import message_senders
from jiannuo.settings import Settings
from notifications.errors import LetterError
from notifications.letters.fonts import load_fonts
from notifications.letters.typeset import render_pdf
from workflows import client as calls
from workflows import messages

ENDED = "案件已经办理终结，不能再作出这一办理动作。"
STOPPED = "案件没有正在运行的流程。请先运行 jiannuo reconcile，再处置。"
# A poll lasts a minute; whoever has not come back for two has gone.
POLLED = timedelta(minutes=2)


@dataclass(frozen=True)
class TemporalCases:
    """``CaseClient`` over the Updates of the running executions."""

    client: Client
    stores: Stores

    async def send(self, submission_id: str, instance_id: str, event: str, actor: str) -> Sent:
        outcome = await calls.submit(self.client, instance_id, messages.Submit(submission_id, event, actor))
        match outcome:
            case calls.Accepted(step=step):
                return Sent(step, pending=step is None)
            case calls.Refused(sentence=sentence):
                raise Conflict(sentence)
        # Gone: a complaint of a moment ago that the relay has not started yet is not over.
        async with self.stores.sessions() as session:
            instance = await session.get(Instance, instance_id)
        if instance is not None and instance.status == "starting":
            return Sent(None, pending=True)
        raise Conflict(ENDED)


    async def operate(self, operation_id: str, instance_id: str, event: str, actor: str, reason: str) -> Sent:
        message = messages.Operate(operation_id, event, actor, reason)
        outcome = await calls.operate(self.client, instance_id, message)
        match outcome:
            case calls.Accepted(step=step):
                return Sent(step, pending=step is None)
            case calls.Refused(rule=rule, sentence=sentence):
                raise Conflict(REFUSALS.get(rule, sentence))
        raise Conflict(STOPPED)


@dataclass(frozen=True)
class TypesetLetters:
    """``LetterSheets`` with the same facts, words and sheet as at issue."""

    stores: Stores

    async def pdf(self, session: AsyncSession, letter: Letter, body: str | None) -> bytes | None:
        instance = await session.get(Instance, letter.instance_id)
        complaint = await session.get(Complaint, letter.complaint_id)
        if instance is None or complaint is None:
            return None
        now = datetime.now(UTC) + timedelta(seconds=instance.clock_offset_s)
        texts = texts_of(load(instance.pack))
        try:
            file = await open_file(session, self.stores.vault, instance, complaint, letter, now)
            facts = await letter_facts.gather(file, texts, None)
            return await asyncio.to_thread(render_pdf, facts, texts, load_fonts(), body or letter.body)
        except LetterError as error:
            raise Conflict(str(error)) from None


def services_of(settings: Settings, stores: Stores, client: Client) -> Services:
    return Services(
        sessions=stores.sessions,
        vault=stores.vault,
        definitions=stores.definitions,
        client=TemporalCases(client, stores),
        letters=TypesetLetters(stores),
        clock=lambda: datetime.now(UTC),
        pack=settings.policy,
        senders=message_senders(settings),
        message_overdue=timedelta(seconds=settings.message_overdue_s),
        probes={"temporal": lambda: _temporal(client), "worker": lambda: _worker(settings, client)},
    )


async def _temporal(client: Client) -> str | None:
    try:
        return None if await client.service_client.check_health() else "not serving"
    except RPCError as error:
        return error.status.name


async def _worker(settings: Settings, client: Client) -> str | None:
    try:
        answer = await client.workflow_service.describe_task_queue(
            DescribeTaskQueueRequest(
                namespace=client.namespace,
                task_queue=TaskQueue(name=settings.temporal_task_queue),
                task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
            )
        )
    except RPCError as error:
        return error.status.name
    since = datetime.now(UTC) - POLLED
    polled = any(poller.last_access_time.ToDatetime(UTC) > since for poller in answer.pollers)
    return None if polled else "no worker polls"


async def run_api(settings: Settings, stop: asyncio.Event, ready: Callable[[], None]) -> None:
    """Serves until ``stop`` is set, then answers what it has begun. ``ready`` is called once the port listens."""
    async with stores_for(settings) as stores:
        client = await connect_temporal(settings, stores)
        config = uvicorn.Config(
            create_app(services_of(settings, stores, client)), log_config=None, access_log=False, server_header=False,
            timeout_graceful_shutdown=20, proxy_headers=True,
        )  # fmt: skip
        settle()
        await serve_until(stop, config, listen(settings.host, settings.port), ready)
