"""The web application: pages and JSON API over the same use cases."""

from __future__ import annotations

from fastapi import FastAPI

from api import errors
from api.assets import STATIC, Assets
from api.guard import Guard
from api.json import accounts as json_accounts
from api.json import calendars as json_calendars
from api.json import cases as json_cases
from api.json import complaints as json_complaints
from api.json import instances as json_instances
from api.json import messages as json_messages
from api.json import operator as json_operator
from api.json import orders as json_orders
from api.json import people as json_people
from api.json import publication as json_publication
from api.json import recusals as json_recusals
from api.json import start_schedules as json_start_schedules
from api.json import tasks as json_tasks
from api.pages import (
    acts,
    board,
    calendars,
    case,
    complain,
    entry,
    follow,
    health,
    home,
    inbox,
    leaving,
    ledger,
    metrics,
    operator,
    operator_instances,
    operator_messages,
    operator_task,
    orders,
    orders_new,
    papers,
    people,
    policy,
    recusals,
    saved,
    standing_in,
    start_schedules,
    tasks,
    units,
    what_if,
)
from api.services import Services

# Before the pages of one case, whose address would take their names for a case.
PAGES = (
    home, entry, complain, saved, ledger, follow, tasks, acts, recusals, case, papers, orders_new, orders, board,
    people, leaving, standing_in, inbox, policy, what_if, calendars, operator, operator_instances,
    operator_task, operator_messages, start_schedules, units,
)  # fmt: skip
JSON = (
    json_accounts, json_complaints, json_tasks, json_people, json_recusals, json_cases, json_calendars,
    json_operator, json_start_schedules, json_orders, json_publication, json_messages,
    json_instances,
)  # fmt: skip


def create_app(services: Services) -> FastAPI:
    app = FastAPI(
        title="践诺 API",
        version="1",
        description="政府违约失信投诉办理。错误为 application/problem+json；令牌由 /api/v1/session 或 visit 取得。",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.services = services
    app.add_middleware(Guard)
    errors.install(app)
    app.mount("/static", Assets(directory=STATIC), name="static")
    for module in PAGES:
        app.include_router(module.router, include_in_schema=False)
    for module in JSON:
        app.include_router(module.router, prefix="/api/v1")
    app.include_router(health.router)
    app.include_router(metrics.router)
    return app
