"""Messages reach their platform once, whatever happens on the way; and what must not leave does not."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select
from temporalio.client import Client

from activities.jobs import Job
from activities.platforms.file_drop import MANIFEST, FilePlatform
from activities.platforms.port import PlatformPort
from activities.share_jobs import share_determination, share_record
from activities.stores import Stores
from cases import sharing
from cases.intake import instance_id_of
from cases.sharing import Promise, promise
from cases.tables.engine import Instance
from cases.tables.letters import Notice
from cases.tables.records import CreditRecord, Determination
from cases.tables.sharing import Push
from jiannuo.deliveries import Deliveries
from jiannuo.worker import make_worker
from tests.sharing.sharing_world import (
    ACCEPTING,
    COMPLAINANT,
    PACK,
    RESPONDENT,
    VERIFYING,
    ReceiverProcess,
    at,
    file_case,
)  # fmt: skip

REGIONAL = "自治区社会信用信息平台"
_numbers = itertools.count(100)


@asynccontextmanager
async def delivering(
    client: Client, stores: Stores, ports: Mapping[str, PlatformPort]
) -> AsyncIterator[Deliveries]:
    queue = f"sharing-{next(_numbers)}"
    async with make_worker(client, stores, queue, ports=ports):
        yield Deliveries(stores, client, queue)


async def until(condition: Callable[[], Awaitable[Any]]) -> Any:
    async with asyncio.timeout(60):
        while not (found := await condition()):  # noqa: ASYNC110  rows are no event of the loop
            await asyncio.sleep(0.05)
        return found


async def promised(stores: Stores, key: str, **changes: Any) -> str:
    fields: dict[str, Any] = {
        "key": key, "pack": PACK, "target": REGIONAL, "kind": "record", "subject": key,
        "content": {"case_no": "NMG-2026-000001", "unit": RESPONDENT, "status": "active"},
        "created_at": at("2026-09-18 10:00"), "within_s": 300,
    }  # fmt: skip
    async with stores.sessions.begin() as session:
        await promise(session, Promise(**(fields | changes)))
    return key


async def row(stores: Stores, key: str) -> Push:
    async with stores.sessions() as session:
        found = await session.get(Push, key)
        assert found is not None
        return found


def settled(stores: Stores, *keys: str) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return all([(await row(stores, key)).status != sharing.PENDING for key in keys])

    return look


async def test_a_determination_reaches_every_department_without_the_complainant(
    stores: Stores, temporal_plain: Client, receiver: ReceiverProcess
) -> None:
    async with stores.sessions.begin() as session:
        case = await file_case(session, 1, "2026-09-01 09:00", title=f"{COMPLAINANT}")
        merged = await file_case(session, 2, "2026-09-02 09:00", accepting_uscc=VERIFYING)
        merged.merged_into = case.id
        determined = at("2026-09-18 10:00")
        session.add(
            Determination(complaint_id=case.id, unit_uscc=RESPONDENT, grounds=["G1"], determined_at=determined)
        )
        session.add(
            CreditRecord(
                complaint_id=case.id, unit_uscc=RESPONDENT, source="BREACH", status="active", entered_at=determined,
                history=[],
            )
        )  # fmt: skip
        await session.flush()
        instance = await session.get(Instance, instance_id_of(case.id))
        assert instance is not None
        for key, share in ((7, share_determination), (8, share_record), (7, share_determination)):
            await share(Job(session, stores, instance, case, key, determined, {}))
    async with stores.sessions() as session:
        keys = list(await session.scalars(select(Push.idempotency_key).where(Push.complaint_id == "case1")))
    async with httpx.AsyncClient(trust_env=False) as client:
        ports = {key: receiver.platform(key, client) for key in ("departments", "regional")}
        async with delivering(temporal_plain, stores, ports) as deliveries:
            assert await deliveries.once()
            assert not await deliveries.once()
            await until(settled(stores, *keys))
    arrived = receiver.messages()
    assert sorted((m["platform"], m["to"]) for m in arrived if m["kind"] == "determination") == sorted(
        [("departments", ACCEPTING), ("departments", VERIFYING), ("departments", VERIFYING), ("departments", VERIFYING)]
    )
    assert [m["content"]["失信主体代码"] for m in arrived if m["kind"] == "record"] == [RESPONDENT]
    whole = json.dumps(arrived, ensure_ascii=False)
    for private in (COMPLAINANT, "青松", "投诉人甲", "digest1", "陈述"):
        assert private not in whole
    for key in keys:
        delivered = await row(stores, key)
        assert delivered.status == "received"
        assert delivered.receipt in {m["receipt"] for m in arrived}


async def test_a_receiver_killed_in_the_middle_has_everything_once_when_it_is_back(
    stores: Stores, temporal_plain: Client, receiver: ReceiverProcess
) -> None:
    receiver.post("/admin/losses", json.dumps({"share": 0.4}).encode())
    async with httpx.AsyncClient(trust_env=False) as client:
        ports = {"regional": receiver.platform("regional", client)}
        async with delivering(temporal_plain, stores, ports) as deliveries:
            early = [await promised(stores, f"early-{n}") for n in range(6)]
            await deliveries.once()
            await until(settled(stores, early[0]))
            receiver.kill()
            late = [await promised(stores, f"late-{n}") for n in range(6)]
            await deliveries.once()

            async def tried() -> bool:
                return (await row(stores, late[0])).last_error is not None

            await until(tried)
            receiver.start()
            await until(settled(stores, *early, *late))
    kept = [m["key"] for m in receiver.messages()]
    assert sorted(kept) == sorted([*early, *late])
    receipts = {m["key"]: m["receipt"] for m in receiver.messages()}
    for key in (*early, *late):
        assert (await row(stores, key)).receipt == receipts[key]


async def test_messages_of_one_case_arrive_in_order(
    stores: Stores, temporal_plain: Client, receiver: ReceiverProcess
) -> None:
    keys = [await promised(stores, f"ordered-{n}", subject="one case") for n in range(4)]
    async with httpx.AsyncClient(trust_env=False) as client:
        ports = {"regional": receiver.platform("regional", client)}
        async with delivering(temporal_plain, stores, ports) as deliveries:
            await deliveries.once()
            await until(settled(stores, *keys))
    assert [m["key"] for m in receiver.messages()] == keys
    assert [m["sequence"] for m in receiver.messages()] == [1, 2, 3, 4]


async def test_what_is_not_there_in_time_is_told_and_still_delivered(
    stores: Stores, temporal_plain: Client, receiver: ReceiverProcess
) -> None:
    receiver.kill()
    key = await promised(stores, "belated", within_s=1)
    async with httpx.AsyncClient(trust_env=False) as client:
        ports = {"regional": receiver.platform("regional", client)}
        async with delivering(temporal_plain, stores, ports) as deliveries:
            await deliveries.once()

            async def told() -> list[Notice]:
                async with stores.sessions() as session:
                    mine = Notice.idempotency_key.startswith("push:belated")
                    return list(await session.scalars(select(Notice).where(mine)))

            notices = await until(told)
            receiver.start()
            await until(settled(stores, key))
    assert [notice.kind for notice in notices] == ["report_no_receipt"]
    assert (await row(stores, key)).status == "received"


async def test_what_the_platform_refuses_is_final_and_visible(
    stores: Stores, temporal_plain: Client, receiver: ReceiverProcess
) -> None:
    receiver.post("/platforms/regional", b'{"kind":"record","subject":"x","sequence":1,"content":{}}', key="taken")
    key = await promised(stores, "taken")
    async with httpx.AsyncClient(trust_env=False) as client:
        ports = {"regional": receiver.platform("regional", client)}
        async with delivering(temporal_plain, stores, ports) as deliveries:
            await deliveries.once()
            await until(settled(stores, key))
    refused = await row(stores, key)
    assert refused.status == "refused"
    assert refused.last_error is not None
    assert "HTTP 409" in refused.last_error


async def test_a_platform_without_an_interface_gets_files_and_waits_for_a_person(
    stores: Stores, temporal_plain: Client, tmp_path: Path
) -> None:
    key = await promised(stores, "by-hand")
    async with delivering(temporal_plain, stores, {"regional": FilePlatform("平台", tmp_path / "out")}) as deliveries:
        await deliveries.once()
        await until(settled(stores, key))
    exported = await row(stores, key)
    assert (exported.status, exported.received_at) == ("exported", None)
    assert list(json.loads((tmp_path / "out" / MANIFEST).read_text())) == [exported.receipt]
    assert json.loads((tmp_path / "out" / str(exported.receipt)).read_text())["content"]["失信主体代码"] == RESPONDENT
    async with stores.sessions.begin() as session:
        await sharing.confirm_export(session, key, "收文2026-88", at("2026-09-18 17:00"))
    confirmed = await row(stores, key)
    assert (confirmed.status, confirmed.receipt) == ("received", "收文2026-88")


async def test_a_message_without_a_configured_platform_waits_visibly(
    stores: Stores, temporal_plain: Client, receiver: ReceiverProcess
) -> None:
    key = await promised(stores, "unconfigured")
    async with delivering(temporal_plain, stores, {}) as deliveries:
        await deliveries.once()

        async def noted() -> str | None:
            return (await row(stores, key)).last_error

        assert "JIANNUO_PLATFORMS" in await until(noted)
        assert (await row(stores, key)).status == "pending"
        await temporal_plain.get_workflow_handle(f"push:{key}").terminate()


async def test_promised_twice_it_is_one_message(stores: Stores) -> None:
    async with stores.sessions.begin() as session:
        given = Promise("twice", PACK, REGIONAL, "record", "twice", {}, at("2026-09-18 10:00"), 300)
        assert await promise(session, given)
        assert not await promise(session, given)
