"""`jiannuo bpmn`: check, dry-run, compare, deploy and migrate process models, when they begin by a
timer, and what runs without a case.

Exit codes: 0 done; 1 refused, or differences found; 2 wrong use; 3 the run waits; 4 the run has an incident.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
import yaml

from bpmn.dmn.api import Definitions, DmnError, read_together
from bpmn.elements.events import TimerDefinition
from bpmn.errors import DeploymentRefused, EventRefused, Failure, Problem
from bpmn.events import GraphRef
from bpmn.json_text import dumps, loads
from bpmn.model import Graph
from bpmn.reader.read import read
from bpmn.timer_starts import TimerStart, timer_starts
from jiannuo import bpmn_deploy_cli, bpmn_instances_cli, bpmn_migrate_cli, bpmn_schedules_cli, element_templates
from jiannuo.bpmn_diff import diff as compare
from jiannuo.bpmn_dry_run import DryRun
from jiannuo.bpmn_script import Script
from jiannuo.bpmn_terminal import print_step, prompt, report
from jiannuo.problem_words import plain, text

app = typer.Typer(name="bpmn", help="Process models.", no_args_is_help=True, add_completion=False)

app.command("deploy")(bpmn_deploy_cli.deploy)
app.command("list")(bpmn_deploy_cli.list_)
app.command("instances")(bpmn_instances_cli.instances)
app.command("start")(bpmn_instances_cli.start)
app.command("complete")(bpmn_instances_cli.complete)
app.add_typer(bpmn_migrate_cli.app)
app.add_typer(bpmn_schedules_cli.app)

REFUSED, WRONG_USE, WAITING, INCIDENT = 1, 2, 3, 4
EXITS = {"completed": 0, "cancelled": 0, "waiting": WAITING, "incident": INCIDENT, "limit": INCIDENT}
ZONE = ZoneInfo("Asia/Shanghai")
Json = Annotated[bool, typer.Option("--json", help="Print a JSON object.")]


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="BPMN files.")],
    as_json: Json = False,
) -> None:
    """Say whether each file would be deployed, and every reason why not."""
    refused = False
    results = []
    for path in files:
        problems: tuple[Problem, ...] = ()
        try:
            read(_bytes(path), path.name)
        except DeploymentRefused as error:
            problems, refused = error.problems, True
        results.append({"file": str(path), "problems": [plain(problem) for problem in problems]})
        if not as_json:
            typer.echo(f"{path}: {'refused（不能部署）' if problems else 'can be deployed（可以部署）'}")
            for problem in problems:
                typer.echo(f"  {text(problem)}")
    if as_json:
        typer.echo(dumps({"ok": not refused, "files": results}))
    raise typer.Exit(REFUSED if refused else 0)


@app.command()
def run(
    files: Annotated[list[Path], typer.Argument(help="The model first, then models and DMN files that it calls.")],
    variables: Annotated[str, typer.Option("--vars", help="Variables at the start, as a JSON object.")] = "{}",
    script: Annotated[Path | None, typer.Option(help="Answers of people, jobs and messages, as YAML.")] = None,
    process: Annotated[
        list[str] | None, typer.Option(help="The process, if the file holds several; once for each that begins.")
    ] = None,
    start_event: Annotated[str | None, typer.Option(help="A message, signal or timer start event.")] = None,
    now: Annotated[str | None, typer.Option(help="The virtual clock at the start, ISO 8601.")] = None,
    as_json: Json = False,
) -> None:
    """Run a model in this process with a virtual clock; people answer from the script or at the prompt.

    What an instance sends to another process of these files starts it, or reaches it where it waits.
    """
    graphs, decisions = _deploy(files, as_json)
    given = loads(variables) if variables.strip() else {}
    if not isinstance(given, dict):
        raise typer.BadParameter("--vars must be a JSON object.")
    answers = Script(yaml.safe_load(_bytes(script)) if script is not None else None)
    dry = DryRun(graphs, decisions, answers, _instant(now))
    if not as_json:
        dry.on_step = lambda entries: print_step(dry, entries)
    interactive = not as_json and script is None and sys.stdin.isatty()
    try:
        for name in process or [_first(graphs[0])]:
            graph = next((file for file in graphs if name in file.processes), graphs[0])
            ref, event = GraphRef(graph.hash, name), start_event or _only_start(graph, name)
            timed = _timed(graph, name, event)
            for one in timed:
                dry.plan(one, ref, given)
            if not timed:
                dry.start(ref, given, event)
        dry.run(prompt if interactive else None)
    except (EventRefused, Failure) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(REFUSED) from error
    report(dry, as_json)
    raise typer.Exit(EXITS[dry.status])


@app.command()
def templates(out: Annotated[Path | None, typer.Option(help="Write here instead of to the screen.")] = None) -> None:
    """Write the element templates for Camunda Modeler."""
    if out is None:
        typer.echo(element_templates.text(), nl=False)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(element_templates.text(), encoding="utf-8")
    typer.echo(f"{out}: {len(element_templates.templates())} templates")


@app.command("diff")
def diff_command(
    old: Annotated[Path, typer.Argument(help="The model as it was.")],
    new: Annotated[Path, typer.Argument(help="The model as it is.")],
    as_json: Json = False,
) -> None:
    """List the elements that were added, removed or changed."""
    before, _ = _deploy([old], as_json)
    after, _ = _deploy([new], as_json)
    changes = compare(before[0], after[0])
    if as_json:
        plain = [
            {name: getattr(change, name) for name in ("what", "element", "id", "name", "attribute", "old", "new")}
            for change in changes
        ]
        typer.echo(dumps({"same": not changes, "changes": plain}))
    for change in () if as_json else changes:
        detail = f" {change.attribute}: {change.old or '—'} → {change.new or '—'}" if change.attribute else ""
        typer.echo(f"{change.what:8} {change.element} {change.id} {change.name}{detail}")
    raise typer.Exit(REFUSED if changes else 0)


def _deploy(files: Sequence[Path], as_json: bool) -> tuple[list[Graph], list[Definitions]]:
    graphs = []
    try:
        for path in (one for one in files if one.suffix != ".dmn"):
            graphs.append(read(_bytes(path), path.name))
        decisions = read_together([(_bytes(one), one.name) for one in files if one.suffix == ".dmn"])
    except DeploymentRefused as error:
        if as_json:
            problems = [plain(problem) for problem in error.problems]
            typer.echo(dumps({"status": "refused", "problems": problems}))
        for problem in () if as_json else error.problems:
            typer.echo(f"{path}: {text(problem)}", err=True)
        raise typer.Exit(REFUSED) from error
    except DmnError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(REFUSED) from error
    if not graphs:
        raise typer.BadParameter("Name a BPMN file.")
    return graphs, decisions


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        typer.echo(f"The file {path} cannot be read: {error.strerror}.", err=True)
        raise typer.Exit(WRONG_USE) from error


def _first(graph: Graph) -> str:
    """The first process that begins by itself; what another one sends starts the others."""
    own = (process.id for process in graph.processes.values() if process.container.initial)
    return next(own, next(iter(graph.processes)))


def _only_start(graph: Graph, process_id: str) -> str | None:
    """A process that begins by one event alone begins by that one."""
    process = graph.processes.get(process_id)
    if process is None or process.container.initial:
        return None
    starts = (*process.container.starts, *process.container.instantiating)
    return starts[0] if len(starts) == 1 else None


def _timed(graph: Graph, process_id: str, event: str | None) -> list[TimerStart]:
    """What begins at its instant, not at once: the named start event, or all, where the process has only timers."""
    process = graph.processes.get(process_id)
    if process is None or (event is None and process.container.initial):
        return []
    keys = (event,) if event else (*process.container.starts, *process.container.instantiating)
    events = [one for key in keys for one in (graph.nodes[key].events if key in graph.nodes else ()) or (None,)]
    timers = all(isinstance(one, TimerDefinition) for one in events)
    return [one for one in timer_starts(graph, process_id) if timers and one.start.start_event in keys]


def _instant(text: str | None) -> datetime:
    if text is None:
        return datetime.now(ZONE)
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"'{text}' is no instant such as 2026-03-01T09:00:00+08:00.") from error
    return found if found.tzinfo else found.replace(tzinfo=ZONE)
