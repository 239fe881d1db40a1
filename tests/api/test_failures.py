"""Bad days: no database, expired forms, other sites, guessed passwords, idle sessions, things that are not there."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import pytest
from fastapi.routing import APIRoute
from sqlalchemy.ext.asyncio import async_sessionmaker

from api.app import PAGES
from api.guard import POLICY
from jiannuo.compose import engine_for
from tests.api.region_builder import PASSWORD
from tests.api.test_filing import GOOD
from tests.api.web_site import NOW, Site


async def test_without_the_database_a_clear_page_and_no_number(site: Site) -> None:
    browser = site.browser()
    await browser.get("/complaints/new")
    kept = site.services.sessions
    away = engine_for("postgresql://nobody:x@127.0.0.1:9/none", pool=1)
    site.services.sessions = async_sessionmaker(away)
    try:
        answer = await browser.post("/complaints/new", GOOD)
        assert answer.status_code == 503
        assert "没有给出编号" in answer.text
        assert "127.0.0.1" not in answer.text
        health = await browser.client.get("/healthz")
        assert (health.status_code, health.json()["ready"]) == (503, False)
        api = await browser.client.post("/api/v1/session", json={"login": "accept", "password": "x"})
        assert (api.status_code, api.headers["content-type"]) == (503, "application/problem+json")
    finally:
        site.services.sessions = kept
        await away.dispose()
    assert (await browser.client.get("/healthz")).status_code == 200


def posts() -> list[str]:
    routes = [route for module in PAGES for route in module.router.routes]
    return [route.path for route in routes if isinstance(route, APIRoute) and "POST" in (route.methods or ())]


async def test_every_form_without_its_token_is_refused(site: Site) -> None:
    paths = posts()
    assert len(paths) > 12
    staff = await site.signed_in("accept")
    for path in paths:
        if path.startswith("/follow/"):
            continue
        filled = path.format_map(defaultdict(lambda: "x", key="1", change="claim", kind="tasks", page="tasks"))
        answer = await staff.client.post(filled, data={"csrf": "wrong"})
        assert answer.status_code == 403, path


async def test_a_post_from_another_site_is_refused(site: Site) -> None:
    browser = site.browser(**{"sec-fetch-site": "cross-site"})
    await browser.get("/login")
    assert (await browser.post("/login", {"login": "accept", "password": PASSWORD})).status_code == 403


async def test_passwords_cannot_be_tried_out(site: Site) -> None:
    browser = site.browser()
    await browser.get("/login")
    for _ in range(5):
        assert (await browser.post("/login", {"login": "lead", "password": "x"})).status_code == 422
    assert (await browser.post("/login", {"login": "lead", "password": PASSWORD})).status_code == 429
    site.now = NOW + timedelta(minutes=16)
    assert (await browser.post("/login", {"login": "lead", "password": PASSWORD})).status_code == 303


async def test_an_idle_session_ends_and_says_where_to_go_on(site: Site) -> None:
    browser = await site.signed_in("verify")
    site.now = NOW + timedelta(minutes=29)
    assert (await browser.get("/tasks")).status_code == 200
    site.now = NOW + timedelta(minutes=60)
    answer = await browser.get("/cases?light=red")
    assert answer.headers["location"] == "/login?next=/cases%3Flight%3Dred"


async def test_signing_out_ends_the_session_for_good(site: Site) -> None:
    browser = await site.signed_in("verify")
    token = browser.client.cookies["jn_session"]
    await browser.get("/tasks")
    await browser.post("/logout")
    stolen = site.browser()
    stolen.client.cookies.set("jn_session", token)
    assert (await stolen.get("/tasks")).status_code == 303


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
async def test_signing_in_never_leads_to_another_site(site: Site, target: str) -> None:
    browser = site.browser()
    await browser.get("/login")
    answer = await browser.post("/login", {"login": "verify", "password": PASSWORD, "next": target})
    assert answer.headers["location"] == "/tasks"


async def test_too_long_a_body_is_refused_unread(site: Site) -> None:
    browser = site.browser()
    await browser.get("/login")
    answer = await browser.post("/login", {"login": "a" * (13 * 1024 * 1024)})
    assert answer.status_code == 413
    api = await browser.client.post("/api/v1/session", content=b"x" * (13 * 1024 * 1024))
    assert (api.status_code, api.json()["status"]) == (413, 413)


async def test_what_is_not_there_is_said_in_words(site: Site) -> None:
    browser = await site.signed_in("accept")
    for path in ("/nowhere", "/cases/doesnotexist", "/cases/doesnotexist/tasks/1", "/submissions/none"):
        answer = await browser.get(path)
        assert answer.status_code == 404
        assert "<h1>没有找到</h1>" in answer.text
    odd = await browser.get("/cases?text=%00")
    assert odd.status_code == 422


async def test_every_answer_carries_the_policy(site: Site) -> None:
    browser = await site.signed_in("accept")
    for path in ("/", "/tasks", "/nowhere", "/healthz", "/static/site.css", "/api/v1/openapi.json"):
        answer = await browser.client.get(path)
        assert answer.headers["content-security-policy"] == POLICY, path
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_openapi_document_names_every_route_of_the_api(site: Site) -> None:
    document = (await site.browser().client.get("/api/v1/openapi.json")).json()
    assert len([path for path in document["paths"] if path.startswith("/api/v1/")]) > 18
    assert all(one.get("summary") for path in document["paths"].values() for one in path.values())
