"""``/metrics``: figures for Prometheus, read as they are asked for. Counts and ages only."""

from __future__ import annotations

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from starlette.responses import Response

from api.messages import figures_now
from api.services import Wired
from cases.queries.start_schedules import late_starts

router = APIRouter()
MESSAGES = {
    "buffered": ("jiannuo_messages_buffered", "Messages between processes that wait for somebody to take them"),
    "under_way": ("jiannuo_messages_under_way", "Deliveries that an execution has not answered yet"),
    "oldest_s": ("jiannuo_messages_oldest_seconds", "Age of the oldest of those"),
    "expired": ("jiannuo_messages_expired", "Messages of the last 24 hours that nobody took in their time"),
}
LATE_STARTS = ("jiannuo_timer_starts_late", "Processes that a timer should have begun more than a minute ago")


@router.get("/metrics", summary="Prometheus 指标", tags=["health"], response_class=Response)
async def metrics(services: Wired) -> Response:
    registry = CollectorRegistry()
    found = vars(await figures_now(services))
    for field, (name, told) in MESSAGES.items():
        Gauge(name, told, registry=registry).set(found[field])
    async with services.transaction() as session:
        Gauge(*LATE_STARTS, registry=registry).set(await late_starts(session, services.clock()))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
