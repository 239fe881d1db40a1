"""Role × route × relation: what every kind of person gets from every kind of address. Each cell is asserted."""

from __future__ import annotations

from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from cases.tables.ledger import AuditEntry
from tests.api.region_builder import PEOPLE, RECTIFICATION, SCREENING, add_letter, place
from tests.api.web_site import NOW, Site

ROUTES = {
    "case": "/cases/{case}", "diagram": "/cases/{case}/diagram", "task": "/cases/{case}/tasks/11",
    "letter": "/cases/{case}/letters/{letter}.pdf",
}  # fmt: skip
COMMON = ("/tasks", "/cases", "/inbox", "/account", "/policy", "/cases/print", "/cases.xlsx", "/calendars")

# A case in rectification: respondent 青原旗教育体育局, verified by 青原旗人民政府, referred by 云岭盟发展改革委.
COLUMNS = ("case", "diagram", "task", "letter", "identity", "note")
CELLS = {
    "accept": (200, 200, 200, 200, 200, 303),
    "accept2": (200, 200, 200, 200, 200, 303),
    "verify": (200, 200, 200, 200, 200, 303),
    "head": (200, 200, 200, 200, 200, 303),
    "legal": (200, 200, 200, 200, 200, 303),
    "respondent": (200, 403, 200, 404, 403, 403),
    "other": (404, 404, 404, 404, 404, 404),
    "imposer": (404, 404, 404, 404, 404, 404),
    # 刘原 and 其其格 sit in the accepting unit, and watch: what names the complainant stays closed to them.
    "lead": (200, 200, 200, 403, 403, 303),
    "drc": (200, 200, 200, 403, 403, 303),
    "supervisor": (200, 200, 200, 403, 403, 303),
    "auditor": (200, 200, 200, 403, 403, 303),
    "admin": (404, 404, 404, 404, 404, 404),
    "nobody": (404, 404, 404, 404, 404, 404),
}
LATER = {login: dict(zip(COLUMNS, row, strict=True)) for login, row in CELLS.items()}
# The same at screening: nobody but the accepting unit and those above knows of it yet, the respondent least of all.
EARLY = {
    login: dict(row)
    if login in ("accept", "accept2", "lead", "drc", "supervisor", "auditor")
    else dict.fromkeys(row, 404)
    for login, row in LATER.items()
}
BOARD = {"lead", "drc", "supervisor", "auditor", "head"}
REGISTER = {"accept", "accept2", "drc"}
CALENDAR_KEEPERS = {"drc", "admin"}


@pytest_asyncio.fixture(scope="module")
async def placed(site: Site) -> dict[str, dict[str, str]]:
    async with site.services.transaction() as session:
        found = {}
        for name, where, days in (("later", RECTIFICATION, 20), ("early", SCREENING, 1)):
            _, case = await place(session, site.services.vault, where, NOW - timedelta(days=days), NOW)
            letter = await add_letter(session, case, "投诉受理告知书", "complainant", NOW - timedelta(hours=1))
            found[name] = {"case": case, "letter": letter}
    return found


@pytest.mark.parametrize("login", PEOPLE)
@pytest.mark.parametrize(("name", "matrix"), [("later", LATER), ("early", EARLY)])
async def test_each_person_gets_what_the_relation_opens(
    site: Site, placed: dict[str, dict[str, str]], login: str, name: str, matrix: dict[str, dict[str, int]]
) -> None:
    browser, ids = await site.signed_in(login), placed[name]
    got = {route: (await browser.get(path.format(**ids))).status_code for route, path in ROUTES.items()}
    await browser.get("/account")
    base = f"/cases/{ids['case']}"
    got["identity"] = (await browser.post(f"{base}/identity", {"reason": "核对合同主体"})).status_code
    await browser.get("/account")
    got["note"] = (await browser.post(f"{base}/notes", {"kind": "note", "body": "已阅"})).status_code
    assert got == matrix[login]


@pytest.mark.parametrize("login", PEOPLE)
async def test_common_pages_open_for_all_and_duties_open_the_rest(site: Site, login: str) -> None:
    browser = await site.signed_in(login)
    assert {path: (await browser.get(path)).status_code for path in COMMON} == dict.fromkeys(COMMON, 200)
    assert (await browser.get("/board")).status_code == (200 if login in BOARD else 403)
    assert (await browser.get("/cases/new")).status_code == (200 if login in REGISTER else 403)
    assert (await browser.get("/policy/what-if")).status_code == (200 if login in BOARD | {"admin"} else 403)
    assert (await browser.get("/calendars/new")).status_code == (200 if login in CALENDAR_KEEPERS else 403)
    assert (await browser.get("/calendars/x/withdraw")).status_code == (404 if login in CALENDAR_KEEPERS else 403)


