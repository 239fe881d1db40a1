"""What a dry run says at the terminal, and what it asks there: each step, the prompt, how it ended."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from bpmn import codec
from bpmn.commands import CreateTask, OpenSubscription
from bpmn.events import Event, MessageDelivered, TaskCompleted
from bpmn.json_text import dumps, loads
from bpmn.step import TraceEntry
from jiannuo.bpmn_dry_run import DryRun
from jiannuo.bpmn_played import Played


def print_step(dry: DryRun, entries: Sequence[TraceEntry]) -> None:
    for entry in entries:
        node = dry.graphs[entry.graph_hash].node(entry.element_id)
        name = f" {node.name}" if node is not None and node.name else ""
        detail = f" ({entry.detail})" if entry.detail else ""
        typer.echo(f"{dry.now:%Y-%m-%d %H:%M:%S}  {entry.kind:9}  {entry.element_id}{name}{detail}")


def prompt(dry: DryRun) -> tuple[Played, Event] | None:
    """`element or message name` and, after it, variables as JSON; an empty line lets time pass."""
    waiting = [(one, key, command) for one in dry.played if one.running for key, command in one.open.items()]
    tasks = {command.element_id: (one, key) for one, key, command in waiting if isinstance(command, CreateTask)}
    messages = {
        command.message_name: (one, key) for one, key, command in waiting if isinstance(command, OpenSubscription)
    }
    if not tasks and not messages:
        return None
    typer.echo(f"waiting for tasks {', '.join(tasks) or '—'}; messages {', '.join(messages) or '—'}")
    while True:
        try:
            line = input("> ").strip()
        except EOFError:
            return None
        name, _, text = line.partition(" ")
        if not name:
            return None
        try:
            given = loads(text) if text.strip() else {}
        except ValueError:
            typer.echo('Write: NAME {"variable": value}')
            continue
        if name in tasks:
            return tasks[name][0], TaskCompleted(tasks[name][1], given)
        if name in messages:
            return messages[name][0], MessageDelivered(messages[name][1], "prompt", given)
        typer.echo(f"Nothing waits for {name}.")


def report(dry: DryRun, as_json: bool) -> None:
    first = dry.played[0] if dry.played else Played(0, "", "")
    incidents = [
        {"element_id": one.element, "rule": one.rule, "reason": one.reason}
        for played in dry.played
        if played.state is not None
        for one in played.state.incidents.values()
    ]
    waiting = sorted(
        command.element_id
        for played in dry.played
        if played.running
        for command in played.open.values()
        if isinstance(command, CreateTask)
    )
    if as_json:
        trace = [{"at": at.isoformat(), "instance": number, **codec.to_plain(entry)} for at, number, entry in dry.trace]
        for entry in trace:
            entry.pop("class")
        typer.echo(
            dumps(
                {
                    "status": dry.status,
                    "trace": trace,
                    "variables": first.variables,
                    "incidents": incidents,
                    "tasks": waiting,
                    "instances": [
                        {
                            "process": one.process_id,
                            "business_key": one.business_key,
                            "status": one.status,
                            "variables": one.variables,
                        }
                        for one in dry.played
                    ],
                }
            )
        )
        return
    typer.echo(f"status: {dry.status}")
    typer.echo(f"variables: {dumps(first.variables)}")
    for other in dry.played[1:]:
        typer.echo(f"{other.process_id}: {other.status} {dumps(other.variables)}")
    for incident in incidents:
        typer.echo(f"incident at {incident['element_id']}: {incident['reason']}")
    if waiting:
        typer.echo(f"waiting for: {', '.join(waiting)}")
