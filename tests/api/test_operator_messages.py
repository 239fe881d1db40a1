"""An administrator sees what waits between processes, and drops, brings back, hands over or sends it, with a reason."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from cases.tables.ledger import AuditEntry
from cases.tables.messages import Delivery, Published
from tests.api.message_world import listening, new_key, thrown, waiting
from tests.api.web_site import NOW, Site

HERE = "/operator/messages"


async def entries(site: Site, id_: str) -> list[tuple[str, str]]:
    async with site.services.transaction() as session:
        rows = await session.scalars(select(AuditEntry).order_by(AuditEntry.number))
        return [(row.act, row.facts["reason"]) for row in rows if row.facts.get("message") == id_]


async def status(site: Site, id_: str) -> str:
    async with site.services.transaction() as session:
        return str(await session.scalar(select(Published.status).where(Published.id == id_)))


async def test_the_list_names_the_variables_and_never_what_they_hold(site: Site) -> None:
    key = new_key()
    async with site.services.transaction() as session:
        id_ = await thrown(session, key, NOW)
    admin = await site.signed_in("admin")
    for path in (f"{HERE}?key={key}", f"{HERE}/{id_}"):
        page = (await admin.get(path)).text
        assert f"<code>{key}</code>" in page
        assert "<code>days</code>" in page
        assert "secret words" not in page
        assert "2026-09-22 10:00" in page
    book = load_workbook(io.BytesIO((await admin.get(f"{HERE}.xlsx?key={key}")).content)).active
    assert book is not None
    (row,) = list(book.iter_rows(min_row=4, values_only=True))
    assert (row[0], row[3], row[4], row[10]) == (id_, key, "等待中", "days、text")


async def test_filters_and_pages_and_what_an_empty_list_says(site: Site) -> None:
    name, key = f"name-{new_key()}", new_key()
    async with site.services.transaction() as session:
        ids = [await thrown(session, key, NOW + timedelta(seconds=n), name=name) for n in range(3)]
        thrower = await session.scalar(select(Published.instance_id).where(Published.id == ids[0]))
    client, token = site.browser().client, await site.token("admin")

    async def listed(**query: Any) -> dict[str, Any]:
        answer = await client.get("/api/v1/messages", params=query, headers=token)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    first = await listed(name=name, limit=2)
    second = await listed(name=name, limit=2, after=first["next"])
    assert [row["id"] for page in (first, second) for row in page["items"]] == ids
    assert second["next"] is None
    assert [row["id"] for row in (await listed(case=thrower))["items"]] == ids[:1]
    assert (await listed(name=name, key="other"))["items"] == []
    assert (await listed(name=name, show="expired"))["items"] == []
    assert (await client.get("/api/v1/messages?after=x", headers=token)).status_code == 422
    admin = await site.signed_in("admin")
    page = await admin.get(f"{HERE}?name=nothing-of-this-name&show=expired")
    assert "没有符合条件的。" in page.text
    assert "没有被丢弃的消息。" in (await admin.get(f"{HERE}?show=dropped")).text


async def test_who_waits_for_what_is_listed_but_acts_of_people_are_not(site: Site) -> None:
    key, signal = new_key(), f"signal-{new_key()}"
    async with site.services.transaction() as session:
        case, person = await waiting(session, key, NOW), await waiting(session, key, NOW, acts=("withdraw",))
        hearer = await listening(session, signal, NOW)
    admin = await site.signed_in("admin")
    page = (await admin.get(f"{HERE}?show=waiting&key={key}")).text
    assert case in page
    assert person not in page
    client, token = site.browser().client, await site.token("admin")
    rows = (await client.get("/api/v1/messages/catches", params={"name": signal}, headers=token)).json()["items"]
    assert [(row["kind"], row["instance_id"], row["element_name"]) for row in rows] == [("signal", hearer, "等待信号")]
    seen: list[str] = []
    after = None
    while True:
        query = {"limit": 2} | ({"after": after} if after else {})
        found = (await client.get("/api/v1/messages/catches", params=query, headers=token)).json()
        seen += [f"{row['instance_id']}#{row['catch']}" for row in found["items"]]
        after = found["next"]
        if after is None:
            break
    assert len(seen) == len(set(seen))
    assert {f"{case}#3", f"{hearer}#2"} <= set(seen)


async def test_a_message_is_dropped_with_a_reason_and_brought_back(site: Site) -> None:
    async with site.services.transaction() as session:
        id_ = await thrown(session, new_key(), NOW)
    admin = await site.signed_in("admin")
    await admin.get(f"{HERE}/{id_}")
    missing = await admin.post(f"{HERE}/{id_}", {"act": "drop", "reason": " "})
    assert (missing.status_code, "请写明理由" in missing.text) == (422, True)
    assert 'href="#i-drop-reason"' in missing.text
    assert 'id="i-drop-reason"' in missing.text
    assert (await admin.post(f"{HERE}/{id_}", {"act": "drop", "reason": "收件流程已撤"})).status_code == 303
    assert await status(site, id_) == "dropped"
    shown = (await admin.get(f"{HERE}/{id_}")).text
    assert "已丢弃" in shown
    assert "恢复等待" in shown
    assert (await admin.post(f"{HERE}/{id_}", {"act": "drop", "reason": "再丢"})).status_code == 409
    await admin.get(f"{HERE}/{id_}")
    assert (await admin.post(f"{HERE}/{id_}", {"act": "restore", "reason": "丢错了"})).status_code == 303
    assert await status(site, id_) == "buffered"
    done = [("operate:MessageDropped", "收件流程已撤"), ("operate:MessageRestored", "丢错了")]
    assert await entries(site, id_) == done
    front = (await admin.get("/operator")).text
    assert "丢弃消息" in front
    assert "丢错了" in front


async def test_an_expired_message_waits_once_more_as_long_as_at_first(site: Site) -> None:
    async with site.services.transaction() as session:
        id_ = await thrown(session, new_key(), NOW - timedelta(days=3), status="expired")
    client, token = site.browser().client, await site.token("admin")
    answer = await client.post(f"/api/v1/messages/{id_}/restore", json={"reason": "补收"}, headers=token)
    assert answer.json() == {"id": id_, "outcome": "buffered", "instances": []}
    one = (await client.get(f"/api/v1/messages/{id_}", headers=token)).json()
    assert one["until"] == (NOW + timedelta(days=1)).isoformat().replace("+00:00", "Z")


async def test_a_message_is_handed_to_a_chosen_execution_whatever_its_key(site: Site) -> None:
    key = new_key()
    async with site.services.transaction() as session:
        id_ = await thrown(session, key, NOW)
        case, person = await waiting(session, new_key(), NOW), await waiting(session, key, NOW, acts=("withdraw",))
    admin = await site.signed_in("admin")
    shown = (await admin.get(f"{HERE}/{id_}")).text
    assert f'value="3 {case}"' in shown
    assert person not in shown
    missing = await admin.post(f"{HERE}/{id_}", {"act": "deliver", "reason": "更正"})
    assert (missing.status_code, "请选择交给哪个流程。" in missing.text) == (422, True)
    refused = await admin.post(f"{HERE}/{id_}", {"act": "deliver", "reason": "更正", "catch": f"3 {person}"})
    assert refused.status_code == 409
    await admin.get(f"{HERE}/{id_}")
    done = await admin.post(f"{HERE}/{id_}", {"act": "deliver", "reason": "键写错了", "catch": f"3 {case}"})
    assert done.status_code == 303
    assert await status(site, id_) == "delivered"
    assert [sent[1] for sent in site.executions.sent] == [case]
    assert await entries(site, id_) == [("operate:MessageHandedOver", "键写错了")]
    shown = (await admin.get(f"{HERE}/{id_}")).text
    assert "已接收" in shown
    assert 'value="deliver"' not in shown


async def test_a_catch_that_something_is_on_its_way_to_is_not_offered(site: Site) -> None:
    key = new_key()
    async with site.services.transaction() as session:
        case = await waiting(session, key, NOW)
        first, second = await thrown(session, new_key(), NOW), await thrown(session, new_key(), NOW)
        await session.execute(update(Published).where(Published.id == first).values(status="sent"))
        session.add(Delivery(id=f"d-{key}", published_id=first, instance_id=case, key=3, created_at=NOW, tries=2))
    client, token = site.browser().client, await site.token("admin")
    wanted = {"instance_id": case, "catch": 3, "reason": "试"}
    answer = await client.post(f"/api/v1/messages/{second}/deliver", json=wanted, headers=token)
    assert answer.status_code == 409
    going = (await client.get(f"/api/v1/messages?show=under_way&case={case}", headers=token)).json()
    assert [(row["id"], row["to_instance"], row["tries"]) for row in going["items"]] == [(first, case, 2)]
    page = (await (await site.signed_in("admin")).get(f"{HERE}?show=under_way&case={case}")).text
    assert case in page


async def test_a_message_is_sent_by_hand_once_however_often_the_button_is_pressed(site: Site) -> None:
    key = new_key()
    async with site.services.transaction() as session:
        case = await waiting(session, key, NOW)
    admin = await site.signed_in("admin")
    form = (await admin.get(f"{HERE}/new?name=news&key={key}")).text
    assert f'value="{key}"' in form
    fields: dict[str, object] = {
        "kind": "message", "name": "news", "key": key, "message_id": f"id-{key}", "variables": '{"days": 30}',
        "reason": "对方系统停机",
    }  # fmt: skip
    wrong = await admin.post(f"{HERE}/new", {**fields, "variables": "days=30", "name": "", "reason": ""})
    assert wrong.status_code == 422
    for sentence in ("请填写一个 JSON 对象", "请填写名称", "请写明理由"):
        assert sentence in wrong.text
    sent = [await admin.post(f"{HERE}/new", fields) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [303, 303]
    assert [one[1] for one in site.executions.sent] == [case]
    page = (await admin.get(sent[0].headers["location"])).text
    assert "已送达" in page
    assert "管理员手工发出" in page
    id_ = sent[0].headers["location"].rpartition("/")[2]
    assert await entries(site, id_) == [("operate:MessageSent", "对方系统停机")]


@pytest.mark.parametrize("variables", ['{"x": NaN}', "[" * 100_000, '{"x": ' * 50_000 + "1" + "}" * 50_000, "3"])
async def test_variables_that_cannot_be_kept_are_refused_at_their_field(site: Site, variables: str) -> None:
    admin = await site.signed_in("admin")
    await admin.get(f"{HERE}/new")
    fields = {"kind": "message", "name": "news", "key": "k", "message_id": "m", "reason": "试"}
    answer = await admin.post(f"{HERE}/new", {**fields, "variables": variables})
    assert (answer.status_code, 'id="e-variables"' in answer.text) == (422, True)


async def test_a_signal_is_sent_by_hand_by_program(site: Site) -> None:
    name = f"signal-{new_key()}"
    async with site.services.transaction() as session:
        hearer = await listening(session, name, NOW)
    client, token = site.browser().client, await site.token("admin")
    given = {"kind": "signal", "name": name, "reason": "演练"}
    answer = (await client.post("/api/v1/messages", json=given, headers=token)).json()
    assert (answer["outcome"], answer["instances"]) == ("taken", [hearer])
    unheard = await client.post("/api/v1/messages", json={**given, "name": f"{name}-x"}, headers=token)
    assert unheard.json()["outcome"] == "unheard"


async def test_what_waits_too_long_is_shown_on_the_page_in_health_and_in_metrics(site: Site) -> None:
    async with site.services.transaction() as session:
        await thrown(session, new_key(), NOW - timedelta(hours=5))
    admin, client = await site.signed_in("admin"), site.browser().client
    for path in ("/operator", HERE):
        assert "仍未送达" in (await admin.get(path)).text
    told = (await client.get("/healthz")).json()
    assert (told["ready"], told["messages"]["overdue"]) == (True, True)
    assert told["messages"]["oldest_s"] >= 5 * 3600
    lines = (await client.get("/metrics")).text.splitlines()
    figures = {line.split()[0]: float(line.split()[1]) for line in lines if not line.startswith("#")}
    assert figures["jiannuo_messages_buffered"] == told["messages"]["buffered"]
    assert figures["jiannuo_messages_oldest_seconds"] >= 5 * 3600
    assert {"jiannuo_messages_under_way", "jiannuo_messages_expired"} < set(figures)


@pytest.mark.parametrize("act", ["drop", "restore", "deliver"])
async def test_a_message_that_is_gone_is_said_to_be_gone(site: Site, act: str) -> None:
    client, token = site.browser().client, await site.token("admin")
    given = {"reason": "试", "instance_id": "x", "catch": 1} if act == "deliver" else {"reason": "试"}
    answer = await client.post(f"/api/v1/messages/never-was/{act}", json=given, headers=token)
    assert (answer.status_code, answer.json()["detail"]) == (404, "没有这条消息，或者已过保存期。")
