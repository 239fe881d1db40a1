"""`jiannuo bpmn migrate`: open cases move to another version of their model by a plan that a person has read.

Exit codes: 0 done; 1 the plan or a case is refused; 2 wrong use.
"""

from __future__ import annotations

import getpass
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import echo

from bpmn.json_text import dumps
from jiannuo.problem_words import plain, text

app = typer.Typer(name="migrate", help="Move open cases to another version.", no_args_is_help=True)

REFUSED = 1
Pack = Annotated[str | None, typer.Option(help="The policy pack; JIANNUO_POLICY if not named.")]
Json = Annotated[bool, typer.Option("--json", help="Print a JSON object.")]
PlanFile = Annotated[Path, typer.Argument(help="The plan file.")]
Case = Annotated[str | None, typer.Option("--case", help="Only this case: its number, or the id of its instance.")]
All = Annotated[bool, typer.Option("--all", help="Every open case of the old version.")]


@app.command()
def plan(
    old: Annotated[str, typer.Argument(help="A .bpmn file, or PROCESS@VERSION as deployed.")],
    new: Annotated[str, typer.Argument(help="A .bpmn file, or PROCESS@VERSION as deployed.")],
    process: Annotated[str | None, typer.Option(help="The process, if a file holds several.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write here instead of to the screen.")] = None,
    pack: Pack = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of YAML.")] = False,
) -> None:
    """Write a plan: elements matched by id, the others listed for a person to decide."""
    # Here, since checking and dry-running a model must not wait for the database's libraries.
    from jiannuo.bpmn_migrate import propose

    text, undecided = propose(old, new, process, pack, as_json=as_json)
    if out is None:
        echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    echo(f"{out}: {undecided} elements to decide")


@app.command()
def check(file: PlanFile, as_json: Json = False) -> None:
    """Say everything in the plan that no case could pass. Both models must be deployed."""
    from jiannuo.bpmn_migrate import problems_of

    problems = problems_of(file)
    if as_json:
        echo(dumps({"ok": not problems, "problems": [plain(one) for one in problems]}))
    else:
        echo(f"{file}: {'refused（不能使用）' if problems else 'fits both models（与两个模型相符）'}")
        for problem in problems:
            echo(f"  {text(problem)}")
    raise typer.Exit(REFUSED if problems else 0)


@app.command("dry-run")
def dry_run(
    file: PlanFile, case: Case = None, everything: All = False, pack: Pack = None, as_json: Json = False
) -> None:
    """Try the plan on the logged state of each case and show what would change. Changes nothing."""
    from jiannuo.bpmn_migrate import previewed

    _one_or_all(case, everything)
    found = previewed(file, case, pack)
    refused = sum(bool(one.problems) for one in found)
    if as_json:
        echo(dumps({"cases": [_plain(one) for one in found], "refused": refused}))
    for one in () if as_json else found:
        echo(f"{one.case_no or one.instance_id}: {'refused（不能迁移）' if one.problems else 'can move（可以迁移）'}")
        for problem in one.problems:
            echo(f"  {text(problem)}")
        for change in one.changes:
            to = f" → {change.to}" if change.to and change.to != change.element else ""
            detail = f" ({change.detail})" if change.detail else ""
            echo(f"  {change.what:9} {change.kind:8} {change.element} {change.name}{to}{detail}")
    if not as_json:
        echo(f"{len(found) - refused} can move, {refused} refused")
    raise typer.Exit(REFUSED if refused else 0)


@app.command()
def apply(
    file: PlanFile,
    reason: Annotated[str, typer.Option(help="Why; kept with every case in the audit log.")],
    case: Case = None,
    everything: All = False,
    rate: Annotated[float, typer.Option(help="Cases a second at most.")] = 10.0,
    pack: Pack = None,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Show the progress until all cases are told.")] = True,
    as_json: Json = False,
) -> None:
    """Move the cases. A worker does it, also when this command is interrupted; doing it again changes nothing."""
    from jiannuo.bpmn_migrate import begin_change, followed

    _one_or_all(case, everything)
    number = begin_change(file, case, pack, rate, reason, f"cli:{getpass.getuser()}", datetime.now(UTC))
    if not as_json:
        echo(f"migration {number} has begun; jiannuo bpmn migrate status {number} shows how far it is")
    if not wait:
        if as_json:
            echo(dumps({"change": number}))
        return
    progress, results = followed(number, None if as_json else _tell_counts)
    _tell_results(asdict(progress), [asdict(one) for one in results], as_json)


@app.command()
def status(
    number: Annotated[int | None, typer.Argument(help="The migration; without it all that are not done.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Those that are done as well.")] = False,
    as_json: Json = False,
) -> None:
    """How far migrations are, and what became of each case of one."""
    from jiannuo.bpmn_migrate import one_change, open_changes

    if number is not None:
        progress, results = one_change(number)
        _tell_results(asdict(progress), [asdict(one) for one in results], as_json)
        return
    found = open_changes(everything=everything)
    if as_json:
        echo(dumps([asdict(one) for one in found]))
    for one in () if as_json else found:
        echo(f"{one.change_id}  {one.process_id}  {one.state}  {_counts(one.counts)}  {one.reason}")
    if not found and not as_json:
        echo("No migration is under way.")


def _one_or_all(case: str | None, everything: bool) -> None:
    if (case is None) == (not everything):
        raise typer.BadParameter("Name one case with --case NO, or say --all.")


def _tell_counts(counts: dict[str, int]) -> None:
    echo(f"  {_counts(counts)}")


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "no cases"


def _tell_results(progress: dict[str, Any], results: list[dict[str, Any]], as_json: bool) -> None:
    bad = [one for one in results if one["state"] in ("refused", "failed")]
    if as_json:
        echo(dumps({**progress, "cases": results}))
    else:
        echo(f"{progress['change_id']}  {progress['state']}  {_counts(progress['counts'])}")
        for one in results:
            step = f" in step {one['step']}" if one["step"] else ""
            echo(f"  {one['case_no'] or one['instance_id']}: {one['state']}{step} {one['problem'] or ''}".rstrip())
    raise typer.Exit(REFUSED if bad else 0)


def _plain(one: Any) -> dict[str, Any]:
    return {
        "instance": one.instance_id,
        "case": one.case_no,
        "problems": [plain(problem) for problem in one.problems],
        "changes": [asdict(change) for change in one.changes],
    }
