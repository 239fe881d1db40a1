"""`jiannuo seed`: the fictional region, for servers that `jiannuo run` has not started."""

import asyncio
from typing import Annotated

import typer

from jiannuo.endpoints import connected, with_endpoints
from jiannuo.logs import configure_logs
from jiannuo.seed import seed
from jiannuo.seeding.logins import all_logins
from jiannuo.settings import load_settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command("seed")
def command(
    logins: Annotated[bool, typer.Option("--logins", help="List the people of the region; write nothing.")] = False,
) -> None:
    """Write the fictional region with its people and cases; what is there stays."""
    if logins:
        print(all_logins())
        return
    settings = load_settings()
    configure_logs(settings.log_format, settings.log_level)
    print(asyncio.run(seed(with_endpoints(settings, connected(settings)))))
