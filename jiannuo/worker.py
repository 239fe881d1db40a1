"""The worker process: runs executions and activities, and the relay beside them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx
from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities import answer_jobs, case_jobs, credit_jobs, letter_jobs, notify_jobs, order_jobs, share_jobs
from activities.jobs import Handler, as_activity
from activities.platforms.port import PlatformPort
from activities.record import Recording
from activities.reports import Reports
from activities.sharing import Sharing
from activities.stores import Stores
from jiannuo.calendar_job import CalendarJob
from jiannuo.compose import connect_temporal, stores_for
from jiannuo.correlator import Correlator
from jiannuo.courier import Courier
from jiannuo.deliveries import Deliveries
from jiannuo.mail import gateway_channel, mail_channel
from jiannuo.message_upkeep import MessageUpkeep
from jiannuo.migration_job import MigrationJob
from jiannuo.platform_watch import PlatformWatch
from jiannuo.platforms import platform_ports
from jiannuo.relay import Relay
from jiannuo.schedules import ensure_schedules, packs_in_use
from jiannuo.settings import Settings
from jiannuo.stall_watch import StallWatch
from jiannuo.timer_starter import TimerStarter
from workflows.process import Process
from workflows.reports import Delivery, ReportDay, ReportPeriod

WORKFLOWS = (Process, Delivery, ReportDay, ReportPeriod)
GRACE = timedelta(seconds=30)
CACHED_EXECUTIONS = 2_000
# A poll in flight holds one of the worker's hundred places for workflow tasks. Scaled up after a burst, those of the
# worker's own (sticky) queue took all of them, and what another worker had left in the common queue waited for minutes.
WORKFLOW_POLLERS = 20

# Ours are pure (held by tests) and loaded once; what they import must come along, or the sandbox loads it per workflow.
PASSED_THROUGH = ("bpmn", "workflows", "activities", "lxml", "tzdata", "jiannuo")


def job_handlers() -> dict[str, Handler]:
    tables = (answer_jobs, case_jobs, credit_jobs, letter_jobs, notify_jobs, order_jobs, share_jobs)
    return {type_: handler for module in tables for type_, handler in module.HANDLERS.items()}


def activities_of(stores: Stores, ports: Mapping[str, PlatformPort]) -> list[Callable[..., Any]]:
    recording, sharing, reports = Recording(stores), Sharing(stores, ports), Reports(stores)
    return [
        recording.record,
        recording.confirm_deadline,
        sharing.deliver,
        sharing.warn,
        reports.compose,
        reports.alert,
        reports.escalate,
        reports.draft,
        *(as_activity(type_, handler, stores) for type_, handler in job_handlers().items()),
    ]


def make_worker(
    client: Client,
    stores: Stores,
    task_queue: str,
    *,
    cached: int = CACHED_EXECUTIONS,
    ports: Mapping[str, PlatformPort] | None = None,
) -> Worker:
    """Without ``ports`` what is shared waits, visibly, until a worker has them."""
    activities = activities_of(stores, {} if ports is None else ports)
    return worker_for(client, task_queue, WORKFLOWS, activities, cached=cached)


def worker_for(
    client: Client,
    task_queue: str,
    workflows: Sequence[type],
    activities: Sequence[Callable[..., Any]],
    *,
    cached: int = CACHED_EXECUTIONS,
    passed_through: Sequence[str] = PASSED_THROUGH,
) -> Worker:
    return Worker(
        client,
        task_queue=task_queue,
        workflows=workflows,
        activities=activities,
        workflow_runner=SandboxedWorkflowRunner(
            restrictions=SandboxRestrictions.default.with_passthrough_modules(*passed_through)
        ),
        max_cached_workflows=cached,
        # With the default five pollers an Update waits seconds in a burst.
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(maximum=WORKFLOW_POLLERS),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        graceful_shutdown_timeout=GRACE,
    )


async def run_worker(settings: Settings, stop: asyncio.Event, ready: Callable[[], None]) -> None:
    """Polls until ``stop`` is set, then finishes what it has begun. ``ready`` is called once it polls."""
    async with (
        stores_for(settings) as stores,
        platform_ports(settings) as ports,
        httpx.AsyncClient(trust_env=False) as web,
    ):
        client = await connect_temporal(settings, stores)
        packs = await packs_in_use(stores, settings)
        await ensure_schedules(client, settings, packs)
        relay = Relay(stores, client, settings.temporal_task_queue, semantics=settings.semantics)
        deliveries = Deliveries(stores, client, settings.temporal_task_queue)
        calendar_job = CalendarJob(stores, client)
        migration_job = MigrationJob(stores, client)
        courier = Courier(stores, mail_channel(settings), gateway=gateway_channel(settings, web))
        async with make_worker(client, stores, settings.temporal_task_queue, ports=ports):
            ready()
            watch = PlatformWatch(stores, ports)
            correlator = Correlator(stores, client)
            kept = timedelta(days=settings.message_retention_days)
            upkeep = MessageUpkeep(stores, kept, timedelta(seconds=settings.message_overdue_s))
            starter = TimerStarter(stores)
            stalls = StallWatch(stores, packs)
            jobs = (
                relay, correlator, starter, deliveries, courier, calendar_job, migration_job, watch, upkeep, stalls,
            )  # fmt: skip
            await asyncio.gather(*(job.run(stop) for job in jobs))
