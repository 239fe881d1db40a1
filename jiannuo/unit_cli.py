"""`jiannuo unit`: the phone, address and contact that a unit's letters name."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import Annotated

import typer

from activities.stores import Stores
from cases import unit_contacts
from jiannuo.on_servers import with_stores
from jiannuo.settings import Settings

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
Uscc = Annotated[str, typer.Argument(help="The unit's unified social credit code.")]
Given = Annotated[str | None, typer.Option(help="Left out: stays as it is. Empty: none.")]


@app.command()
def show(uscc: Uscc) -> None:
    """What later letters will say."""

    async def act(stores: Stores, settings: Settings) -> list[str]:
        async with stores.sessions() as session:
            unit = await unit_contacts.find(session, uscc)
            return [unit.name, *(f"{key}: {getattr(unit, key) or '-'}" for key in unit_contacts.FIELDS)]

    for line in with_stores(act):
        print(line)


@app.command()
def contact(
    uscc: Uscc,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit log.")],
    phone: Given = None,
    address: Given = None,
    contact: Given = None,
) -> None:
    """Change it: at once for letters issued from now on; those already issued keep what they say."""
    wanted = {"phone": phone, "address": address, "contact": contact}

    async def act(stores: Stores, settings: Settings) -> str:
        async with stores.sessions.begin() as session:
            unit = await unit_contacts.find(session, uscc)
            given = {key: (getattr(unit, key) or "") if text is None else text for key, text in wanted.items()}
            who = f"cli:{getpass.getuser()}"
            await unit_contacts.write(session, who, unit.uscc, given, reason, datetime.now(UTC))
            return unit.name

    print(f"Saved for {with_stores(act)}.")
