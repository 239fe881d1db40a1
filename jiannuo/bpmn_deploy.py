"""Deploying single files: everything is checked before anything is stored, and stored in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from activities.stores import Stores
from cases import audit
from cases.definitions import Deployed, deploy
from cases.deployments import Given, Reference, examine, missing, with_company
from cases.queries.start_schedules import Scheduled, start_schedules


@dataclass(frozen=True)
class Outcome:
    """``company``: files that were not named and go along because a model refers to what they define. ``scheduled``:
    what begins by a timer from now on.
    """

    files: tuple[Given, ...]
    company: tuple[Given, ...]
    missing: tuple[Reference, ...] = ()
    deployed: tuple[Deployed, ...] = ()
    scheduled: tuple[Scheduled, ...] = ()

    @property
    def refused(self) -> bool:
        return bool(self.missing) or any(one.refused for one in self.files)


class Undone(Exception):
    """A dry run has learned what it wanted to know."""


async def deploy_files(
    stores: Stores, pack: str, files: Sequence[Path], author: str, now: datetime, *, dry_run: bool = False
) -> Outcome:
    """All or nothing. A dry run does all of it and takes it back. Raises OSError for a file that cannot be read."""
    given = [examine(path) for path in dict.fromkeys(files)]
    whole = with_company(given)
    company = tuple(one for one in whole if one not in given)
    if any(one.refused for one in given):
        return Outcome(tuple(given), company)
    outcome = Outcome(tuple(given), company)
    try:
        async with stores.sessions.begin() as session:
            lacking = await missing(session, pack, whole)
            if lacking:
                return Outcome(tuple(given), company, tuple(lacking))
            deployed = await deploy(session, pack, [one.path for one in whole], now)
            ours = {one.definition_id for one in deployed if one.kind == "bpmn"}
            planned = await start_schedules(session, stores.definitions, pack)
            scheduled = tuple(one for one in planned if one.process_id in ours)
            outcome = Outcome(tuple(given), company, (), tuple(deployed), scheduled)
            if dry_run:
                raise Undone
            for one in deployed:
                if one.new:
                    facts = {"kind": one.kind, "id": one.definition_id, "version": one.version, "hash": one.hash}
                    await audit.append(session, at=now, recorded_at=now, actor=author, act="deploy", facts=facts)
    except Undone:
        return outcome
    return outcome
