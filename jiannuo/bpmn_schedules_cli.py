"""`jiannuo bpmn schedules`: which processes begin by a timer, when next, and an operator's acts on that."""

from __future__ import annotations

import getpass
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from typer import echo

from bpmn.json_text import dumps
from cases.engine_words import START_STATUSES

app = typer.Typer(name="schedules", help="Processes that begin by a timer: list, pause, resume, start now.")

ZONE = ZoneInfo("Asia/Shanghai")
Pack = Annotated[str | None, typer.Option(help="The policy pack; JIANNUO_POLICY if not named.")]
Json = Annotated[bool, typer.Option("--json", help="Print a JSON list.")]
Schedule = Annotated[str, typer.Argument(help="Its id, as the list shows it.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit log.")]


@app.callback(invoke_without_command=True)
def list_(context: typer.Context, pack: Pack = None, as_json: Json = False) -> None:
    """Every timer start of the newest versions: next start, last start (Asia/Shanghai), and what it began."""
    if context.invoked_subcommand is not None:
        return
    # Here, since checking and dry-running a model must not wait for the database's libraries.
    from cases.queries.start_schedules import Scheduled, start_schedules
    from jiannuo.on_servers import with_stores

    async def act(stores: Any, settings: Any) -> list[Scheduled]:
        async with stores.sessions() as session:
            return await start_schedules(session, stores.definitions, pack or settings.policy)

    found = with_stores(act)
    if as_json:
        echo(dumps([plain(one) for one in found]))
        return
    for line in lines(found):
        echo(line)
    if not found:
        echo("没有定时启动的流程。No process of this pack begins by a timer.")


@app.command()
def pause(schedule: Schedule, reason: Reason) -> None:
    """Begin nothing until it is resumed; what falls due meanwhile is not begun later."""
    _act(schedule, "pause", reason)


@app.command()
def resume(schedule: Schedule, reason: Reason) -> None:
    """Go on with the next instant that is still to come."""
    _act(schedule, "resume", reason)


@app.command("start")
def start_now(schedule: Schedule, reason: Reason) -> None:
    """Begin one now; the plan stays as it is."""
    _act(schedule, "start", reason)


def lines(found: Iterable[Any]) -> Iterable[str]:
    for one in found:
        status = START_STATUSES[one.status]
        yield f"{one.process_id} version {one.version}  {one.start_event}  {one.timer}  {status}  {one.id}"
        last = f"{_told(one.last_at)} {one.last_instance_id} ({one.last_status})" if one.last_at else "—"
        yield f"    下次 next {_told(one.next_at)}    上次 last {last}"


def plain(one: Any) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(one).items()
    }


def _told(at: datetime | None) -> str:
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M:%S}" if at else "—"


def _act(schedule: str, wanted: str, reason: str) -> None:
    from cases.start_schedule_acts import act
    from jiannuo.on_servers import with_stores

    async def run(stores: Any, settings: Any) -> str:
        async with stores.sessions.begin() as session:
            operator = f"operator:{getpass.getuser()}"
            row = await act(session, schedule, wanted, reason, operator, datetime.now(UTC))
            if wanted == "start":
                return f"begun: {row.last_instance_id}"
            return f"{START_STATUSES[row.status]}    下次 next {_told(row.next_at)}"

    echo(with_stores(run))
