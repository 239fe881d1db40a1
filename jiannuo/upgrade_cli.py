"""`jiannuo upgrade`: open cases move to the rules of this release."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from activities.stores import Stores
from bpmn.semantics import RULES
from jiannuo.on_servers import with_servers, with_stores
from jiannuo.settings import Settings
from jiannuo.upgrade import counts, upgrade

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def upgrade_(
    to: Annotated[int | None, typer.Option(help="The number of the rules; JIANNUO_SEMANTICS if not named.")] = None,
    rate: Annotated[float, typer.Option(min=0.1, help="Cases a second at most.")] = 10.0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count the open cases by number.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object.")] = False,
) -> None:
    """Move open cases to newer rules of the engine, after all workers run this release. Safe to stop and repeat."""

    async def look(stores: Stores, settings: Settings) -> tuple[int, dict[int, int]]:
        async with stores.sessions() as session:
            return to or settings.semantics, await counts(session)

    number, found = with_stores(look)
    if number not in RULES:
        known = ", ".join(map(str, sorted(RULES)))
        raise typer.BadParameter(f"this release knows {known}", param_hint="--to")
    asked = 0
    if not dry_run:
        asked = with_servers(lambda stores, client, settings: upgrade(stores, client, number, rate))
    if as_json:
        print(json.dumps({"semantics": number, "asked": asked, "open": found}))
        return
    for one, cases in found.items():
        print(f"semantics {one}: {cases} open cases")
    print(f"{asked} were asked to move to {number}" if not dry_run else "Nothing was asked.")
