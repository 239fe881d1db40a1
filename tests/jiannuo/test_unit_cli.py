"""`jiannuo unit`: what letters name, shown and changed from the command line."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker
from typer.testing import CliRunner

from cases.tables.ledger import AuditEntry
from cases.tables.organisations import Organisation, Region
from jiannuo import unit_cli
from jiannuo.compose import engine_for
from jiannuo.errors import JiannuoError

UNIT = "11159721FAKE00048X"


async def prepared(dsn: str) -> None:
    engine = engine_for(dsn)
    async with async_sessionmaker(engine, expire_on_commit=False).begin() as session:
        session.add(Region(code="150000", name="自治区", level="REGION"))
        await session.flush()
        session.add(Organisation(uscc=UNIT, name="某旗", org_type="机关", region_code="150000", functions=[]))
    await engine.dispose()


async def logged(dsn: str) -> list[AuditEntry]:
    engine = engine_for(dsn)
    async with async_sessionmaker(engine, expire_on_commit=False).begin() as session:
        found = list(await session.scalars(select(AuditEntry)))
    await engine.dispose()
    return found


def test_what_is_left_out_stays_and_the_reason_is_kept(
    postgres_dsn: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JIANNUO_POSTGRES_DSN", postgres_dsn)
    # Named because the command asks for both; it calls on PostgreSQL only.
    monkeypatch.setenv("JIANNUO_TEMPORAL_ADDRESS", "127.0.0.1:9")
    monkeypatch.setenv("JIANNUO_DATA_DIR", str(tmp_path))
    asyncio.run(prepared(postgres_dsn))
    ask = CliRunner().invoke
    changed = ask(unit_cli.app, ["contact", UNIT, "--phone", "没有", "--contact", "办公室", "--reason", "开通"])
    assert isinstance(changed.exception, JiannuoError)
    assert "联系电话只能写数字" in str(changed.exception)
    ask(unit_cli.app, ["contact", UNIT, "--phone", "0471-1234567", "--reason", "开通"], catch_exceptions=False)
    ask(unit_cli.app, ["contact", UNIT, "--contact", "办公室", "--reason", "补充"], catch_exceptions=False)
    shown = ask(unit_cli.app, ["show", UNIT], catch_exceptions=False).output
    assert shown.splitlines() == ["某旗", "phone: 0471-1234567", "address: -", "contact: 办公室"]
    listed = ask(unit_cli.app, ["history", UNIT], catch_exceptions=False).output.splitlines()
    assert [line.split("  ")[-1] for line in listed] == [
        "phone: 0471-1234567, address: -, contact: 办公室", "phone: 0471-1234567, address: -, contact: -",
        "phone: -, address: -, contact: -",
    ]  # fmt: skip
    number = listed[1].split()[0]
    ask(unit_cli.app, ["restore", UNIT, number, "--reason", "写错"], catch_exceptions=False)
    shown = ask(unit_cli.app, ["show", UNIT], catch_exceptions=False).output
    assert shown.splitlines()[-1] == "contact: -"
    assert f"(restores {number})" in ask(unit_cli.app, ["history", UNIT], catch_exceptions=False).output
    entries = asyncio.run(logged(postgres_dsn))
    assert [entry.facts["fields"] for entry in entries] == [["phone"], ["contact"], ["contact"]]
    assert [entry.facts["reason"] for entry in entries] == ["开通", "补充", "写错"]
    assert entries[0].actor.startswith("cli:")
