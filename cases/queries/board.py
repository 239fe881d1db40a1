"""The supervisor's board: what is late, stalled or about to be, by stage, unit, region. Every count opens its list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access
from cases.access import Actor
from cases.queries.light import NONE, Lights
from cases.queries.standing import stalled
from cases.queries.units import names_of
from cases.tables.organisations import Region
from cases.tables.positions import CasePosition

LIGHTS = ("red", "yellow", "green", NONE)


@dataclass
class Counts:
    """Open cases by light under one heading."""

    code: str
    title: str
    by_light: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LIGHTS, 0))

    @property
    def total(self) -> int:
        return sum(self.by_light.values())


@dataclass(frozen=True)
class Board:
    """``today``, ``soon``: due today, due within three working days and not late. ``incidents``: cases that stand
    still for a technical reason.
    """

    lights: Counts
    stages: Sequence[Counts]
    units: Sequence[Counts]
    regions: Sequence[Counts]
    today: int
    soon: int
    stalled: int
    incidents: int


async def board(session: AsyncSession, actor: Actor, lights: Lights, stage_names: Mapping[str, str]) -> Board:
    row, light = CasePosition, lights.column(CasePosition.due_at, CasePosition.start_at).label("light")
    late = row.due_at <= lights.now
    seen = access.visible_positions(actor).with_only_columns(
        row.stage, row.holder, row.region_code, light,
        (~late & (row.due_at <= lights.today_until)).label("today"),
        (~late & (row.due_at <= lights.soon_until)).label("soon"), stalled(lights).label("stalled"), row.blocked,
    ).subquery()  # fmt: skip
    counted = select(
        seen.c.stage, seen.c.holder, seen.c.region_code, seen.c.light, func.count(),
        *(func.count().filter(flag) for flag in (seen.c.today, seen.c.soon, seen.c.stalled, seen.c.blocked)),
    ).group_by(seen.c.stage, seen.c.holder, seen.c.region_code, seen.c.light)  # fmt: skip
    found = (await session.execute(counted)).all()
    units = await names_of(session, {row.holder for row in found if row.holder})
    regions = {code: name for code, name in await session.execute(select(Region.code, Region.name))}  # noqa: C416
    whole, by_unit, by_region = Counts("", ""), dict[str, Counts](), dict[str, Counts]()
    # In the order of the procedure, not of the counts.
    by_stage = {code: Counts(code, title) for code, title in stage_names.items()}
    flags = [0, 0, 0, 0]
    for stage, holder, region, colour, count, *marked in found:
        headings = (
            whole, by_stage.setdefault(stage, Counts(stage, stage)),
            by_unit.setdefault(holder or "", Counts(holder or "", units.get(holder or "", "—"))),
            by_region.setdefault(region, Counts(region, regions.get(region, region))),
        )  # fmt: skip
        for heading in headings:
            heading.by_light[colour] += count
        flags = [total + part for total, part in zip(flags, marked, strict=True)]
    stages = [heading for heading in by_stage.values() if heading.total]
    return Board(whole, stages, _worst_first(by_unit), _worst_first(by_region), *flags)


def _worst_first(headings: Mapping[str, Counts]) -> list[Counts]:
    return sorted(headings.values(), key=lambda row: (-row.by_light["red"], -row.total, row.code))
