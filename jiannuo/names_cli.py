"""`jiannuo names`: titles and names of projects of before are put under the alias, once after an upgrade."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from activities.stores import Stores
from cases import stored_names
from jiannuo.on_servers import with_stores
from jiannuo.settings import Settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
BATCH = 200


@app.command()
def names(
    after: Annotated[str, typer.Option(help="Begin after this case's id, as the last line of a run says.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
) -> None:
    """Put titles and names of projects that name the enterprise under its alias. Safe to stop and repeat."""

    async def act(stores: Stores, settings: Settings) -> int:
        return await hide(stores, after, not dry_run)

    changed = with_stores(act)
    print(f"{changed} cases name their enterprise." if dry_run else f"{changed} cases were rewritten.")


async def hide(stores: Stores, after: str, write: bool, size: int = BATCH) -> int:
    """Each batch by itself, so that what a stopped run did stays done."""
    async with stores.sessions() as session:
        total = await stored_names.total(session)
    looked, changed = 0, 0
    last: str | None = after
    while last is not None:
        async with stores.sessions.begin() as session:
            done = await stored_names.rewrite(session, stores.vault, last, size, datetime.now(UTC), write)
        looked, changed, last = looked + done.looked, changed + done.changed, done.last
        if last is not None:
            print(f"{looked} of {total} cases, {changed} to the alias; goes on with --after {last}", flush=True)
    return changed
