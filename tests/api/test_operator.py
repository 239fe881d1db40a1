"""An administrator sees what stands still, looks at what an act would do, does it with a reason, and takes it back."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

import bpmn
from cases.engine_words import INCIDENT_RULES
from tests.api.stuck_case import Applying, stand_still
from tests.api.web_site import NOW, Browser, Site

_numbers = itertools.count(1)


@pytest_asyncio.fixture
async def stuck(site: Site, tmp_path: Path) -> AsyncIterator[str]:
    before = site.services.client
    site.services.client = Applying(site.services, NOW)
    async with site.services.transaction() as session:
        id_ = await stand_still(session, site.services, tmp_path, next(_numbers), NOW)
    yield id_
    site.services.client = before


async def key_of(site: Site, stuck: str) -> int:
    rows = (await site.browser().client.get("/api/v1/incidents", headers=await site.token("admin"))).json()
    (found,) = [row for row in rows if row["instance_id"] == stuck]
    return int(found["key"])


async def test_the_list_says_where_why_and_since_when_in_chinese(site: Site, stuck: str) -> None:
    page = (await (await site.signed_in("admin")).get("/operator")).text
    assert "是否属实" in page
    assert "网关后没有一个条件成立，也没有默认流向" in page
    assert "2026-09-21 10:00" in page


async def test_an_act_is_looked_at_confirmed_done_and_undone(site: Site, stuck: str) -> None:
    admin = await site.signed_in("admin")
    path = f"/operator/incidents/{stuck}/{await key_of(site, stuck)}"
    shown = (await admin.get(path)).text
    assert "<code>verdict</code>" in shown
    assert "maybe" in shown
    fields: dict[str, object] = {"act": "move", "element": "no", "reason": "经电话核实"}
    confirm = await admin.post(path, fields)
    assert "以下变化尚未发生" in confirm.text
    assert "反馈说明" in confirm.text
    assert "确认处置" in confirm.text
    assert await stands_still(admin, stuck)

    done = await admin.post(path, {**fields, "confirmed": "1"})
    assert done.headers["location"] == f"/operator/instances/{stuck}"
    assert not await stands_still(admin, stuck)
    after = (await admin.get(f"/operator/instances/{stuck}")).text
    assert "现在没有受阻之处。" in after
    assert "经电话核实" in after
    assert "系统 管理" in after
    assert (await admin.post(f"/operator/instances/{stuck}/undo", {"reason": " "})).status_code == 422
    undone = await admin.post(f"/operator/instances/{stuck}/undo", {"reason": "选错了"})
    assert undone.status_code == 303
    assert await stands_still(admin, stuck)
    again = (await admin.get(f"/operator/instances/{stuck}")).text
    assert "撤销处置" in again
    assert f'action="/operator/instances/{stuck}/undo"' not in again


async def stands_still(admin: Browser, stuck: str) -> bool:
    return f"/operator/incidents/{stuck.replace(':', '%3A')}/" in (await admin.get("/operator")).text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"act": "retry"}, "请写明理由"),
        ({"act": "move", "reason": "试"}, "请选择要移动到的环节。"),
        ({"act": "move", "reason": "试", "element": "e2"}, "请选择要移动到的环节。"),
        ({"act": "edit", "reason": "试", "variables": "verdict=yes"}, "请填写一个 JSON 对象"),
        ({"act": "edit", "reason": "试"}, "请填写要修改的变量"),
    ],
)
async def test_what_is_missing_is_said_at_its_field(
    site: Site, stuck: str, fields: dict[str, object], sentence: str
) -> None:
    admin = await site.signed_in("admin")
    path = f"/operator/incidents/{stuck}/{await key_of(site, stuck)}"
    await admin.get(path)
    answer = await admin.post(path, fields)
    assert answer.status_code == 422
    assert sentence in answer.text


async def test_the_json_api_edits_retries_and_undoes(site: Site, stuck: str) -> None:
    client, token = site.browser().client, await site.token("admin")
    base = f"/api/v1/incidents/{stuck}"
    key = await key_of(site, stuck)
    one = (await client.get(f"{base}/{key}", headers=token)).json()
    assert (one["acts"], one["scopes"][0]["variables"]) == (["edit", "move", "retry", "skip"], {"verdict": "maybe"})
    edit = {"reason": "更正", "variables": {"verdict": "yes"}}
    assert (await client.post(f"{base}/{key}/edit", headers=token, json=edit)).json() == {"step": 2}
    seen = (await client.post(f"{base}/{key}/retry/preview", headers=token, json={"reason": "x"})).json()
    assert ("created", "task", "yes") in {(c["what"], c["kind"], c["element"]) for c in seen["changes"]}
    retried = await client.post(f"{base}/{key}/retry", headers=token, json={"reason": "更正后重试"})
    assert retried.json() == {"step": 3}
    assert (await client.post(f"{base}/{key}/retry", headers=token, json={"reason": "x"})).status_code == 404
    undo = f"/api/v1/instances/{stuck}/undo"
    assert (await client.post(undo, headers=token, json={"reason": "撤回"})).json() == {"step": 4}
    refused = await client.post(undo, headers=token, json={"reason": "再撤"})
    assert (refused.status_code, refused.json()["detail"]) == (409, "上一步不是管理员的处置，没有可以撤销的处置。")


async def test_definitions_are_listed_with_their_open_cases(site: Site, stuck: str) -> None:
    rows = (await site.browser().client.get("/api/v1/definitions", headers=await site.token("admin"))).json()
    (row,) = [row for row in rows if row["id"] == "stuck"]
    assert (row["version"], row["newest"]) == (1, True)
    assert row["open_cases"] >= 1
    page = (await (await site.signed_in("admin")).get("/operator/definitions")).text
    assert "stuck.bpmn" in page
    # An officer knows the process by its name; its id stands beside.
    (complaint,) = [row for row in rows if row["id"] == "complaint"]
    assert complaint["name"] == "政府违约失信投诉办理"
    assert re.search(r"政府违约失信投诉办理 <code[^>]*>complaint</code>", page)


def test_every_reason_of_the_engine_has_a_chinese_sentence() -> None:
    rules = set()
    for path in Path(bpmn.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            named = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Failure" and node.args
            if named and isinstance(node.args[0], ast.Constant):  # type: ignore[union-attr]
                rules.add(node.args[0].value)  # type: ignore[union-attr]
    assert sorted(rules - set(INCIDENT_RULES)) == []
