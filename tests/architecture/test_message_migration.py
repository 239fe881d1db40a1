"""A database of before keeps its messages: settled ones are kept from the upgrade on, open ones stay open."""

import psycopg
from alembic import command
from psycopg import sql

from jiannuo.embedded.postgres import PostgresServer
from jiannuo.migrate import _configuration, _engine

BEFORE, AFTER = "9e27c5f1b8d4", "5b2d90e4c7a1"
ROWS = """
INSERT INTO definition_file VALUES ('h', 'bpmn', 'x', '', now());
INSERT INTO instance (id, process_id, graph_hash, pack, business_key, variables, clock_offset_s, status, created_at,
  last_step, digest, outstanding) VALUES ('p:1', 'p', 'h', 'x', '1', '{}', 0, 'active', now(), 0, '', '[]');
INSERT INTO published SELECT s, 'p:1', n, 1, 'x', 'message', 'news', 'k', '{}', '2026-11-01', '2026-11-02', s
  FROM unnest(ARRAY['buffered', 'sent', 'delivered', 'expired']) WITH ORDINALITY AS t (s, n);
INSERT INTO delivery VALUES ('going', 'sent', 'p:1', 1, 'open', now()), ('gone', 'delivered', 'p:1', 2, 'done', NULL);
"""


def test_messages_of_before_the_upgrade(postgres_server: PostgresServer) -> None:
    name = "before_the_upgrade"
    with psycopg.connect(postgres_server.dsn, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    dsn = postgres_server.dsn_of(name)
    engine = _engine(dsn)
    for revision in (BEFORE, AFTER):
        with engine.begin() as connection:
            command.upgrade(_configuration(connection), revision)
        if revision == BEFORE:
            with psycopg.connect(dsn) as writing:
                writing.execute(ROWS)
    engine.dispose()
    with psycopg.connect(dsn) as reading:
        settled = dict(reading.execute("SELECT id, settled_at IS NOT NULL FROM published").fetchall())
        went = reading.execute(
            "SELECT id, tries, created_at::date::text, settled_at IS NOT NULL FROM delivery ORDER BY id"
        ).fetchall()
    assert settled == {"buffered": False, "sent": False, "delivered": True, "expired": True}
    assert went == [("going", 1, "2026-11-01", False), ("gone", 0, "2026-11-01", True)]
