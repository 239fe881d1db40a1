"""The database's schema: alembic, driven from here, without an alembic.ini.

A new revision: `.venv/bin/jiannuo migrate --revision "what changes"`, against a database that is at the newest one.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import Connection, Engine

import migrations

# Any constant: two starting processes take turns, the second finds nothing left to do.
MIGRATION_LOCK = 7_140_001


def upgrade(dsn: str) -> None:
    """Bring the database to the newest revision, all or nothing."""
    # Not at the top, as below: the tables of today are what an upgrade ends with.
    from cases.searching.index import fill

    engine = _engine(dsn)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
            command.upgrade(_configuration(connection), "head")
            # What cases are searched by is made by code, which a revision must not import.
            fill(connection)
    finally:
        engine.dispose()


def add_revision(dsn: str, message: str) -> None:
    """Write migrations/versions/… with the difference between the tables in `cases` and the database."""
    # Not at the top: an upgrade applies what is written, whatever the tables of today look like.
    from cases.tables.all import METADATA

    engine = _engine(dsn)
    try:
        with engine.begin() as connection:
            configuration = _configuration(connection)
            configuration.attributes["metadata"] = METADATA
            command.revision(configuration, message=message, autogenerate=True)
    finally:
        engine.dispose()


def _engine(dsn: str) -> Engine:
    return create_engine(make_url(dsn).set(drivername="postgresql+psycopg"))


def _configuration(connection: Connection) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(migrations.__path__[0])).replace("%", "%%"))
    configuration.set_main_option("path_separator", "os")
    configuration.attributes["connection"] = connection
    return configuration
