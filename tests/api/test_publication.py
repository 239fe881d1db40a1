"""Another system sends a message: signed, once however often it is sent, and told what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from api.ports import Sender, Sent
from cases.tables.engine import Instance
from cases.tables.ledger import Outbox
from cases.tables.messages import Delivery, Published
from tests.api.message_world import KEY_ID, SECRET, listening, new_key, signed, waiting
from tests.api.message_world import instance as make_instance
from tests.api.web_site import NOW, Site

PATH = "/api/v1/messages/publication"


@pytest.fixture(autouse=True)
def known_sender(site: Site) -> Iterator[None]:
    site.services.senders = {KEY_ID: Sender(KEY_ID, SECRET, frozenset({"news", "order", "bell"}))}
    yield
    site.services.senders = {}


async def publish(site: Site, body: object, **how: Any) -> httpx.Response:
    return await site.browser().client.post(PATH, **signed(body, how.pop("at", site.now), **how))


def news(key: str, **more: Any) -> dict[str, Any]:
    return {"name": "news", "key": key, "message_id": f"m-{key}", "variables": {"text": "hello"}, **more}


async def test_whoever_waits_gets_it_at_once_and_is_named_in_the_answer(site: Site) -> None:
    key = new_key()
    async with site.services.transaction() as session:
        case = await waiting(session, key, NOW)
    answer = await publish(site, news(key))
    assert (answer.status_code, answer.json()["outcome"], answer.json()["instances"]) == (200, "taken", [case])
    ((submission, instance_id, event, actor),) = site.executions.sent
    assert (instance_id, actor) == (case, "system:portal")
    assert "hello" in event
    async with site.services.transaction() as session:
        row = await session.get_one(Delivery, submission)
        assert (row.status, row.settled_at) == ("done", NOW)


async def test_the_same_message_id_is_the_same_message(site: Site) -> None:
    key = new_key()
    async with site.services.transaction() as session:
        await waiting(session, key, NOW)
        await waiting(session, key, NOW)
    first, again = await publish(site, news(key)), await publish(site, news(key))
    assert (first.json(), first.status_code) == (again.json(), again.status_code)
    assert len(site.executions.sent) == 1
    other = await publish(site, news(key, variables={"text": "another"}))
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    assert "内容不同" in other.json()["detail"]
    second = await publish(site, news(key, message_id=f"n-{key}"))
    assert (second.json()["outcome"], len(site.executions.sent)) == ("taken", 2)


async def test_of_a_number_every_digit_arrives(site: Site) -> None:
    key = new_key()
    body = f'{{"name":"news","message_id":"{key}","key":"{key}","variables":{{"sum":12345678901234567.89}}}}'
    answer = await publish(site, body.encode())
    async with site.services.transaction() as session:
        row = await session.get_one(Published, answer.json()["id"])
        assert row.variables == '{"sum":12345678901234567.89}'


async def test_a_message_that_nobody_waits_for_is_kept_as_long_as_it_says(site: Site) -> None:
    key = new_key()
    answer = await publish(site, news(key, time_to_live="PT2H"))
    assert (answer.status_code, answer.json()["outcome"], answer.json()["instances"]) == (202, "buffered", [])
    async with site.services.transaction() as session:
        row = await session.get_one(Published, answer.json()["id"])
        assert (row.expires_at, row.sender) == (NOW + timedelta(hours=2), "system:portal")
    site.now = NOW + timedelta(hours=3)
    async with site.services.transaction() as session:
        await waiting(session, new_key(), NOW)
    await publish(site, news(key, message_id="later", time_to_live="PT0S"))
    assert (await publish(site, news(key, time_to_live="PT2H"))).json()["outcome"] == "expired"


async def test_a_message_starts_the_process_that_it_is_for_once(site: Site) -> None:
    key = new_key()
    async with site.services.transaction() as session:
        await make_instance(session, "listener", NOW)
    order = {"name": "order", "key": key, "message_id": key}
    answers = [await publish(site, order) for _ in range(2)]
    assert [(a.status_code, a.json()["outcome"]) for a in answers] == [(200, "started")] * 2
    (id_,) = answers[0].json()["instances"]
    async with site.services.transaction() as session:
        row = await session.get_one(Instance, id_)
        assert (row.process_id, row.business_key, row.status) == ("ordered", key, "starting")
        promised = select(func.count()).select_from(Outbox).where(Outbox.ref == id_)
        assert await session.scalar(promised) == 1


async def test_a_signal_goes_to_all_who_wait_for_it(site: Site) -> None:
    async with site.services.transaction() as session:
        hearers = {await listening(session, "bell", NOW) for _ in range(2)}
    answer = await publish(site, {"name": "bell", "kind": "signal", "message_id": new_key()})
    assert answer.status_code == 200
    assert hearers < set(answer.json()["instances"])
    assert answer.json()["outcome"] == "started"


async def test_an_execution_that_does_not_answer_leaves_it_under_way(site: Site) -> None:
    key = new_key()
    async with site.services.transaction() as session:
        case = await waiting(session, key, NOW)
    site.executions.answer = Sent(None, pending=True)
    answer = await publish(site, news(key))
    assert (answer.status_code, answer.json()["outcome"], answer.json()["instances"]) == (202, "under_way", [case])
    site.executions.answer, site.executions.refusal = Sent(7, pending=False), "不再等待"
    refused = await publish(site, news(new_key()))
    assert refused.status_code == 202


async def test_an_act_of_a_person_is_no_catch(site: Site) -> None:
    key = new_key()
    async with site.services.transaction() as session:
        await waiting(session, key, NOW, acts=("withdraw",))
    assert (await publish(site, news(key))).json()["outcome"] == "buffered"
    assert site.executions.sent == []


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"\xff not json", {"body"}),
        (b"[1]", {"body"}),
        ({}, {"name", "message_id"}),
        ({"name": 3, "message_id": "m", "key": "k"}, {"name"}),
        ({"name": "news", "message_id": "m", "key": "k", "to": "x"}, {"to"}),
        ({"name": "news", "message_id": "m", "key": " "}, {"key"}),
        ({"name": "news", "message_id": "m", "key": "k", "variables": [1]}, {"variables"}),
        ({"name": "news", "message_id": "m", "key": "k", "variables": {"x": "y" * 70_000}}, {"variables"}),
        ({"name": "news", "message_id": "m", "key": "k", "time_to_live": "2 hours"}, {"time_to_live"}),
        ({"name": "news", "message_id": "m", "key": "k", "time_to_live": "-PT1H"}, {"time_to_live"}),
        ({"name": "news", "message_id": "m", "key": "k", "time_to_live": "P9999999Y"}, {"time_to_live"}),
        ({"name": "news", "message_id": "", "key": "k", "kind": "letter"}, {"message_id", "kind"}),
        ({"name": "news", "message_id": "m\x00", "key": "k" * 201}, {"message_id", "key"}),
        (b'{"name": "news", "message_id": "m", "key": "k", "variables": {"x": NaN}}', {"variables"}),
        (b'{"name": "news", "message_id": "m", "key": "k", "variables": {"x": "\\ud800"}}', {"body"}),
        (b'{"name":"news","message_id":"m","key":"k","variables":' + b'{"x":' * 900 + b"1" + b"}" * 901, {"body"}),
    ],
)
async def test_what_is_wrong_is_said_by_field_with_its_remedy(site: Site, body: object, fields: set[str]) -> None:
    answer = await publish(site, body)
    assert (answer.status_code, set(answer.json()["fields"])) == (422, fields)
    assert all(sentence.endswith("。") for sentence in answer.json()["fields"].values())


async def test_only_a_known_sender_with_a_fresh_signature_and_its_own_messages_is_heard(site: Site) -> None:
    body = news(new_key())
    client = site.browser().client
    assert (await client.post(PATH, json=body)).status_code == 401
    assert (await client.post(PATH, json=body, headers=await site.token("admin"))).status_code == 401
    for how in ({"secret": b"another"}, {"key": "nobody"}, {"key": "nobody", "secret": b""}):
        answer = await publish(site, body, **how)
        assert (answer.status_code, answer.json()["code"]) == (401, "unsigned")
    stale = await publish(site, body, at=site.now - timedelta(minutes=6))
    assert (stale.status_code, "时钟" in stale.json()["detail"]) == (401, True)
    changed = signed(body, site.now)
    changed["content"] = b'{"name":"news","key":"k","message_id":"m"}'
    assert (await client.post(PATH, **changed)).status_code == 401
    answer = await publish(site, {**body, "name": "letter"})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert site.executions.sent == []
