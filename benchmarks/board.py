"""Board, ledger, search and work list over many cases: p50 and p95 of each query, with the plans on demand.

    python -m benchmarks.board [CASES] [--runs 30] [--plans] [--keep DIR] [--only WORDS]

CASES (1,000,000; a tenth of them open) are rows as intake and record leave them, in one region with 12 leagues and
103 banners of twenty units each, spread over four years. Open and closed cases have deadlines, tasks and steps.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from cases import access
from cases.access import Actor, Duty
from cases.positions import rebuild
from cases.queries.board import board
from cases.queries.heat import heat
from cases.queries.ledger import ledger
from cases.queries.ledger_filter import LedgerFilter
from cases.queries.light import lights_for
from cases.queries.load import load
from cases.queries.oversight import OversightFilter, oversight
from cases.queries.passing import passing
from cases.queries.tasks import TaskFilter, task_counts, task_list
from cases.searching import index
from cases.vault import Vault
from cases.words import STAGES
from jiannuo.compose import engine_for, settle
from jiannuo.embedded.postgres import start_postgres
from jiannuo.migrate import upgrade

NOW = datetime(2026, 9, 21, 2, 0, tzinfo=UTC)
TOP, LEAGUE, BANNER = "150000", "150100", "150101"
PACK = "nmg-2023"
BOUND_MS = 100.0
# Runs that are not counted: a server that was just started has read nothing yet.
WARM = 3

# A thousand people of the verifying units, who hold two of three open tasks.
PEOPLE = (
    """INSERT INTO account (id, login, display_name, password_hash, active)
       SELECT n, 'p' || n, '人员' || n, '', true FROM generate_series(1, 1000) n""",
    """INSERT INTO membership (account_id, role, uscc)
       SELECT n, 'verifying_dept', r.code || '-3' FROM generate_series(1, 1000) n
       JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 number FROM region WHERE level = 'BANNER') r
         ON r.number = n % 103""",
    """UPDATE task SET assignee_id = u.people[1 + abs(hashtext(task.instance_id)) % cardinality(u.people)]
       FROM (SELECT uscc, array_agg(account_id) people FROM membership GROUP BY uscc) u
       WHERE task.status = 'open' AND u.uscc = task.unit AND abs(hashtext(task.instance_id || 'x')) % 3 > 0""",
)  # fmt: skip

FILL = (
    "INSERT INTO definition_file VALUES ('none', 'bpmn', 'none', '', now())",
    "INSERT INTO region (code, name, level, parent_code) VALUES ('150000', '自治区', 'REGION', NULL)",
    """INSERT INTO region (code, name, level, parent_code)
       SELECT '15' || lpad(l::text, 2, '0') || '00', '盟' || l, 'LEAGUE', '150000' FROM generate_series(1, 12) l""",
    """INSERT INTO region (code, name, level, parent_code)
       SELECT '15' || lpad((b % 12 + 1)::text, 2, '0') || lpad((b / 12 + 1)::text, 2, '0'), '旗' || b, 'BANNER',
              '15' || lpad((b % 12 + 1)::text, 2, '0') || '00' FROM generate_series(0, 102) b""",
    """INSERT INTO organisation (uscc, name, org_type, region_code, functions)
       SELECT r.code || '-' || u, r.name || '单位' || u, '机关', r.code, '{}'
       FROM region r, generate_series(1, 20) u""",
    # One in ten is open; a case's units are units of its banner and of the league above.
    """INSERT INTO complaint (id, case_no, pack, channel, received_at, recorded_at, complainant_digest,
           complainant_alias, enterprise_type, is_sme, respondent_uscc, domain, title, statement, request, contract_no,
           project_name, disclosure_authorised, classification, stage, status, accepting_uscc, referring_uscc,
           verifying_uscc, region_code, archived)
       SELECT lpad(n::text, 20, '0'), 'NMG-' || 2023 + n % 4 || '-' || lpad(n::text, 7, '0'), 'nmg-2023', 'CREDIT_NM',
           at, at, md5(n::text), '投诉企业' || n, '民营企业', true, r.code || '-' || n % 20 + 1, 'PROC',
           (ARRAY['多媒体教学设备采购尾款逾期未付', '道路改造工程款拖欠', '招商引资奖励未兑现',
                  '供热管网项目欠款'])[n % 4 + 1] || n,
           repeat('事实与理由。', 60), '请求支付合同尾款。', 'HT-' || n, '项目' || n, false, '无',
           (ARRAY['screening','referral','verification','rectification','determination'])[n % 5 + 1],
           CASE WHEN n % 10 = 0 THEN 'open' ELSE 'closed_rectified' END,
           r.parent_code || '-1', r.parent_code || '-2', CASE WHEN n % 5 > 1 THEN r.code || '-3' END, r.code, false
       FROM (SELECT n, (timestamptz '2026-09-20 09:00+08' - n * (interval '4 years' / :cases)) at
             FROM generate_series(1, :cases) n) c
       JOIN (SELECT code, parent_code, row_number() OVER (ORDER BY code) - 1 number
             FROM region WHERE level = 'BANNER') r
         ON r.number = (n::bigint * 7919) % 103""",
    """INSERT INTO instance (id, process_id, graph_hash, pack, business_key, channel, variables, clock_offset_s, status,
           created_at, last_step, last_step_at, digest, outstanding)
       SELECT 'complaint:' || id, 'complaint', 'none', pack, id, channel, '{}', 0,
           CASE WHEN status = 'open' THEN 'active' ELSE 'completed' END, received_at, 2, received_at, '', '[]'
       FROM complaint""",
    """INSERT INTO deadline (instance_id, key, name, element_id, status, revision, set_step, starts, start_at, due,
           due_at, provisional, rungs, pauses, extensions, derivation)
       SELECT 'complaint:' || id, 1, 'verification', 'verify',
           CASE WHEN status = 'open' THEN 'running' ELSE 'met' END, 1, 1, '{}', received_at,
           d::date, d::date + interval '1 day' - interval '8 hours', false, '{}', '[]', '[]', '[]'
       FROM (SELECT *, timestamptz '2026-09-21 00:00+08' + (abs(hashtext(id)) % 40 - 8) * interval '1 day' d
             FROM complaint) c""",
    """INSERT INTO step (instance_id, number, digest, event, trace, at, submission_id)
       SELECT 'complaint:' || id, s, '', '{}', '[]',
           least(received_at + s * interval '3 days', timestamptz '2026-09-20 18:00+08'),
           CASE WHEN s = 1 OR abs(hashtext(id)) % 3 = 0 THEN id || s END
       FROM complaint, generate_series(1, 2) s""",
    """INSERT INTO task (instance_id, key, graph_hash, element_id, name, acts, candidates, unit, priority, inputs,
           properties, deadline_key, scope_path, created_at, status, row_version)
       SELECT 'complaint:' || id, 1, 'none', 'verify', '核实', '{verify}',
           ARRAY['verifying_dept@' || region_code || '-3'], region_code || '-3', 50, '{}', '{}', 1, '{}', received_at,
           CASE WHEN status = 'open' THEN 'open' ELSE 'completed' END, 1
       FROM complaint""",
    # Two acts a case; every tenth lead was sent back, every eighth respondent asked for more time.
    """INSERT INTO submission (id, instance_id, act, role, unit, form, event, occurred_at, recorded_at, status)
       SELECT id || act, 'complaint:' || id, act, 'verifying_dept',
           CASE WHEN act = 'request_extension' THEN respondent_uscc ELSE region_code || '-3' END, '{}', '',
           received_at + interval '2 days', received_at + interval '2 days', 'done'
       FROM complaint, unnest(ARRAY['refer', 'verify', 'return_referral', 'request_extension']) act
       WHERE act IN ('refer', 'verify') OR (act = 'return_referral' AND abs(hashtext(id)) % 10 = 0)
          OR (act = 'request_extension' AND abs(hashtext(id || 'x')) % 8 = 0)""",
    *PEOPLE,
)  # fmt: skip



@asynccontextmanager
async def filled(cases: int, keep: Path | None = None) -> AsyncIterator[AsyncEngine]:
    """A server of its own with so many cases, gone afterwards unless it is kept in a folder for further runs."""
    folder = keep or Path(tempfile.mkdtemp(prefix="jiannuo-board-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # PostgreSQL may run as another user than root
    server = await start_postgres(folder / "postgres", durable=False)
    try:
        await asyncio.to_thread(upgrade, server.dsn)
        engine = engine_for(server.dsn)
        await _fill(engine, cases)
        yield engine
        await engine.dispose()
    finally:
        await server.stop()
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)


async def _fill(engine: AsyncEngine, cases: int) -> None:
    """What a kept folder has already is left alone; it must have been made for as many cases."""
    async with async_sessionmaker(engine).begin() as session:
        there = await session.scalar(text("SELECT count(*) FROM complaint"))
        if there not in (0, cases):
            raise SystemExit(f"The folder holds {there} cases, not {cases}.")
        for statement in () if there else FILL:
            await session.execute(text(statement), {"cases": cases} if ":cases" in statement else {})
    if there:
        return
    await _analyze(engine)
    async with engine.begin() as connection:
        await connection.run_sync(index.fill)
        await rebuild(AsyncSession(connection))
    await _analyze(engine)


async def _analyze(engine: AsyncEngine) -> None:
    """What the server does by itself a minute after so many rows."""
    async with engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text("VACUUM ANALYZE"))


def person(role: str, unit: str, region: str, watched: list[str]) -> Actor:
    return Actor(role, 1, (Duty(role, unit, region),), regions=frozenset(watched))


Query = Callable[[AsyncSession], Awaitable[object]]


async def queries(session: AsyncSession) -> dict[str, Query]:
    vault, lights = Vault(b"k" * 32), await lights_for(session, PACK, NOW)
    top = person("supervisor", f"{TOP}-1", TOP, await access.covered(session, [TOP]))
    league = person("supervisor", f"{LEAGUE}-1", LEAGUE, await access.covered(session, [LEAGUE]))
    handler = person("verifying_dept", f"{BANNER}-3", BANNER, [])
    head = person("verifying_head", f"{BANNER}-3", BANNER, [])

    def listing(actor: Actor, **wanted: object) -> Query:
        return lambda s: ledger(s, vault, actor, lights, LedgerFilter(**wanted))  # type: ignore[arg-type]

    return {
        "board, whole region": lambda s: board(s, top, lights, STAGES),
        "board, one department": lambda s: board(s, handler, lights, STAGES),
        "board, one league": lambda s: board(s, league, lights, STAGES),
        "returns, extensions, region": lambda s: passing(s, top, lights),
        "returns, extensions, league": lambda s: passing(s, league, lights),
        "returns, extensions, unit": lambda s: passing(s, head, lights),
        "ledger, sent back by one": listing(top, act="return_referral", act_unit=f"{BANNER}-3"),
        "ledger, whole region": listing(top),
        "ledger, one league": listing(league),
        "ledger, one department": listing(handler),
        "ledger, one department, late": listing(handler, light="red", status="all_open"),
        "ledger, late": listing(top, light="red", status="all_open"),
        "ledger, due today": listing(top, due="today"),
        "ledger, stalled": listing(league, stalled=True),
        "ledger, of one holder": listing(top, holder=f"{BANNER}-3", status="all_open"),
        "ledger, a stage late": listing(top, stage="rectification", light="red", status="all_open"),
        "search, case number": listing(top, text="NMG-2025-0000002"),
        "search, end of a number": listing(top, text="0271828"),
        "search, words of the title": listing(league, text="供热管网项目欠款77"),
        "search, common words": listing(top, text="工程款"),
        "search, common words, league": listing(league, text="教学 尾款"),
        "search, common words, department": listing(handler, text="工程款"),
        "search, rare words, department": listing(handler, text="工程款拖欠7777"),
        "search, one character": listing(top, text="款"),
        "search, one rare character": listing(top, text="没"),
        "search, traditional and wide": listing(league, text="供熱管網項目欠款７７１"),
        "search, word and light": listing(top, text="工程款", light="yellow"),
        "search, word and field": listing(league, text="工程款", domain="PROC", stage="referral"),
        "search, nothing found": listing(top, text="没有这样的案件"),
        "search, contract": listing(top, contract="HT-4711"),
        "search, unit": listing(top, unit="旗7单位5"),
        "work list": lambda s: task_list(s, handler, lights, TaskFilter()),
        "work list, counts": lambda s: task_counts(s, handler, lights),
        "work list, raised only": lambda s: task_list(s, handler, lights, TaskFilter(urgent=True)),
        "work list, whole region": lambda s: oversight(s, top, lights, OversightFilter()),
        "load per person, whole region": lambda s: load(s, top, lights),
        "load per person, one head": lambda s: load(s, head, lights),
        "tasks of others, late": lambda s: oversight(s, top, lights, OversightFilter(due="late")),
        "tasks of others, one person": lambda s: oversight(s, head, lights, OversightFilter(person="104")),
        "heat map, whole region": lambda s: heat(s, top, lights),
        "heat map, one league": lambda s: heat(s, league, lights),
    }


async def measure(cases: int, runs: int, plans: bool, keep: Path | None, only: str) -> None:
    began = time.perf_counter()
    async with filled(cases, keep) as engine:
        print(f"{cases} cases there after {time.perf_counter() - began:.0f} s")
        sessions = async_sessionmaker(engine)
        async with sessions() as session:
            found = await queries(session)
        settle()
        print(f"{'query':<28}{'p50 ms':>9}{'p95 ms':>9}")
        for name, query in found.items():
            if only not in name:
                continue
            async with sessions() as session:
                for _ in range(WARM):
                    await query(session)
                spent = [await _timed(session, query) for _ in range(runs)]
            p95 = statistics.quantiles(spent, n=20)[18]
            verdict = "" if p95 < BOUND_MS else "   over"
            print(f"{name:<28}{statistics.median(spent):>9.1f}{p95:>9.1f}{verdict}", flush=True)
            if plans:
                await _explain(engine, sessions, query)


async def _timed(session: AsyncSession, query: Query) -> float:
    began = time.perf_counter()
    await query(session)
    session.expunge_all()
    return 1_000 * (time.perf_counter() - began)


async def _explain(engine: AsyncEngine, sessions: async_sessionmaker[AsyncSession], query: Query) -> None:
    """The plan of every statement that the query sends."""
    sent: list[tuple[str, Any]] = []

    def note(_c: object, _k: object, statement: str, parameters: object, *_: object) -> None:
        sent.append((statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    async with sessions() as session:
        await query(session)
    event.remove(engine.sync_engine, "before_cursor_execute", note)
    async with engine.connect() as connection:
        for statement, parameters in sent:
            rows = await connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {statement}", parameters)
            print("\n".join(f"    {row[0]}" for row in rows), "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--plans", action="store_true")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the filled server there, and use it again")
    parser.add_argument("--only", default="", metavar="WORDS", help="only the queries whose name has these words")
    given = parser.parse_args()
    asyncio.run(measure(given.cases, given.runs, given.plans, given.keep, given.only))


if __name__ == "__main__":
    main()
