"""`jiannuo calendar`: tables of holidays and make-up days as official acts, and what they do to open deadlines."""

from __future__ import annotations

import asyncio
import getpass
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from cases.calendar_changes.files import read_table
from cases.calendar_changes.missing import missing_now
from cases.calendar_changes.pending import pending, tables
from cases.calendar_changes.preview import Preview, preview, preview_withdrawal
from cases.calendar_changes.publish import publish, withdraw
from cases.calendar_changes.table import Table
from cases.errors import Problem
from jiannuo.compose import stores_for
from jiannuo.endpoints import connected, with_endpoints
from jiannuo.errors import JiannuoError
from jiannuo.settings import load_settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="YAML, or CSV with day,kind,name; docs/calendars.md shows both.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Author = Annotated[str, typer.Option(help="Who does it, for the record.")]


@app.command()
def show(as_json: AsJson = False) -> None:
    """Every published table, the withdrawn ones too, and the years that still want one."""

    async def found(session: AsyncSession) -> dict[str, Any]:
        listed = [
            {
                "version": row.version, "layer": row.layer, "document": row.document, "years": row.years,
                "author": row.author, "added_at": row.added_at, "withdrawn_at": row.withdrawn_at,
                "withdrawn_reason": row.withdrawn_reason,
            }
            for row in await tables(session)
        ]  # fmt: skip
        return {"tables": listed, "missing_years": await missing_now(session, datetime.now(UTC))}

    result = with_session(found)
    lines = [
        f"{row['version']}  {row['layer']}  {row['document']}{'（已撤回）' if row['withdrawn_at'] else ''}"
        for row in result["tables"]
    ]
    lines += [f"{year}年放假安排尚未录入。" for year in result["missing_years"]]
    _print(result, lines or ["没有录入的放假安排，使用随附的全国放假安排。"], as_json)


@app.command()
def check(file: File, as_json: AsJson = False) -> None:
    """Read a file and name every problem, with line and remedy. Needs no server."""
    table = _read(file)
    told = {"layer": table.layer, "version": table.version, "years": table.years, "days": len(table.rows)}
    years = "、".join(map(str, table.years))
    _print(told, [f"{table.version}：{table.layer}，{years}年，{len(table.rows)}日。"], as_json)


@app.command("preview")
def preview_file(file: File, as_json: AsJson = False) -> None:
    """Which open deadlines would move, from when to when. Nothing is changed."""
    table = _read(file)
    show_preview(with_session(lambda session: preview(session, table, datetime.now(UTC))), as_json)


@app.command()
def apply(file: File, author: Author = "", as_json: AsJson = False) -> None:
    """Publish a table. The worker moves the deadlines afterwards; `pending` shows how far it is."""
    table = _read(file)
    number = with_session(lambda session: publish(session, table, author or _me(), datetime.now(UTC)))
    _print({"change": number}, [f"已公布，变更号{number}。"], as_json)


@app.command("withdraw")
def withdraw_version(
    version: str, reason: Annotated[str, typer.Option(help="Why; it stays with the table.")], author: Author = "",
    only_preview: Annotated[bool, typer.Option("--preview", help="Only show what would move.")] = False,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Withdraw a faulty table: the dates go back, as a recorded change."""
    now = datetime.now(UTC)
    if only_preview:
        show_preview(with_session(lambda session: preview_withdrawal(session, version, now)), as_json)
        return
    number = with_session(lambda session: withdraw(session, version, author or _me(), reason, now))
    _print({"change": number}, [f"已撤回，变更号{number}。"], as_json)


@app.command("pending")
def show_pending(
    everything: Annotated[bool, typer.Option("--all", help="Those that are through as well.")] = False,
    as_json: AsJson = False,
) -> None:
    """How far each change is: deadlines per state, executions told."""
    rows = [asdict(row) for row in with_session(lambda session: pending(session, everything=everything))]
    lines = [f"{r['change_id']}  {r['reason']}  {r['state']}  {r['jobs']}" for r in rows]
    _print(rows, lines or ["没有正在进行的变更。"], as_json)


def show_preview(found: Preview, as_json: bool) -> None:
    lines = [*found.doubts, f"涉及{found.computed}个期限，其中{len(found.moves)}个将有变化："]
    for move in found.moves:
        marks = [
            *(["转为确定"] if move.old_provisional and not move.new_provisional else []),
            *(["转为暂定"] if move.new_provisional and not move.old_provisional else []),
            *([f"已发提醒{len(move.fired)}次"] if move.fired else []),
            *([f"{len(move.rungs)}次提醒改期"] if move.rungs else []),
            *(["即刻逾期"] if move.late_at_once else []),
            *([f"无法计算：{move.problem}"] if move.problem else []),
        ]
        case_no = move.case_no or move.instance_id
        lines.append(f"{case_no}  {move.title}  {move.old_due} → {move.new_due}  {' '.join(marks)}")
    _print(asdict(found), lines, as_json)


def _read(file: Path) -> Table:
    try:
        return read_table(file)
    except Problem as problem:
        raise JiannuoError(f"{file} cannot be used:\n{problem.sentence.replace('；第', chr(10) + '第')}") from None


def with_session(act: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
    settings = load_settings()

    async def run() -> Any:
        named = with_endpoints(settings, connected(settings))
        async with stores_for(named) as stores, stores.sessions.begin() as session:
            return await act(session)

    try:
        return asyncio.run(run())
    except Problem as problem:
        raise JiannuoError(problem.sentence) from None


def _me() -> str:
    return f"cli:{getpass.getuser()}"


def _print(result: Any, lines: list[str], as_json: bool) -> None:
    print(json.dumps(result, ensure_ascii=False, indent=2, default=str) if as_json else "\n".join(lines))
