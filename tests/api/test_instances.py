"""An administrator sees what runs without a case, answers its tasks, looks at its variables, and ends it."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select

from bpmn.events import GraphRef, InstanceStarted
from cases.definitions import deploy
from cases.tables.engine import Instance, LoggedStep
from cases.tables.ledger import AuditEntry
from tests.api.region_builder import PACK, SCREENING, place
from tests.api.stuck_case import Applying, apply
from tests.api.web_site import NOW, Site
from tests.bpmn.bpmn_models import boundary, end, error, flows, message, process, properties, start, user

_numbers = itertools.count(1)
FORM = {
    "id": "probe", "type": "default",
    "components": [
        {"id": "F1", "key": "days", "type": "number", "label": "天数", "properties": {"routing": "true"},
         "validate": {"required": True, "max": 60}},
        {"id": "F2", "key": "told", "type": "textarea", "label": "说明"},
    ],
}  # fmt: skip
MODEL = process(
    start("s", message("m"))
    + user("ask", name="核对数据")
    + boundary("bad", "ask", error("er"))
    + user("fill", '<zeebe:formDefinition formId="probe"/>', name="填报天数")
    + user("choose", properties({"jiannuo:acts": "approve reject"}), name="定夺")
    + user("mend", name="改正")
    + end()
    + end("e2")
    + flows("s>ask", "ask>fill", "fill>choose", "choose>e", "bad>mend", "mend>e2"),
    '<message id="m" name="probe"/><error id="er" errorCode="WRONG"/>',
    name="probe",
)


@pytest_asyncio.fixture
async def probe(site: Site, tmp_path: Path) -> AsyncIterator[str]:
    """An execution that a message began; it waits at its first task."""
    before = site.services.client
    site.services.client = Applying(site.services, NOW)
    named = MODEL.decode().replace('<process id="probe"', '<process id="probe" name="抽查"')
    (tmp_path / "probe.bpmn").write_text(named)
    (tmp_path / "probe.form").write_text(json.dumps(FORM))
    key = f"probe-{next(_numbers)}"
    async with site.services.transaction() as session:
        done, *_ = await deploy(session, PACK, [tmp_path / "probe.bpmn", tmp_path / "probe.form"], NOW)
        id_ = f"probe:said{key}"
        session.add(
            Instance(
                id=id_, process_id="probe", graph_hash=done.hash, pack=PACK, business_key=key, channel=None,
                variables='{"who":"secret words"}', start_event="s", created_at=NOW,
            )
        )  # fmt: skip
        await session.flush()
        given = InstanceStarted(GraphRef(done.hash, "probe"), key, {"who": "secret words"}, "s")
        await apply(session, site.services, id_, given, NOW)
    yield id_
    site.services.client = before


async def detail(site: Site, id_: str) -> dict[str, object]:
    answer = await site.browser().client.get(f"/api/v1/instances/{id_}", headers=await site.token("admin"))
    return dict(answer.json())


async def task_key(site: Site, id_: str) -> int:
    (wait,) = [one for one in (await detail(site, id_))["waits"] if one["kind"] == "task"]  # type: ignore[attr-defined]
    return int(wait["key"])


async def post(site: Site, path: str, body: dict[str, object]) -> tuple[int, dict[str, object]]:
    answer = await site.browser().client.post(f"/api/v1{path}", headers=await site.token("admin"), json=body)
    return answer.status_code, answer.json()


async def test_the_list_says_what_runs_since_when_what_began_it_and_what_it_waits_for(site: Site, probe: str) -> None:
    admin = await site.signed_in("admin")
    page = (await admin.get("/operator/instances")).text
    assert 'href="/operator/instances"' in (await admin.get("/operator")).text
    row = page[page.index(f"/operator/instances/{probe.replace(':', '%3A')}") :]
    row = row[: row.index("</tr>")]
    assert "抽查" in row
    assert "由消息" in row
    assert "2026-09-21 10:00" in row
    assert "核对数据" in row
    assert "secret words" not in page
    assert "核对数据" in (await admin.get("/operator/instances?process=probe")).text
    assert "没有符合条件的" in (await admin.get("/operator/instances?process=nothing")).text
    for show in ("stuck", "completed", "cancelled", "any", "nonsense"):
        assert (await admin.get(f"/operator/instances?show={show}")).status_code == 200


async def test_pages_follow_each_other_without_gaps(site: Site, probe: str) -> None:
    client, token = site.browser().client, await site.token("admin")
    whole = (await client.get("/api/v1/instances?show=any&limit=1000", headers=token)).json()
    assert whole["next"] is None
    found: list[str] = []
    after = ""
    while after is not None:
        page = await client.get(f"/api/v1/instances?show=any&limit=2{after and '&after=' + after}", headers=token)
        found += [one["id"] for one in page.json()["items"]]
        after = page.json()["next"]
    assert found == [one["id"] for one in whole["items"]]
    assert probe in found
    assert (await client.get("/api/v1/instances?after=zzz", headers=token)).status_code == 422


async def test_what_belongs_to_a_case_is_listed_on_demand_and_its_tasks_stay_with_its_handlers(site: Site) -> None:
    async with site.services.transaction() as session:
        _, case = await place(session, site.services.vault, SCREENING, NOW, NOW)
    id_, client, token = f"complaint:{case}", site.browser().client, await site.token("admin")
    rows = [
        {one["id"]: one for one in (await client.get(f"/api/v1/instances{query}", headers=token)).json()["items"]}
        for query in ("", "?whole=true&limit=1000")
    ]
    assert id_ not in rows[0]
    assert (rows[1][id_]["begun_by"], rows[1][id_]["waits"]) == ("case", [])
    refused = await post(site, f"/instances/{id_}/tasks/11", {"reason": "试"})
    assert (refused[0], refused[1]["detail"]) == (409, "这个流程属于案件，它的任务由案件的承办人办理，管理员不能代办。")
    for act in ("variables", "cancel"):
        assert (await post(site, f"/instances/{id_}/{act}", {"reason": "试"}))[0] == 409
    admin = await site.signed_in("admin")
    page = (await admin.get(f"/operator/instances/{id_}")).text
    assert "属于案件的流程由案件的承办人办理" in page
    assert "终止流程" not in page
    assert (await admin.get(f"/operator/instances/{id_}/diagram.json")).status_code == 409


async def test_a_task_is_answered_after_a_look_at_what_follows(site: Site, probe: str) -> None:
    admin = await site.signed_in("admin")
    path = f"/operator/instances/{probe}/tasks/{await task_key(site, probe)}"
    shown = (await admin.get(path)).text
    id_ = re.search(r'name="submission_id" value="(\w+)"', shown)
    fields: dict[str, object] = {"outcome": "complete", "variables": '{"ok": true}', "submission_id": id_ and id_[1]}
    refused = await admin.post(path, fields)
    assert (refused.status_code, "请写明理由" in refused.text) == (422, True)
    assert "&#34;ok&#34;: true" in refused.text
    confirm = (await admin.post(path, {**fields, "reason": "已电话核对"})).text
    assert "以下变化尚未发生" in confirm
    assert "填报天数" in confirm
    assert await task_key(site, probe) == int(path.rpartition("/")[2])
    done = await admin.post(path, {**fields, "reason": "已电话核对", "confirmed": "1"})
    assert done.headers["location"] == f"/operator/instances/{probe}"
    page = (await admin.get(f"/operator/instances/{probe}")).text
    assert "已电话核对" in page
    assert "系统 管理" in page
    assert "办理任务" in page
    assert "填报天数" in page
    gone = await admin.get(path)
    assert (gone.status_code, "已经结束" in gone.text) == (409, True)


async def test_the_form_s_fields_that_travel_are_asked_for_and_checked(site: Site, probe: str) -> None:
    await post(site, f"/instances/{probe}/tasks/{await task_key(site, probe)}", {"reason": "过"})
    key = await task_key(site, probe)
    path = f"/operator/instances/{probe}/tasks/{key}"
    admin = await site.signed_in("admin")
    page = (await admin.get(path)).text
    assert 'name="f.F1"' in page
    assert 'name="f.F2"' not in page
    wrong = await admin.post(path, {"outcome": "complete", "f.F1": "90", "reason": "报"})
    assert (wrong.status_code, "不得大于60" in wrong.text, 'value="90"' in wrong.text) == (422, True, True)
    confirm = await admin.post(path, {"outcome": "complete", "f.F1": "30", "reason": "报"})
    carried = re.search(r'name="variables" value="([^"]+)"', confirm.text)
    assert carried is not None
    assert "30" in carried[1]
    wrong_api = await post(site, f"/instances/{probe}/tasks/{key}", {"reason": "报", "variables": {"days": "many"}})
    assert wrong_api[0] == 422
    assert (await post(site, f"/instances/{probe}/tasks/{key}", {"reason": "报", "variables": {"days": 30}}))[0] == 200
    chosen = await task_key(site, probe)
    assert (await post(site, f"/instances/{probe}/tasks/{chosen}", {"reason": "定"}))[0] == 422
    last = await post(site, f"/instances/{probe}/tasks/{chosen}", {"reason": "定", "act": "approve"})
    assert last[0] == 200
    assert (await detail(site, probe))["status"] == "completed"
    async with site.services.transaction() as session:
        event = await session.scalar(
            select(LoggedStep.event).where(LoggedStep.instance_id == probe, LoggedStep.number == last[1]["step"])
        )
    assert '"act":"approve"' in str(event)


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ("days=3", "请填写一个 JSON 对象"),
        ("[1, 2]", "请填写一个 JSON 对象"),
        ("[" * 100_000, "嵌套过深"),
        ('{" ": 1}', "变量名不能为空"),
        ('{"a": "\\u0000"}', "无法保存的空字符"),
        ('{"a": "' + "x" * 70_000 + '"}', "不能超过64 KB"),
    ],
)
async def test_what_is_no_variables_is_said_at_its_field(
    site: Site, probe: str, variables: str, sentence: str
) -> None:
    admin = await site.signed_in("admin")
    path = f"/operator/instances/{probe}/tasks/{await task_key(site, probe)}"
    await admin.get(path)
    answer = await admin.post(path, {"outcome": "complete", "variables": variables, "reason": "试"})
    assert (answer.status_code, sentence in answer.text) == (422, True)


async def test_sent_twice_it_is_one_act_and_two_at_once_are_one(site: Site, probe: str) -> None:
    path = f"/instances/{probe}/tasks/{await task_key(site, probe)}"
    assert (await post(site, path, {"reason": "试", "submission_id": "../x"}))[0] == 422
    body: dict[str, object] = {"reason": "补办", "submission_id": f"same{next(_numbers)}"}
    assert [await post(site, path, body) for _ in range(2)] == [(200, {"step": 2})] * 2
    other = await post(site, path, {"reason": "补办"})
    assert (other[0], "“核对数据”已经结束" in str(other[1]["detail"])) == (409, True)
    key = await task_key(site, probe)
    path = f"/instances/{probe}/tasks/{key}"
    given: dict[str, object] = {"reason": "补办", "variables": {"days": 1}}
    both = await asyncio.gather(post(site, path, given), post(site, path, given))
    assert sorted(code for code, _ in both) == [200, 409]
    assert (await post(site, f"/instances/{probe}/tasks/999", {"reason": "试"}))[0] == 404
    assert (await post(site, f"/instances/{probe}/tasks/99999999999", {"reason": "试"}))[0] == 404


async def test_an_escalation_leaves_a_task_and_an_error_that_the_model_catches_ends_it(site: Site, probe: str) -> None:
    path = f"/instances/{probe}/tasks/{await task_key(site, probe)}"
    assert (await post(site, path, {"reason": "退", "outcome": "error"}))[0] == 422
    raised = await post(site, path, {"reason": "报", "outcome": "escalate", "code": "UP"})
    assert raised[0] == 200
    assert [one["element"] for one in (await detail(site, probe))["waits"]] == ["ask"]  # type: ignore[attr-defined]
    assert (await post(site, path, {"reason": "退", "outcome": "error", "code": "WRONG"}))[0] == 200
    assert [one["element"] for one in (await detail(site, probe))["waits"]] == ["mend"]  # type: ignore[attr-defined]


async def test_values_are_shown_after_a_reason_and_each_look_is_kept(site: Site, probe: str) -> None:
    admin = await site.signed_in("admin")
    path = f"/operator/instances/{probe}"
    page = (await admin.get(path)).text
    assert "<code>who</code>" in page
    assert "secret words" not in page
    assert (await admin.post(f"{path}/variables", {"reason": " "})).status_code == 422
    shown = (await admin.post(f"{path}/variables", {"reason": "查错"})).text
    assert "secret words" in shown
    assert "secret words" not in (await admin.get(path)).text
    looked = await site.browser().client.post(
        f"/api/v1/instances/{probe}/variables", headers=await site.token("admin"), json={"reason": "再查"}
    )
    assert looked.json()[0]["variables"] == {"who": "secret words"}
    async with site.services.transaction() as session:
        wanted = select(AuditEntry.facts).where(
            AuditEntry.act == "operate:VariablesRead", AuditEntry.facts["instance"].astext == probe
        )
        assert [one["reason"] for one in await session.scalars(wanted.order_by(AuditEntry.number))] == ["查错", "再查"]


async def test_it_is_ended_after_a_look_and_only_once(site: Site, probe: str) -> None:
    admin = await site.signed_in("admin")
    path = f"/operator/instances/{probe}"
    await admin.get(path)
    assert (await admin.post(f"{path}/cancel", {})).status_code == 422
    confirm = await admin.post(f"{path}/cancel", {"reason": "发错了"})
    assert "处置后流程就此结束。" in confirm.text
    assert (await admin.post(f"{path}/cancel", {"reason": "发错了", "confirmed": "1"})).status_code == 303
    page = (await admin.get(path)).text
    assert "已终止" in page
    assert "发错了" in page
    assert (await post(site, f"/instances/{probe}/cancel", {"reason": "再终止"}))[0] == 409


async def test_the_diagram_marks_where_it_stands_and_the_pages_have_their_english(site: Site, probe: str) -> None:
    admin = await site.signed_in("admin")
    found = (await admin.get(f"/operator/instances/{probe}/diagram.json")).json()
    assert found["here"] == ["ask"]
    assert "<process" in found["xml"]
    assert "这个模型没有画图" in (await admin.get(f"/operator/instances/{probe}/diagram")).text
    await admin.get("/language/en?back=/operator/instances")
    page = (await admin.get(f"/operator/instances/{probe}")).text
    assert "by a message" in page
    assert "Look at the variables" in page
