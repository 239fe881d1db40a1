"""`jiannuo unit`: the phone, address and contact that a unit's letters name."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import Annotated

import typer

from activities.stores import Stores
from cases import unit_contacts
from cases.deadlines.zone import SHANGHAI
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


@app.command()
def history(uscc: Uscc) -> None:
    """How it stood, the newest first; the numbers are what `restore` takes."""

    async def act(stores: Stores, settings: Settings) -> list[str]:
        async with stores.sessions() as session:
            unit = await unit_contacts.find(session, uscc)
            found = await unit_contacts.versions_of(session, unit.uscc)
            return [_line(version) for version in found] or [f"{unit.name}: never changed."]

    for line in with_stores(act):
        print(line)


@app.command()
def restore(
    uscc: Uscc,
    version: Annotated[int, typer.Argument(help="A number of `jiannuo unit history`.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the audit log.")],
) -> None:
    """Bring back how it stood then, for letters issued from now on."""

    async def act(stores: Stores, settings: Settings) -> str:
        async with stores.sessions.begin() as session:
            who = f"cli:{getpass.getuser()}"
            unit = await unit_contacts.bring_back(session, who, uscc, version, reason, datetime.now(UTC))
            return unit.name

    print(f"Restored for {with_stores(act)}.")


def _line(version: unit_contacts.Version) -> str:
    row = version.row
    values = ", ".join(f"{key}: {getattr(row, key) or '-'}" for key in unit_contacts.FIELDS)
    back = f" (restores {row.restores})" if row.restores else ""
    return f"{row.id}  {row.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}  {version.who or '-'}  {row.reason}{back}  {values}"
