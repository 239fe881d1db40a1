"""`jiannuo bpmn instances|start|complete`: executions that belong to no case, and an operator's acts on them."""

from __future__ import annotations

import getpass
import secrets
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from typer import echo

from bpmn.json_text import dumps

# Here as in the other commands of `bpmn`: the libraries of the servers are imported when one is asked, since checking
# and dry-running a model must not wait for them.
ZONE = ZoneInfo("Asia/Shanghai")
SHOWN = ("running", "stuck", "completed", "cancelled", "any")
Pack = Annotated[str | None, typer.Option(help="The policy pack; JIANNUO_POLICY if not named.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit log.")]
Variables = Annotated[str, typer.Option("--vars", help="Variables as a JSON object; no personal data.")]


def instances(
    process: Annotated[str, typer.Option(help="Of this process only.")] = "",
    show: Annotated[str, typer.Option(help=f"One of {', '.join(SHOWN)}.")] = SHOWN[0],
    everything: Annotated[bool, typer.Option("--all", help="Those of cases as well.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 200,
    as_json: Json = False,
) -> None:
    """Executions that belong to no case, the newest first: begun when and by what, and what they wait for."""
    if show not in SHOWN:
        raise typer.BadParameter(f"choose one of {', '.join(SHOWN)}", param_hint="--show")
    from cases.queries.instances import InstanceFilter, InstanceRow
    from cases.queries.instances import instances as listed
    from jiannuo.on_servers import with_stores

    async def ask(stores: Any, settings: Any) -> list[InstanceRow]:
        async with stores.sessions() as session:
            wanted = InstanceFilter(show, process or None, everything, size=limit)
            return list((await listed(session, stores.definitions, wanted)).rows)

    found = with_stores(ask)
    if as_json:
        echo(dumps([_plain(asdict(row)) for row in found]))
        return
    for line in (line for row in found for line in _lines(row)):
        echo(line)
    if not found:
        echo("没有这样的流程实例。There is none of this kind.")


def start(
    process: Annotated[str, typer.Argument(help="Its id, as `jiannuo bpmn list` shows it.")],
    reason: Reason,
    key: Annotated[str, typer.Option(help="Correlation key that its messages name; made up if left out.")] = "",
    variables: Variables = "{}",
    pack: Pack = None,
    as_json: Json = False,
) -> None:
    """Begin the newest version at its none start event; none of the pack's procedure, since those belong to cases."""
    from cases.begin_by_hand import begin_by_hand
    from jiannuo.on_servers import with_stores

    async def act(stores: Any, settings: Any) -> str:
        async with stores.sessions.begin() as session:
            row = await begin_by_hand(
                session, stores.definitions, pack or settings.policy, process, key, variables, secrets.token_hex(8),
                _operator(), reason, datetime.now(UTC),
            )  # fmt: skip
            return row.id

    id_ = with_stores(act)
    echo(dumps({"id": id_}) if as_json else f"begun: {id_}")


def complete(
    instance: Annotated[str, typer.Argument(help="The instance, as `jiannuo bpmn instances` names it.")],
    task: Annotated[str, typer.Argument(help="The number of an open task, or its element's id.")],
    reason: Reason,
    variables: Variables = "{}",
    act: Annotated[str, typer.Option(help="Which of the task's acts, if it has any.")] = "",
    error: Annotated[str, typer.Option(help="End it by this BPMN error instead.")] = "",
    escalate: Annotated[str, typer.Option(help="Raise this escalation instead.")] = "",
    as_json: Json = False,
) -> None:
    """Complete a task of an execution that belongs to no case. It cannot be undone."""
    if error and escalate:
        raise typer.BadParameter("give --error or --escalate, not both")
    from cases.instance_acts import COMPLETE, ERROR, ESCALATE, TaskAnswer
    from jiannuo.on_servers import with_servers

    outcome = ERROR if error else ESCALATE if escalate else COMPLETE
    answer = TaskAnswer(outcome, act, variables, error or escalate)

    async def tell(stores: Any, client: Any, settings: Any) -> int:
        return await answer_task(stores, client, instance, task, answer, reason)

    step = with_servers(tell)
    echo(dumps({"step": step}) if as_json else f"done, in step {step}")


async def answer_task(stores: Any, client: Any, instance_id: str, task: str, answer: Any, reason: str) -> int:
    """``task``: its number or its element. Returns the step. Raises Problem and OperationRefused."""
    from cases.instance_acts import open_task, task_event, task_form, task_named, without_case
    from cases.operations import required_reason
    from jiannuo.incidents import operate

    why, id_ = required_reason(reason), secrets.token_hex(12)
    async with stores.sessions() as session:
        row = await without_case(session, instance_id)
        found = await open_task(session, instance_id, await task_named(session, instance_id, task))
        form = await task_form(session, stores.definitions, row, found)
        now = datetime.now(UTC) + timedelta(seconds=row.clock_offset_s)
        event = task_event(found, form, answer, id_, now)
    return await operate(stores, client, instance_id, event, _operator(), why, id_)


def _operator() -> str:
    return f"operator:{getpass.getuser()}"


def _lines(row: Any) -> Iterable[str]:
    stuck = f"  {row.incidents} incidents" if row.incidents else ""
    begun = f"begun {_at(row.begun_at)} by {row.begun_by}"
    yield f"{row.id}  {row.process}  [{row.case_no or row.key}]  {row.status}  {begun}{stuck}"
    for wait in row.waits:
        when = f"until {_at(wait.until)}" if wait.until else f"since {_at(wait.since)}" if wait.since else ""
        yield f"    {wait.kind} {wait.key} {wait.element} {wait.name}  {when}".rstrip()


def _at(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M:%S}"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value
