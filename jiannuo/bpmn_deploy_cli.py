"""`jiannuo bpmn deploy` and `jiannuo bpmn list`."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import echo

from bpmn.json_text import dumps
from jiannuo.bpmn_schedules_cli import lines
from jiannuo.bpmn_schedules_cli import plain as plain_schedule
from jiannuo.problem_words import plain, text

REFUSED, WRONG_USE = 1, 2
KINDS = {"bpmn": "process", "dmn": "decision", "form": "form"}
Pack = Annotated[str | None, typer.Option(help="The policy pack; JIANNUO_POLICY if not named.")]
Json = Annotated[bool, typer.Option("--json", help="Print a JSON object.")]


def deploy(
    files: Annotated[list[Path], typer.Argument(help="BPMN, DMN and form files.")],
    pack: Pack = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be deployed; store nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Store new versions of these files and of those beside them that they refer to, all or none."""
    # Here, since checking and dry-running a model must not wait for the database's libraries.
    from jiannuo.bpmn_deploy import Outcome, deploy_files
    from jiannuo.on_servers import with_stores

    author = f"cli:{getpass.getuser()}"

    async def act(stores: Any, settings: Any) -> Outcome:
        name = pack or settings.policy
        return await deploy_files(stores, name, files, author, datetime.now(UTC), dry_run=dry_run)

    try:
        outcome = with_stores(act)
    except OSError as error:
        if error.filename is None:
            raise
        echo(f"The file {error.filename} cannot be read: {error.strerror}.", err=True)
        raise typer.Exit(WRONG_USE) from error
    if as_json:
        echo(dumps(_plain(outcome, dry_run)))
    else:
        _tell(outcome, dry_run)
    raise typer.Exit(REFUSED if outcome.refused else 0)


def list_(
    pack: Pack = None,
    everything: Annotated[bool, typer.Option("--all", help="Forms as well.")] = False,
    as_json: Json = False,
) -> None:
    """What is deployed, newest version first, and how many open cases stand in each."""
    from cases.queries.definitions import Listed, definitions
    from jiannuo.on_servers import with_stores

    async def act(stores: Any, settings: Any) -> list[Listed]:
        async with stores.sessions() as session:
            kinds = ("bpmn", "dmn", "form") if everything else ("bpmn", "dmn")
            return await definitions(session, pack or settings.policy, kinds)

    found = with_stores(act)
    if as_json:
        rows = [
            {
                "kind": KINDS[one.kind], "id": one.id, "version": one.version, "version_tag": one.version_tag,
                "hash": one.hash, "file": one.file, "deployed_at": one.deployed_at.isoformat(),
                "newest": one.newest, "open_cases": one.open,
            }
            for one in found
        ]  # fmt: skip
        echo(dumps(rows))
        return
    for one in found:
        cases = "" if one.open is None else f"  {one.open} open cases"
        tag = f" ({one.version_tag})" if one.version_tag else ""
        echo(f"{KINDS[one.kind]:8} {one.id} version {one.version}{tag}  {one.hash[:12]}  {one.file}{cases}")
    if not found:
        echo("Nothing is deployed in this pack; jiannuo deploy brings its models.")


def _tell(outcome: Any, dry_run: bool) -> None:
    for one in outcome.files:
        if one.refused:
            echo(f"{one.path}: refused（不能部署）")
        for problem in one.refused:
            echo(f"  {text(problem)}")
    for one in outcome.company:
        echo(f"goes along: {one.path}")
    for reference in outcome.missing:
        node = reference.node
        echo(
            f"missing: {KINDS[reference.kind]} {reference.id!r}, which '{node.name or node.id}' ({node.id}, "
            f"{reference.file.name} line {node.line}) refers to. Name its file as well, or put it beside the model."
        )
    for done in outcome.deployed:
        word = ("would be deployed as" if dry_run else "deployed as") if done.new else "already deployed version"
        version = f"version {done.version}" if done.new else str(done.version)
        echo(f"{KINDS[done.kind]} {done.definition_id}: {word} {version}  {done.hash[:12]}")
    for line in lines(outcome.scheduled):
        echo(line)
    if outcome.refused:
        echo("没有部署任何文件。Nothing was deployed.")


def _plain(outcome: Any, dry_run: bool) -> dict[str, Any]:
    return {
        "ok": not outcome.refused,
        "dry_run": dry_run,
        "files": [
            {"file": str(f.path), "problems": [plain(problem) for problem in f.refused]}
            for f in outcome.files
        ],
        "goes_along": [str(one.path) for one in outcome.company],
        "missing": [
            {"kind": KINDS[r.kind], "id": r.id, "file": str(r.file), "element_id": r.node.id, "line": r.node.line}
            for r in outcome.missing
        ],
        "deployed": [
            {
                "kind": KINDS[d.kind], "id": d.definition_id, "version": d.version, "hash": d.hash,
                "pack": d.pack, "new": d.new,
            }
            for d in outcome.deployed
        ],
        "schedules": [plain_schedule(one) for one in outcome.scheduled],
    }  # fmt: skip
