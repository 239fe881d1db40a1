"""`jiannuo reconcile`: bring Temporal and the step log together after a restore, and say what was found."""

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import asdict
from typing import Annotated

import typer

from jiannuo.compose import connect_temporal, stores_for
from jiannuo.endpoints import connected, with_endpoints
from jiannuo.logs import configure_logs
from jiannuo.reconcile import Finding, Reconciler
from jiannuo.settings import Settings, load_settings
from jiannuo.worker import make_worker

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def reconcile(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    worker: Annotated[bool, typer.Option("--worker", help="Run a worker meanwhile, where none runs.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """Compare every instance with its execution; mend what can be mended. Exit status 1 if something needs a person."""
    settings = load_settings()
    configure_logs(settings.log_format, "warning")
    findings = asyncio.run(_reconcile(with_endpoints(settings, connected(settings)), dry_run, worker, as_json))
    if not findings and not as_json:
        print("Temporal and the step log agree.")
    if any(finding.open for finding in findings):
        raise typer.Exit(1)


async def _reconcile(settings: Settings, dry_run: bool, worker: bool, as_json: bool) -> list[Finding]:
    findings = []
    async with AsyncExitStack() as stack:
        stores = await stack.enter_async_context(stores_for(settings))
        client = await connect_temporal(settings, stores)
        if worker:
            await stack.enter_async_context(make_worker(client, stores, settings.temporal_task_queue))
        reconciler = Reconciler(stores, client, settings.temporal_task_queue, dry_run, settings.semantics)
        async for finding in reconciler.all():
            findings.append(finding)
            print(json.dumps(asdict(finding), ensure_ascii=False) if as_json else _line(finding), flush=True)
    return findings


def _line(finding: Finding) -> str:
    return f"{finding.instance_id}: {finding.found} {'NEEDS A PERSON' if finding.open else finding.done}".rstrip()