OPERATOR_PAGES = (
    "/operator", "/operator/definitions", "/operator/incidents/x/1", "/operator/instances/x",
    "/operator/instances", "/operator/instances/x/tasks/1", "/operator/instances/x/diagram",
    "/operator/instances/x/diagram.json",
    "/operator/starts/x", "/operator/messages", "/operator/messages/new", "/operator/messages/x",
)  # fmt: skip
OPERATOR_API = (
    "/incidents", "/incidents/x/1", "/definitions", "/start-schedules", "/messages", "/messages/catches",
    "/messages/figures", "/messages/x", "/instances", "/instances/x",
)  # fmt: skip
OPERATOR_POSTS = (
    "/incidents/x/1/retry", "/incidents/x/1/skip", "/incidents/x/1/move", "/incidents/x/1/edit",
    "/incidents/x/1/retry/preview", "/instances/x/undo", "/start-schedules/x/pause", "/start-schedules/x/start",
    "/messages/x/drop", "/messages/x/restore", "/instances/x/tasks/1", "/instances/x/cancel",
    "/instances/x/variables",
)  # fmt: skip


@pytest.mark.parametrize("login", PEOPLE)
async def test_operating_is_for_administrators(site: Site, login: str) -> None:
    """An administrator gets as far as the thing that is not there; anybody else is turned away at the door."""
    browser, token = await site.signed_in(login), await site.token(login)
    client = site.browser().client
    admin = login == "admin"
    for path in OPERATOR_PAGES:
        there = "x" not in path.split("/")
        assert (await browser.get(path)).status_code == ((200 if there else 404) if admin else 403), path
    await browser.get("/account")
    for path in (OPERATOR_PAGES[2], OPERATOR_PAGES[-1]):
        act = "drop" if "messages" in path else "retry"
        assert (await browser.post(path, {"act": act, "reason": "试"})).status_code == (404 if admin else 403)
    for act in ("undo", "variables", "cancel", "tasks/1"):
        await browser.get("/account")
        answer = await browser.post(f"/operator/instances/x/{act}", {"reason": "试"})
        assert answer.status_code == (404 if admin else 403), act
    for path in OPERATOR_API:
        answer = await client.get(f"/api/v1{path}", headers=token)
        assert answer.status_code == ((404 if "x" in path.split("/") else 200) if admin else 403), path
        assert (await client.get(f"/api/v1{path}")).status_code == 401
    for path in OPERATOR_POSTS:
        answer = await client.post(f"/api/v1{path}", headers=token, json={"reason": "试"})
        assert answer.status_code == (404 if admin else 403), path
        assert (await client.post(f"/api/v1{path}", json={"reason": "试"})).status_code == 401


async def test_who_is_not_signed_in_is_sent_to_sign_in(site: Site, placed: dict[str, dict[str, str]]) -> None:
    browser = site.browser()
    cases = (path.format(**placed["later"]) for path in ROUTES.values())
    for path in (*COMMON, *OPERATOR_PAGES, "/board", "/cases/new", *cases):
        answer = await browser.get(path)
        if path == "/policy":
            assert answer.status_code == 200
        else:
            assert (answer.status_code, answer.headers["location"][:6]) == (303, "/login"), path


@pytest.mark.parametrize("login", PEOPLE)
async def test_the_json_api_sees_the_same_cases(site: Site, placed: dict[str, dict[str, str]], login: str) -> None:
    token = await site.token(login)
    client = site.browser().client
    for name, matrix in (("later", LATER), ("early", EARLY)):
        answer = await client.get(f"/api/v1/cases/{placed[name]['case']}", headers=token)
        assert answer.status_code == matrix[login]["case"]
    listed = (await client.get("/api/v1/cases", headers=token)).json()["items"]
    seen = {name for name in placed if placed[name]["case"] in {row["case_id"] for row in listed}}
    assert seen == {name for name, matrix in (("later", LATER), ("early", EARLY)) if matrix[login]["case"] == 200}


async def test_every_reading_of_an_identity_is_logged_also_the_refused(
    site: Site, placed: dict[str, dict[str, str]]
) -> None:
    case = placed["later"]["case"]
    for login in ("verify", "auditor"):
        browser = await site.signed_in(login)
        await browser.get(f"/cases/{case}")
        await browser.post(f"/cases/{case}/identity", {"reason": "核对"})
    async with site.services.transaction() as session:
        acts = (
            await session.scalars(
                select(AuditEntry.act).where(AuditEntry.complaint_id == case).order_by(AuditEntry.number)
            )
        ).all()
    assert list(acts[-2:]) == ["read_identity", "read_identity_refused"]


async def test_the_respondent_reads_an_alias_where_the_statement_names_the_complainant(
    site: Site, placed: dict[str, dict[str, str]]
) -> None:
    path = f"/cases/{placed['later']['case']}"
    shown = (await (await site.signed_in("respondent")).get(path)).text
    handled = (await (await site.signed_in("verify")).get(path)).text
    assert "云岭华晟教学设备有限公司" not in shown
    assert "云岭华晟教学设备有限公司" in handled
