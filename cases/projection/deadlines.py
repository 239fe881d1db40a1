"""The one place where a deadline row is computed and changed. What it answers is an event like any other."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn.commands import ArmDeadline, EndDeadline, ExtendDeadline, PauseDeadline, ResumeDeadline
from bpmn.events import DeadlineSet
from cases import calendars
from cases.deadlines.calendar import Calendar
from cases.deadlines.compute import Computation, compute
from cases.deadlines.derivation import Line
from cases.deadlines.extension import Extension
from cases.deadlines.limit import Limit
from cases.deadlines.pause import Pause
from cases.deadlines.rule import Rule
from cases.deadlines.standing import Standing, standing
from cases.policy.loader import load
from cases.policy.pack import PolicyPack
from cases.projection.context import Projecting
from cases.tables.clocks import Deadline, DeadlineChange


async def arm(ctx: Projecting, command: ArmDeadline) -> None:
    rule = load(ctx.instance.pack).rule(command.name, ctx.instance.channel or "OTHER")
    row = Deadline(
        instance_id=ctx.instance.id, key=command.deadline_key, name=command.name, element_id=command.element_id,
        status="none", revision=0, set_step=ctx.step, starts=dict(command.starts), set_limit=command.limit,
        rungs={}, pauses=[], extensions=[], derivation=[],
    )  # fmt: skip
    start = _start(rule, command.starts) if rule else None
    if rule is not None and start is not None:
        row.start_at, row.status = start, "running"
    if rule is not None and row.status == "running":
        await _set(ctx, row, rule, "起算")
    else:
        ctx.answers.append(DeadlineSet(row.key, 0, None, None))
    ctx.session.add(row)  # not before it is whole: a query of its computation would send it, and send it again


async def pause(ctx: Projecting, command: PauseDeadline) -> None:
    row = await _row(ctx, command.deadline_key)
    if row.status != "running":
        return
    row.pauses = [*row.pauses, {"since": command.at, "until": None, "reason": command.reason}]
    row.status = "paused"
    row.revision += 1
    row.set_step = ctx.step
    row.derivation = _words((await _standing(ctx, row, command)).derivation)
    # No due date while the clock stands still: armed timers are withdrawn by a set without instants.
    ctx.answers.append(DeadlineSet(row.key, row.revision, None, None))


async def resume(ctx: Projecting, command: ResumeDeadline) -> None:
    row = await _row(ctx, command.deadline_key)
    if row.status != "paused":
        return
    row.pauses = [*row.pauses[:-1], {**row.pauses[-1], "until": command.at}]
    row.status = "running"
    await _set(ctx, row, _rule(ctx, row), f"恢复计算({row.pauses[-1]['reason']})")


async def extend(ctx: Projecting, command: ExtendDeadline) -> None:
    row = await _row(ctx, command.deadline_key)
    if row.status not in ("running", "paused"):
        return
    row.extensions = [*row.extensions, {"by": command.by, "at": command.at, "reason": command.reason}]
    if row.status == "running":
        await _set(ctx, row, _rule(ctx, row), f"批准延长{command.by}")


async def end(ctx: Projecting, command: EndDeadline) -> None:
    row = await _row(ctx, command.deadline_key)
    if row.status in ("running", "paused"):
        row.status = command.outcome
        row.ended_at = datetime.fromisoformat(command.at)


def current_event(row: Deadline) -> DeadlineSet:
    """The row as the event that tells an execution of it."""
    shown = row.status == "running"
    return DeadlineSet(
        row.key,
        row.revision,
        row.due.isoformat() if row.due and shown else None,
        row.due_at.isoformat() if row.due_at and shown else None,
        {name: str(at) for name, at in row.rungs.items()} if shown else {},
        row.provisional,
    )


def _start(rule: Rule, starts: Any) -> datetime | None:
    text = next((starts[name] for name in rule.starts_from if starts.get(name)), None)
    return datetime.fromisoformat(text) if text else None


def _rule(ctx: Projecting, row: Deadline) -> Rule:
    rule = load(ctx.instance.pack).rule(row.name, ctx.instance.channel or "OTHER")
    assert rule is not None, "a running deadline has a rule"
    return rule


async def _row(ctx: Projecting, key: int) -> Deadline:
    await ctx.session.flush()
    row = await ctx.session.get(Deadline, (ctx.instance.id, key))
    assert row is not None, "a deadline is armed before it changes"
    return row


async def _set(ctx: Projecting, row: Deadline, rule: Rule, reason: str) -> None:
    cap = await _cap(ctx, rule)
    calendar = await calendars.calendar_for(ctx.session, load(ctx.instance.pack), ctx.complaint_id)
    computed = computation(row, rule, calendar, cap.due if cap else None)
    keep(ctx.session, row, rule, computed, reason, ctx.at)
    row.set_step = ctx.step
    ctx.answers.append(current_event(row))
    await _uncap(ctx, row, rule, calendar)


async def _uncap(ctx: Projecting, cap: Deadline, rule: Rule, calendar: Calendar) -> None:
    """Running clocks that may not outlast ``cap`` follow it where it goes: one rule, whatever came first."""
    pack, channel = load(ctx.instance.pack), ctx.instance.channel or "OTHER"
    if not any(clock.not_after and clock.not_after.value == rule.name for clock in pack.deadlines.values()):
        return
    names = [name for name in pack.deadlines if _capped_by(pack, name, channel, rule.name)]
    await ctx.session.flush()
    rows = select(Deadline).where(
        Deadline.instance_id == ctx.instance.id, Deadline.name.in_(names), Deadline.status == "running"
    )
    for row in await ctx.session.scalars(rows.order_by(Deadline.key)):
        computed = computation(row, _rule(ctx, row), calendar, cap.due)
        if (computed.due, instants(computed)) != (row.due, row.rungs):
            keep(ctx.session, row, _rule(ctx, row), computed, f"{rule.title_zh}期限变动", ctx.at)
            row.set_step = ctx.step
            ctx.answers.append(current_event(row))


def _capped_by(pack: PolicyPack, name: str, channel: str, cap: str) -> bool:
    rule = pack.rule(name, channel)
    return rule is not None and rule.not_after == cap


async def _standing(ctx: Projecting, row: Deadline, command: PauseDeadline) -> Standing:
    assert row.start_at is not None, "a running deadline has a start"
    return standing(
        _rule(ctx, row),
        row.start_at,
        await calendars.calendar_for(ctx.session, load(ctx.instance.pack), ctx.complaint_id),
        Pause(_at(command.at), None, command.reason),
        limit=_set_limit(row),
        pauses=_closed(row),
        extensions=_extensions(row),
    )


def computation(row: Deadline, rule: Rule, calendar: Calendar, not_after: date | None) -> Computation:
    """What the row's own facts come to. Raises the errors of cases.deadlines.errors."""
    assert row.start_at is not None, "a running deadline has a start"
    return compute(
        rule,
        row.start_at,
        calendar,
        limit=_set_limit(row),
        pauses=_closed(row),
        extensions=_extensions(row),
        not_after=not_after,
    )


