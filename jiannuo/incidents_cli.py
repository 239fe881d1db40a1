"""`jiannuo incidents`: what stands still, and an operator's retry, skip, move, edit of variables or undoing."""

import getpass
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated

import typer
from temporalio.client import Client

from activities.stores import Stores
from bpmn import codec
from bpmn.events import ElementSkipped, Event, IncidentRetried, TokenMoved, VariablesEdited
from bpmn.values import Json
from jiannuo.incidents import open_incidents, operate, undo
from jiannuo.on_servers import with_servers, with_stores

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
Instance = Annotated[str, typer.Argument(help="The instance, as the list names it.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit log.")]
Variables = Annotated[str, typer.Option("--vars", help="Variables as a JSON object.")]


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="A JSON list.")] = False) -> None:
    """Open incidents, the oldest first. Exit status 1 if there are any."""
    found = with_stores(lambda stores, settings: open_incidents(stores))
    if as_json:
        print(json.dumps([asdict(stuck) for stuck in found], ensure_ascii=False, default=str))
    for stuck in [] if as_json else found:
        where = f"{stuck.instance_id} #{stuck.key} token {stuck.token} {stuck.case_no or ''}"
        print(f"{where} {stuck.element} {stuck.name} [{stuck.rule}] {stuck.reason}")
    if not found and not as_json:
        print("Nothing stands still.")
    raise typer.Exit(1 if found else 0)


@app.command()
def retry(instance: Instance, key: int, reason: Reason) -> None:
    """Try again what failed."""
    _operate(instance, IncidentRetried(key), reason)


@app.command()
def skip(instance: Instance, token: int, reason: Reason, variables: Variables = "{}") -> None:
    """Complete the element the token stands on without doing its work, with these variables."""
    _operate(instance, ElementSkipped(token, _variables(variables)), reason)


@app.command()
def move(instance: Instance, token: int, element: str, reason: Reason) -> None:
    """Place the token on another element of its scope."""
    _operate(instance, TokenMoved(token, element), reason)


@app.command()
def edit(instance: Instance, scope: int, reason: Reason, variables: Variables) -> None:
    """Set variables of a scope (1 is the process itself)."""
    _operate(instance, VariablesEdited(scope, _variables(variables)), reason)


@app.command("undo")
def undo_(instance: Instance, reason: Reason) -> None:
    """Take the last act back: refused once another step has followed, or an effect outside has happened."""
    _perform(reason, lambda stores, client, operator: undo(stores, client, instance, operator, reason))


def _variables(text: str) -> dict[str, Json]:
    try:
        found = codec.load_variables(text)
    except ValueError as error:
        raise typer.BadParameter(f"not a JSON object: {error}", param_hint="--vars") from None
    if not isinstance(found, dict):
        raise typer.BadParameter('write a JSON object, such as {"days": 30}', param_hint="--vars")
    return found


def _operate(instance: str, event: Event, reason: str) -> None:
    _perform(reason, lambda stores, client, operator: operate(stores, client, instance, event, operator, reason))


def _perform(reason: str, act: Callable[[Stores, Client, str], Awaitable[int]]) -> None:
    if not reason.strip():
        raise typer.BadParameter("say why in a few words", param_hint="--reason")
    operator = f"operator:{getpass.getuser()}"
    step = with_servers(lambda stores, client, settings: act(stores, client, operator))
    print(f"done, in step {step}")
