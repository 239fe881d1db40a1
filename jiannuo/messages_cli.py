"""`jiannuo messages`: what waits between processes; an operator sends, drops, brings back and hands over."""

import getpass
import json
import secrets
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from temporalio.client import Client

from activities.stores import Stores
from cases import message_acts
from cases.message_sending import Outside, Said, outcome
from cases.queries import messages as queries
from cases.queries.messages import SHOWN, CatchRow, MessageFilter, MessageRow
from jiannuo.correlator import Correlator
from jiannuo.on_servers import with_servers, with_stores
from jiannuo.settings import Settings

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
Id = Annotated[str, typer.Argument(help="The message, as the list names it.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit log.")]
AsJson = Annotated[bool, typer.Option("--json", help="A JSON document.")]


@app.command("list")
def list_(
    show: Annotated[str, typer.Option(help=f"One of {', '.join(SHOWN)}.")] = SHOWN[0],
    name: Annotated[str, typer.Option(help="Of this name only.")] = "",
    key: Annotated[str, typer.Option(help="Of this key only.")] = "",
    case: Annotated[str, typer.Option(help="Of this case number or instance only.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 200,
    as_json: AsJson = False,
) -> None:
    """Messages that wait (or what --show says), the oldest first. Of variables the names only."""
    if show not in SHOWN:
        raise typer.BadParameter(f"choose one of {', '.join(SHOWN)}", param_hint="--show")
    wanted = MessageFilter(show, name or None, key or None, case or None, size=limit)

    async def ask(stores: Stores, settings: Settings) -> list[Any]:
        async with stores.sessions() as session:
            return list((await queries.listed(session, stores.definitions, wanted)).rows)

    found = with_stores(ask)
    if as_json:
        print(json.dumps([asdict(row) for row in found], ensure_ascii=False, default=str))
        return
    for row in found:
        print(_line(row))
    if not found:
        print("Nothing of this kind.")


@app.command()
def send(
    name: Annotated[str, typer.Argument(help="As the message or signal is called in the model.")],
    reason: Reason,
    key: Annotated[str, typer.Option(help="Correlation key; a signal has none.")] = "",
    signal: Annotated[bool, typer.Option("--signal", help="A signal, to all who wait for it.")] = False,
    variables: Annotated[str, typer.Option("--vars", help="Variables as a JSON object; no personal data.")] = "{}",
    time_to_live: Annotated[str, typer.Option(help="How long it is kept, such as PT2H; 24 hours if left out.")] = "",
    message_id: Annotated[str, typer.Option(help="Sent again under this id, it is the same message.")] = "",
    as_json: AsJson = False,
) -> None:
    """Send a message or signal by hand. Whoever waits gets it at once, which cannot be undone."""
    kind, id_ = ("signal" if signal else "message"), message_id or secrets.token_hex(12)

    async def act(stores: Stores, client: Client, settings: Settings) -> Said:
        given = Outside(settings.policy, name, key, kind, id_, time_to_live or None, variables)
        async with stores.sessions.begin() as session:
            said = await message_acts.send(session, stores.definitions, given, _operator(), reason, _now())
        return await _carried(stores, client, said.id)

    _tell(with_servers(act), as_json)


@app.command()
def drop(message: Id, reason: Reason, as_json: AsJson = False) -> None:
    """Let nobody have a message that waits. `restore` brings it back."""
    _tell(with_stores(lambda stores, settings: _settle(stores, message_acts.drop, message, reason)), as_json)


@app.command()
def restore(message: Id, reason: Reason, as_json: AsJson = False) -> None:
    """Let a dropped or expired message wait again."""
    _tell(with_stores(lambda stores, settings: _settle(stores, message_acts.restore, message, reason)), as_json)


@app.command()
def deliver(
    message: Id,
    instance: Annotated[str, typer.Argument(help="The instance, as `list --show waiting` names it.")],
    catch: Annotated[int, typer.Argument(help="The number of its catch.")],
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """Hand a message that waits to an execution that waits for its name, whatever its key. It cannot be undone."""

    async def act(stores: Stores, client: Client, settings: Settings) -> Said:
        async with stores.sessions.begin() as session:
            await message_acts.deliver(session, message, instance, catch, _operator(), reason, _now())
        return await _carried(stores, client, message)

    _tell(with_servers(act), as_json)


async def _settle(stores: Stores, act: Any, message: str, reason: str) -> Said:
    async with stores.sessions.begin() as session:
        await act(session, message, _operator(), reason, _now())
        return await outcome(session, message)


async def _carried(stores: Stores, client: Client, message: str) -> Said:
    """After one round of the correlator, as one beside a worker goes it, so that the answer says how it came out."""
    await Correlator(stores, client).once(_now())
    async with stores.sessions() as session:
        return await outcome(session, message)


def _operator() -> str:
    return f"operator:{getpass.getuser()}"


def _now() -> datetime:
    return datetime.now(UTC)


def _line(row: MessageRow | CatchRow) -> str:
    if isinstance(row, CatchRow):
        where = f"{row.instance_id} {row.catch} {row.case_no or ''}"
        return f"{where} {row.kind} {row.name} [{row.key}] {row.element} since {row.since:%Y-%m-%d %H:%M}"
    said = f"{row.id} {row.kind} {row.name} [{row.key}] from {row.instance_id or row.sender} {row.case_no or ''}"
    going = f" to {row.to_instance}, tried {row.tries} times" if row.to_instance else ""
    until = f" until {row.until:%Y-%m-%d %H:%M}" if row.status == "buffered" else ""
    return f"{said} {row.status} since {row.since:%Y-%m-%d %H:%M}{until}{going} vars: {' '.join(row.variables)}"


def _tell(said: Said, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"id": said.id, "outcome": said.outcome, "instances": said.instances}))
    else:
        print(f"{said.id}: {said.outcome} {' '.join(said.instances)}".rstrip())
