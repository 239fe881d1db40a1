"""Every parameter that shapes a case: which is law, which is our default."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.pages.what_if import plans
from api.rendering import render
from api.services import Wired
from api.who import MaybeStaff
from cases.policy.loader import load

router = APIRouter()


@router.get("/policy")
async def page(request: Request, services: Wired, staff: MaybeStaff, source: str = "") -> Response:
    pack = load(services.pack)
    rows = [row for row in pack.parameters() if source in ("", row.source)]
    request.state.who = staff
    return render(request, "policy.html", pack=pack, rows=rows, source=source, plans=staff is not None and plans(staff))
