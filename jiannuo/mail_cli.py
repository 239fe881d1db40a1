"""`jiannuo mail bounced`: a mail that came back goes on by other channels."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Annotated

import typer

from jiannuo.compose import stores_for
from jiannuo.courier import bounced as note_bounce
from jiannuo.endpoints import connected, with_endpoints
from jiannuo.settings import Settings, load_settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help="Mail that came back.")


@app.callback()
def group() -> None:
    """So that `bounced` stays a word of its own."""


@app.command()
def bounced(
    mail: Annotated[str, typer.Argument(help="Message-ID of the mail that came back, or the notice's key.")],
    reason: Annotated[str, typer.Option("--reason", help="What the other side said.")] = "邮件被退回。",
) -> None:
    """Mark a mail as not delivered: it goes to the inbox, the gateway and the head of the reader's unit."""
    settings = load_settings()
    found = asyncio.run(_bounced(with_endpoints(settings, connected(settings)), mail, reason))
    print("The mail is marked and handed over." if found else "No mail of the last thirty days has this Message-ID.")
    raise typer.Exit(0 if found else 1)


async def _bounced(settings: Settings, mail: str, reason: str) -> bool:
    domain = parseaddr(settings.smtp_sender or "")[1].partition("@")[2]
    async with stores_for(settings) as stores, stores.transaction() as session:
        return await note_bounce(session, mail, domain, reason, datetime.now(UTC), settings.sms_url is not None)
