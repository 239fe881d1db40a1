"""Every parameter that shapes a case: which is law, which is our default."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.pages.what_if import plans
from api.rendering import render
from api.services import Wired
from api.who import MaybeStaff
from cases.policy.clock import Clock
from cases.policy.loader import load
from cases.policy.pack import PolicyPack

router = APIRouter()


@router.get("/policy")
async def page(request: Request, services: Wired, staff: MaybeStaff, source: str = "") -> Response:
    pack = load(services.pack)
    rows = [row for row in pack.parameters() if source in ("", row.source)]
    clocks = [row for row in clocks_of(pack) if source in ("", row[2].limit.source)]
    request.state.who = staff
    return render(
        request, "policy.html", pack=pack, rows=rows, clocks=clocks, source=source,
        plans=staff is not None and plans(staff),
    )  # fmt: skip


def clocks_of(pack: PolicyPack) -> list[tuple[str, str | None, Clock]]:
    """Every deadline that exists, by name, with the channel whose own it is: what a person asks the pack first."""
    common = [(name, None, clock) for name, clock in pack.deadlines.items()]
    own = [
        (name, channel.title, clock)
        for channel in pack.channels.values()
        for name, clock in channel.deadlines.items()
        if clock != pack.deadlines.get(name)
    ]
    found: list[tuple[str, str | None, Clock]] = [*common, *own]
    return [row for row in found if row[2].limit.value is not None]
