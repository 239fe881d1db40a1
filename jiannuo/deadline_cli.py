"""`jiannuo deadline`: a due date and why, from the same arithmetic that the cases use."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Annotated, Any

import typer

from cases.deadlines.compute import Computation, compute
from cases.deadlines.derivation import Line, render
from cases.deadlines.errors import DeadlineError
from cases.deadlines.extension import Extension
from cases.deadlines.limit import Limit
from cases.deadlines.pause import Pause
from cases.deadlines.rule import ExtensionTerms, Rule
from cases.deadlines.standing import Standing, standing
from cases.deadlines.zone import SHANGHAI, at
from cases.policy.errors import PolicyError
from cases.policy.loader import load
from cases.policy.pack import OTHER_CHANNEL, PolicyPack

app = typer.Typer(add_completion=False)
AD_HOC = "limit"
"""The name of a limit that no policy pack knows."""
_SOURCE_ZH = {"law": "法定", "default": "默认值"}


@app.command()
def deadline(
    start: Annotated[str, typer.Argument(help="起算日（2026-09-18），或带时区的时刻（2026-09-18T16:20+08:00）")],
    limit: Annotated[str | None, typer.Argument(help="期限：3wd 为3个工作日，30d 为30日（日历日）")] = None,
    policy: Annotated[str, typer.Option(help="政策包，决定日历与规则")] = "nmg-2023",
    rule: Annotated[str | None, typer.Option(help="政策包中的期限名称，如 referral、verification")] = None,
    channel: Annotated[str, typer.Option(help="受理渠道代码，有自有规定的渠道期限不同")] = OTHER_CHANNEL,
    pause: Annotated[
        list[str] | None, typer.Option(help="中止计算的起止日：2026-07-07..2026-07-10，尚未恢复的不写止日；可多次给出")
    ] = None,
    extend: Annotated[list[str] | None, typer.Option(help="经批准的延长：30d；可多次给出")] = None,
    not_after: Annotated[str | None, typer.Option(help="不得超过的日期（另一期限的到期日）：2026-07-16")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """计算到期日，并逐日说明理由。"""
    began = _start(start)
    pack = _pack(policy)
    chosen = _limit(limit, "LIMIT") if limit else None
    extended = [_limit(text, "--extend") for text in extend or ()]
    ruled = _rule(pack, rule, channel, chosen, extended)
    if ruled is None:
        _print_absent(pack, rule or "", channel, as_json)
        return
    pauses = [_pause(text) for text in pause or ()]
    facts: dict[str, Any] = {
        "limit": chosen,
        "pauses": [one for one in pauses if one.until],
        "extensions": [Extension(one) for one in extended],
    }
    try:
        stopped = next((one for one in pauses if one.until is None), None)
        if stopped is not None:
            _print_standing(pack, ruled, began, standing(ruled, began, pack.calendar(), stopped, **facts), as_json)
            return
        result = compute(ruled, began, pack.calendar(), not_after=_cap(not_after), **facts)
    except DeadlineError as error:
        raise typer.BadParameter(str(error), param_hint="START/LIMIT") from error
    if as_json:
        typer.echo(json.dumps(_as_json(pack, ruled, began, result), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(_as_text(pack, ruled, result)))


def _start(text: str, where: str = "START") -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        pass
    else:
        return at(day, time())
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} 不是日期或时刻；请写作 2026-09-18 或 2026-09-18T16:20+08:00。", param_hint=where
        ) from error
    if instant.tzinfo is None:
        raise typer.BadParameter(f"{text!r} 没有时区；请写作 {text}+08:00，或只写日期。", param_hint=where)
    return instant.astimezone(SHANGHAI)


def _limit(text: str, where: str) -> Limit:
    try:
        return Limit.parse(text)
    except DeadlineError as error:
        raise typer.BadParameter(
            f"{text!r} 不是期限；请写作 3wd（3个工作日）或 30d（30日），半日和小时不予计算。", param_hint=where
        ) from error


def _pause(text: str) -> Pause:
    """Days or instants; a day means its beginning, which falls on the same day."""
    since, dots, until = text.partition("..")
    if not dots:
        raise typer.BadParameter(
            f"{text!r} 不是中止期间；请写作 2026-07-07..2026-07-10，尚未恢复的写作 2026-07-07..", param_hint="--pause"
        )
    return Pause(_start(since, "--pause"), _start(until, "--pause") if until else None)


def _cap(text: str | None) -> date | None:
    return _start(text, "--not-after").date() if text else None


def _pack(name: str) -> PolicyPack:
    try:
        return load(name)
    except PolicyError as error:
        raise typer.BadParameter(f"政策包 {name!r} 无法载入：{error}", param_hint="--policy") from error


def _rule(
    pack: PolicyPack, name: str | None, channel: str, chosen: Limit | None, extended: Sequence[Limit]
) -> Rule | None:
    if name is not None:
        try:
            return pack.rule(name, channel)
        except PolicyError as error:
            raise typer.BadParameter(str(error), param_hint="--rule") from error
    if chosen is None:
        raise typer.BadParameter("请给出期限（如 3wd），或用 --rule 指定政策包中的期限名称。", param_hint="LIMIT")
    # A limit of one's own may be extended as one says; only a policy's rule knows how often and how far.
    terms = ExtensionTerms(len(extended), max(extended, key=lambda one: one.amount)) if extended else None
    return Rule(AD_HOC, "期限", chosen, (), "命令行指定", "default", start_zh="起算", extension=terms)


def _print_absent(pack: PolicyPack, name: str, channel: str, as_json: bool) -> None:
    clock = pack.clock(name, channel)
    if as_json:
        absent = {"policy": pack.pack, "rule": name, "channel": channel, "exists": False, "basis": clock.limit.basis}
        typer.echo(json.dumps(absent, ensure_ascii=False, indent=2))
    else:
        typer.echo(f"{pack.channel(channel).title}不设“{clock.title}”期限：{pack.cite(clock.limit.basis)}。")


def _print_standing(pack: PolicyPack, rule: Rule, began: datetime, found: Standing, as_json: bool) -> None:
    if as_json:
        own = {"policy": pack.pack, "rule": rule.name, "exists": True, "start": began.isoformat(), "due": None}
        typer.echo(json.dumps(own | {"left": str(found.left)} | _why(found.derivation), ensure_ascii=False, indent=2))
    else:
        typer.echo(f"到期：中止计算，尚余{found.left.zh}\n期限：{rule.title_zh}\n理由：{render(found.derivation)}")


def _as_text(pack: PolicyPack, rule: Rule, result: Computation) -> list[str]:
    mark = "（暂定）" if result.provisional else ""
    lines = [
        f"到期：{result.due.isoformat()} 24:00{mark}",
        f"期限：{result.limit.zh}" if rule.name == AD_HOC else f"期限：{rule.title_zh}，{result.limit.zh}",
        f"理由：{render(result.derivation)}",
        f"依据：{pack.cite(rule.basis)}（{_SOURCE_ZH[rule.source]}）",
        f"日历：{result.calendar_version}",
    ]
    return lines + [f"节点：{name} {instant:%Y-%m-%d %H:%M}" for name, instant in result.rungs.items()]


def _as_json(pack: PolicyPack, rule: Rule, began: datetime, result: Computation) -> dict[str, Any]:
    return {
        "policy": pack.pack,
        "rule": rule.name,
        "exists": True,
        "start": began.isoformat(),
        "limit": str(result.limit),
        "due": result.due.isoformat(),
        "due_at": result.due_at.isoformat(),
        "unrolled": result.unrolled.isoformat(),
        "provisional": result.provisional,
        "source": rule.source,
        "basis": pack.cite(rule.basis),
        "calendar": result.calendar_version,
        "rungs": {name: instant.isoformat() for name, instant in result.rungs.items()},
        **_why(result.derivation),
    }


def _why(lines: Sequence[Line]) -> dict[str, Any]:
    return {
        "derivation": [
            {
                "day": line.day.isoformat(),
                "until": line.until.isoformat() if line.until else None,
                "kind": line.kind.value,
                "text_zh": line.text_zh,
                "text_en": line.text_en,
            }
            for line in lines
        ],
        "text": render(lines),
    }
