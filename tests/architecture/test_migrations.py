"""Revisions of the database form one line, and make the tables of today."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url

from cases.tables.all import METADATA


def test_revisions_form_one_line() -> None:
    script = ScriptDirectory(str(Path(__file__).parents[2] / "migrations"))
    assert len(script.get_heads()) == 1
    assert [revision.revision for revision in script.walk_revisions() if revision.is_merge_point] == []


def test_they_make_the_tables_columns_and_indexes_that_the_code_has(postgres_dsn: str) -> None:
    engine = create_engine(make_url(postgres_dsn).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()