def _set_limit(row: Deadline) -> Limit | None:
    return Limit.parse(row.set_limit) if row.set_limit else None


def _closed(row: Deadline) -> list[Pause]:
    return [Pause(_at(p["since"]), _at(p["until"]), p["reason"]) for p in row.pauses if p["until"]]


def _extensions(row: Deadline) -> list[Extension]:
    return [Extension(Limit.parse(e["by"])) for e in row.extensions]


def keep(
    session: AsyncSession, row: Deadline, rule: Rule, computed: Computation, reason: str, at: datetime
) -> None:
    """A new revision of the row; the move of a date that was there before is noted."""
    if row.due is not None:
        session.add(
            DeadlineChange(
                instance_id=row.instance_id, deadline_key=row.key, revision=row.revision + 1,
                old_due=row.due, new_due=computed.due, reason=reason, at=at,
            )
        )  # fmt: skip
    row.revision += 1
    row.limit, row.basis, row.source = str(computed.limit), rule.basis, rule.source
    row.due, row.due_at, row.unrolled = computed.due, computed.due_at, computed.unrolled
    row.provisional, row.rungs = computed.provisional, instants(computed)
    explain(row, computed)


def explain(row: Deadline, computed: Computation) -> None:
    """What may change without any date: the calendar counted by, and the words that say why."""
    row.calendar_version, row.horizon = computed.calendar_version, computed.horizon
    row.derivation = _words(computed.derivation)


def _words(lines: Iterable[Line]) -> list[dict[str, str]]:
    return [
        {"day": line.day.isoformat(), "kind": line.kind.value, "zh": line.text_zh, "en": line.text_en} for line in lines
    ]


def instants(computed: Computation) -> dict[str, str]:
    return {name: at.isoformat() for name, at in computed.rungs.items()}


async def _cap(ctx: Projecting, rule: Rule) -> Deadline | None:
    """The deadline that this one may not outlast (a rectification limit in an own-rule channel)."""
    if rule.not_after is None:
        return None
    return await ctx.session.scalar(
        select(Deadline)
        .where(
            Deadline.instance_id == ctx.instance.id,
            Deadline.name == rule.not_after,
            Deadline.status.in_(("running", "paused")),
        )
        .order_by(Deadline.key.desc())
        .limit(1)
    )


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
