"""`jiannuo feel`: evaluate one expression, or unary tests, from the command line."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bpmn.feel.api import (
    FeelError,
    FeelSyntaxError,
    Result,
    compile_expression,
    compile_unary_tests,
    evaluate,
    text_of,
    to_json,
)
from jiannuo.feel_sentences import explained

ZONE = ZoneInfo("Asia/Shanghai")


def feel(
    expression: Annotated[str, typer.Argument(help="A FEEL expression; a leading '=' is taken off.")],
    context: Annotated[str, typer.Option(help="The variables, as a JSON object.")] = "{}",
    unary: Annotated[str | None, typer.Option(help="Take EXPR as unary tests of this JSON value.")] = None,
    now: Annotated[str | None, typer.Option(help="The instant for now() and today(), ISO 8601.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object with value and warnings.")] = False,
) -> None:
    """Evaluate a FEEL expression of DMN 1.5."""
    variables = json_object(context, "--context")
    moment = instant(now)
    try:
        result = _evaluated(expression.removeprefix("="), variables, unary, moment)
    except FeelSyntaxError as error:
        raise fail(explained(error)) from error
    except FeelError as error:
        raise fail(str(error)) from error
    show(result.value, result.warnings, {}, as_json)


app = typer.Typer(add_completion=False)
app.command()(feel)


def _evaluated(text: str, variables: dict[str, Any], unary: str | None, moment: datetime) -> Result:
    names, members = frozenset(variables), frozenset(_names(variables))
    if unary is None:
        compiled = compile_expression(text, names, members=members)
    else:
        compiled = compile_unary_tests(text, names, members=members)
        variables = {**variables, "?": _json(unary, "--unary")}
    return evaluate(compiled, variables, now=moment, zone=ZONE)


def _names(value: Any) -> list[str]:
    """Keys at any depth: those with spaces are read as names after a '.'."""
    if isinstance(value, dict):
        return [*value, *(name for item in value.values() for name in _names(item))]
    return [name for item in value for name in _names(item)] if isinstance(value, list) else []


def json_object(text: str, option: str) -> dict[str, Any]:
    value = _json(text, option)
    if not isinstance(value, dict):
        raise fail(f'{option} takes a JSON object such as {{"a": 1}}, not {type(value).__name__}.')
    return value


def _json(text: str, option: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise fail(f"{option} is no JSON: {error}.") from error


def instant(text: str | None) -> datetime:
    """A time without an offset is read in the zone of the procedure."""
    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise fail(f"--now takes an ISO 8601 instant such as 2026-09-18T10:00:00+08:00, not '{text}'.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def show(value: Any, warnings: tuple[str, ...], more: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"value": to_json(value), "warnings": list(warnings), **more}, ensure_ascii=False))
        return
    typer.echo(text_of(value))
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)


def fail(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(1)
