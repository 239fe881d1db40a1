"""`jiannuo migrate`: the schema of the database of JIANNUO_POSTGRES_DSN, or of the running `jiannuo run`."""

import typer

from jiannuo.endpoints import connected
from jiannuo.migrate import add_revision, upgrade
from jiannuo.settings import load_settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def migrate(revision: str = typer.Option("", help="Write a revision with this title instead of upgrading.")) -> None:
    """Bring the database to the newest revision."""
    dsn = connected(load_settings()).dsn
    if revision:
        add_revision(dsn, revision)
    else:
        upgrade(dsn)
        print("The database is at the newest revision.")
