"""A small region with its people and cases, and a receiver that runs as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from activities.platforms.http import HttpPlatform
from cases.deadlines.zone import SHANGHAI
from cases.intake import instance_id_of
from cases.tables.clocks import Deadline
from cases.tables.complaints import Complaint
from cases.tables.engine import DefinitionFile, Instance, StageEntry
from cases.tables.organisations import Account, Membership, Organisation, Region
from notifications.channels.signature import sign

SECRET = "a secret that both sides know"
JIANNUO = Path(sys.executable).with_name("jiannuo")
PACK = "nmg-2023"
LEAGUE, BANNER, TOP = "159700", "159701", "150000"
RESPONDENT, ACCEPTING, VERIFYING, DRC = "RESPONDENT", "ACCEPTING", "VERIFYING", "DRC"
COMPLAINANT = "青松建设有限公司"


def at(text: str) -> datetime:
    """`2026-09-18 15:45` in Asia/Shanghai."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


async def settle_region(session: AsyncSession) -> None:
    for code, level, parent in ((TOP, "REGION", None), (LEAGUE, "LEAGUE", TOP), (BANNER, "BANNER", LEAGUE)):
        session.add(Region(code=code, name=f"地区{code}", level=level, parent_code=parent))
        await session.flush()
    for uscc, region, functions in (
        (RESPONDENT, BANNER, []), (ACCEPTING, LEAGUE, ["accepting:COL"]), (VERIFYING, BANNER, []),
        (DRC, TOP, ["region_drc"]),
    ):  # fmt: skip
        session.add(
            Organisation(uscc=uscc, name=f"单位{uscc}", org_type="ORGAN", region_code=region, functions=functions)
        )
    await session.flush()
    people = (("drc", "region_drc", DRC), ("clerk", "accepting_dept", ACCEPTING), ("banner", "supervisor", VERIFYING))
    for login, role, unit in people:
        account = Account(login=login, display_name=login, password_hash="-", email=None, active=True)
        session.add(account)
        await session.flush()
        session.add(Membership(account_id=account.id, role=role, uscc=unit))
    deployed = at("2026-01-01 00:00")
    session.add(DefinitionFile(hash="graph", kind="bpmn", name="none.bpmn", source=b"", deployed_at=deployed))
    await session.flush()


async def file_case(session: AsyncSession, no: int, recorded: str, **changes: Any) -> Complaint:
    fields: dict[str, Any] = {
        "id": f"case{no}", "case_no": f"NMG-2026-{no:06d}", "pack": PACK, "channel": "COL",
        "received_at": at(recorded), "recorded_at": at(recorded), "complainant_digest": f"digest{no}",
        "complainant_alias": "投诉人甲", "enterprise_type": "PRIVATE_ENTERPRISE", "is_sme": True,
        "respondent_uscc": RESPONDENT, "superior_uscc": VERIFYING, "domain": "PROC",
        "title": f"{COMPLAINANT}诉拖欠", "statement": f"{COMPLAINANT}陈述", "request": "支付",
        "contract_no": f"青松-{no}", "amount_cny": Decimal("1200000.50"), "accepting_uscc": ACCEPTING,
        "verifying_uscc": VERIFYING, "region_code": BANNER,
    }  # fmt: skip
    case = Complaint(**(fields | changes))
    session.add(case)
    await session.flush()
    session.add(
        Instance(
            id=instance_id_of(case.id), process_id="complaint", graph_hash="graph", pack=PACK, business_key=case.id,
            channel="COL", variables="{}", created_at=case.recorded_at,
        )
    )  # fmt: skip
    await session.flush()
    return case


async def enter(session: AsyncSession, case: Complaint, number: int, stage: str, when: str) -> None:
    session.add(StageEntry(instance_id=instance_id_of(case.id), number=number, stage=stage, step=number, at=at(when)))
    case.stage = stage
    await session.flush()


async def clock(session: AsyncSession, case: Complaint, key: int, name: str, start: str, due: str, **more: Any) -> None:
    ends = at(f"{due} 00:00") + timedelta(days=1)
    fields: dict[str, Any] = {
        "instance_id": instance_id_of(case.id), "key": key, "name": name, "element_id": name, "status": "running",
        "revision": 1, "set_step": 1, "starts": {}, "start_at": at(start), "due": at(f"{due} 00:00").date(),
        "due_at": ends, "rungs": {}, "pauses": [], "extensions": [], "derivation": [],
    }  # fmt: skip
    session.add(Deadline(**(fields | more)))
    await session.flush()


class ReceiverProcess:
    """The reference receiver on a port of its own; `folder` outlives a kill."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self._process: subprocess.Popen[str] | None = None
        self._nonce = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *arguments: str) -> None:
        """On the same port as before, as a platform that comes back."""
        given = {name: value for name, value in os.environ.items() if not name.startswith("JIANNUO_")}
        environment = given | {"JIANNUO_DATA_DIR": str(self.folder), "JIANNUO_RECEIVER_SECRET": SECRET}
        command = [str(JIANNUO), "receiver", "--port", str(self.port), *arguments]
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        self.port = int(line.rstrip("/\n").rpartition(":")[2])

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None

    def messages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = httpx.get(f"{self.url}/messages", trust_env=False).json()
        return found

    def health(self) -> dict[str, int]:
        found: dict[str, int] = httpx.get(f"{self.url}/healthz", trust_env=False).json()
        return found

    def signed(self, body: bytes, **changes: str) -> dict[str, str]:
        self._nonce += 1
        timestamp, nonce = int(changes.get("timestamp", time.time())), changes.get("nonce", f"test-{self._nonce}")
        return {
            "X-Jiannuo-Timestamp": str(timestamp),
            "X-Jiannuo-Nonce": nonce,
            "X-Jiannuo-Signature": sign(changes.get("secret", SECRET).encode(), timestamp, nonce, body),
        }

    def post(self, path: str, body: bytes, key: str = "key", **changes: str) -> httpx.Response:
        headers = self.signed(body, **changes) | {"Idempotency-Key": key}
        return httpx.post(f"{self.url}{path}", content=body, headers=headers, trust_env=False)

    def platform(self, key: str, client: httpx.AsyncClient) -> HttpPlatform:
        def nonce() -> str:
            self._nonce += 1
            return f"platform-{self._nonce}"

        return HttpPlatform(
            key, f"{self.url}/platforms/{key}", "jiannuo", SECRET.encode(), client, lambda: int(time.time()), nonce
        )


@contextmanager
def running_receiver(folder: Path, *arguments: str) -> Iterator[ReceiverProcess]:
    receiver = ReceiverProcess(folder)
    receiver.start(*arguments)
    try:
        yield receiver
    finally:
        receiver.kill()
