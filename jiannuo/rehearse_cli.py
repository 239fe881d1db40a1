"""`jiannuo rehearse FILE`: complaints of a file through the real system in skipped time, expected against actual."""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from jiannuo.logs import configure_logs
from jiannuo.rehearsal.reporting import Counterpart, Reported
from jiannuo.rehearsal.sample import SampleFile, read_samples
from jiannuo.rehearsal.stage import Result
from jiannuo.rehearsal.theatre import theatre

app = typer.Typer(add_completion=False, help="排演:把文件中的投诉放进真实系统,用跳过的时间办完,逐项比对。")
PASSED, FAILED = "一致", "不一致"


@app.command()
def rehearse(
    files: Annotated[list[Path], typer.Argument(help="一份或多份案例文件(docs/rehearsal.md),同一时间轴")],
    case: Annotated[list[str] | None, typer.Option(help="只排演这些编号(或其结尾)的案件")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="不显示进度")] = False,
    reports: Annotated[bool, typer.Option("--reports", help="同时按日历日运行各项报送(较慢)")] = False,
) -> None:
    """有任何不一致时退出状态为1。"""
    configure_logs("pretty", "error")
    chosen = _chosen([read_samples(path) for path in files], case or [])
    if not chosen.samples:
        raise typer.BadParameter("没有要排演的案件。", param_hint="--case")
    began = time.monotonic()
    results, reported = asyncio.run(_run(chosen, silent=quiet or as_json, reports=reports))
    seconds = time.monotonic() - began
    if as_json:
        typer.echo(json.dumps([_plain(result) for result in results], ensure_ascii=False, indent=1, default=str))
    else:
        typer.echo(table(results))
        events = sum(result.events for result in results) / len(results)
        size = sum(result.history_bytes for result in results) / len(results) / 1024
        typer.echo(
            f"{len(results)} 件,{seconds:.1f} 秒,每秒 {len(results) / seconds:.2f} 件;"
            f"平均每件 {events:.0f} 个历史事件,{size:.0f} KiB"
        )
        if reported is not None:
            typer.echo(
                f"报送:运行{reported.runs}次,报出{reported.sent}份(零报告{reported.nil}份)共{reported.items}条,"
                f"提示{reported.notices}人次,无回执{len(reported.without_receipt)}份"
            )
            typer.echo(f"推送:认定、记录和典型案例共{reported.pushed}条,未按时送达{len(reported.undelivered)}条")
            for line in (*reported.without_receipt, *reported.undelivered):
                typer.echo(f"  ! 无回执  {line}")
    kept = reported is None or reported.kept
    raise typer.Exit(0 if kept and all(result.passed for result in results) else 1)


async def _run(file: SampleFile, *, silent: bool, reports: bool) -> tuple[list[Result], Reported | None]:
    async with theatre(Counterpart() if reports else None) as rehearsal:
        results = await rehearsal.run(file, (lambda line: None) if silent else _say, reports=reports)
        return results, await rehearsal.reporting.closed(rehearsal.stores) if reports else None


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _chosen(files: list[SampleFile], endings: list[str]) -> SampleFile:
    samples = tuple(
        sample
        for file in files
        for sample in file.samples
        if not endings or any(sample.no.endswith(ending) for ending in endings)
    )
    return SampleFile(samples, {no: text for file in files for no, text in file.sealed.items()})


def table(results: list[Result]) -> str:
    """Case by case: every key compared, expected and actual side by side where they differ."""
    lines = []
    for result in results:
        lines.append(f"{result.no}  {PASSED if result.passed else FAILED}  {result.actual.get('final_status', '')}")
        for name, due in result.actual.get("due", {}).items():
            lines.append(f"    {name:22} {due}")
        lines += [f"  ! 被拒绝  {refused}" for refused in result.refused]
        for difference in result.differences:
            lines.append(f"  ! {difference.key}")
            lines.append(f"      应为 {_shown(difference.expected)}")
            lines.append(f"      实为 {_shown(difference.actual)}")
    return "\n".join(lines)


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _plain(result: Result) -> dict[str, Any]:
    return {
        "complaint_no": result.no,
        "passed": result.passed,
        "actual": result.actual,
        "refused": result.refused,
        "history_events": result.events,
        "history_bytes": result.history_bytes,
        "differences": [{"key": d.key, "expected": d.expected, "actual": d.actual} for d in result.differences],
    }
