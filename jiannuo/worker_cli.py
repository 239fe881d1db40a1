"""`jiannuo worker`: one worker against the servers that the settings name."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime, timedelta

import typer
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from jiannuo.errors import JiannuoError
from jiannuo.run import WORKER
from jiannuo.service_loop import run_until_signalled
from jiannuo.settings import Settings, load_settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
# A poll lasts a minute; whoever has not come back for two has gone.
FRESH = timedelta(minutes=2)


@app.command()
def worker(
    check: bool = typer.Option(False, "--check", help="Ask Temporal whether this host's worker polls, and end."),
) -> None:
    """Run executions and activities, the relay, and what is shared."""
    if check:
        asyncio.run(_check(load_settings()))
    else:
        run_until_signalled(WORKER)


async def _check(settings: Settings) -> None:
    if settings.temporal_address is None:
        raise JiannuoError("No Temporal server is named in JIANNUO_TEMPORAL_ADDRESS.")
    client = await Client.connect(settings.temporal_address, namespace=settings.temporal_namespace)
    answer = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=settings.temporal_namespace,
            task_queue=TaskQueue(name=settings.temporal_task_queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
    )
    host, since = socket.gethostname(), datetime.now(UTC) - FRESH
    polling = [
        poller
        for poller in answer.pollers
        if poller.identity.endswith(f"@{host}") and poller.last_access_time.ToDatetime(UTC) > since
    ]
    if not polling:
        raise JiannuoError(f"No worker of {host} polls the task queue {settings.temporal_task_queue}.")
