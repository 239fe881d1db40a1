"""``/healthz``: ready only when PostgreSQL, Temporal and a worker are."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from starlette.responses import JSONResponse

from api.messages import figures_now
from api.services import Services, Wired
from cases.calendar_changes.missing import missing_now
from cases.errors import Unavailable
from cases.queries.start_schedules import late_starts

router = APIRouter()
PATIENCE_S = 3.0


@router.get("/healthz", summary="就绪检查", tags=["health"])
async def healthz(services: Wired) -> JSONResponse:
    probes: dict[str, Callable[[], Awaitable[str | None]]] = {
        "postgres": lambda: _postgres(services),
        **services.probes,
    }
    found = await asyncio.gather(*(_asked(probe) for probe in probes.values()))
    parts = {name: reason or "ready" for name, reason in zip(probes, found, strict=True)}
    ready = not any(found)
    told: dict[str, object] = {"ready": ready, "parts": parts}
    if ready:
        told |= await _told(services) | await _messages(services)
    return JSONResponse(told, 200 if ready else 503)


async def _told(services: Services) -> dict[str, list[int] | int]:
    """Not a reason to be out of service: deadlines of such years are provisional, and marked so; late starts are begun
    as soon as a worker looks.
    """
    now = services.clock()
    async with services.transaction() as session:
        return {
            "years_without_calendar": list(await missing_now(session, now)),
            "late_timer_starts": await late_starts(session, now),
        }


async def _messages(services: Services) -> dict[str, object]:
    """No reason either: what is overdue waits for an operator, and everything else goes on."""
    found = await figures_now(services)
    return {"messages": {**vars(found), "overdue": found.overdue(services.message_overdue)}}


async def _asked(probe: Callable[[], Awaitable[str | None]]) -> str | None:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await probe()
    except TimeoutError:
        return "no answer in time"
    except (Unavailable, OSError) as error:
        return type(error).__name__


async def _postgres(services: Services) -> str | None:
    async with services.transaction() as session:
        # The pool asks the server before it hands a connection out.
        await session.connection()
    return None
