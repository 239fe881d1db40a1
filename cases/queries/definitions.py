"""What is deployed, and how many open cases stand in each version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from cases.definitions import DefinitionStore
from cases.tables.engine import DefinitionFile, DefinitionVersion
from cases.words import ACTS

OPEN = ("starting", "active")

# Called processes are scopes of their caller's execution, so open ones are found in the states, not in the rows.
_OPEN = text("""
    SELECT scope ->> 'graph' AS graph, scope ->> 'process' AS process, count(DISTINCT instance.id) AS cases
    FROM instance
    CROSS JOIN LATERAL jsonb_path_query(instance.state::jsonb, '$.scopes[*] ? (@.kind == "process")') AS scope
    WHERE instance.status IN ('starting', 'active') AND instance.pack = :pack
    GROUP BY 1, 2
""")


@dataclass(frozen=True)
class Listed:
    """``open``: cases that stand in this version now; None for a decision or form, which no case is pinned to.
    ``imports``: hashes of the files that a decision's file imports.
    """

    kind: str
    id: str
    version: int
    version_tag: str | None
    hash: str
    file: str
    deployed_at: datetime
    newest: bool
    open: int | None
    imports: tuple[str, ...] = ()


async def definitions(session: AsyncSession, pack: str, kinds: Sequence[str] = ("bpmn", "dmn", "form")) -> list[Listed]:
    """Per kind and id, the newest version first."""
    counted = {(row.graph, row.process): row.cases for row in await session.execute(_OPEN, {"pack": pack})}
    rows = await session.execute(
        select(DefinitionVersion, DefinitionFile.name, DefinitionFile.deployed_at)
        .join(DefinitionFile, DefinitionFile.hash == DefinitionVersion.hash)
        .where(DefinitionVersion.pack == pack, DefinitionVersion.kind.in_(kinds))
        .order_by(DefinitionVersion.kind, DefinitionVersion.definition_id, DefinitionVersion.version.desc())
    )
    listed: list[Listed] = []
    for version, file, at in rows:
        newest = not listed or (listed[-1].kind, listed[-1].id) != (version.kind, version.definition_id)
        process = version.kind == "bpmn"
        listed.append(
            Listed(
                version.kind, version.definition_id, version.version, version.version_tag, version.hash, file, at,
                newest, counted.get((version.hash, version.definition_id), 0) if process else None,
                tuple(version.imports),
            )
        )  # fmt: skip
    return listed


async def name_of(session: AsyncSession, store: DefinitionStore, one: Listed) -> str:
    """As its file calls it. A form has no name of its own: it is known by the act that it is filled in for."""
    if one.kind == "bpmn":
        return (await store.graph(session, one.hash)).processes[one.id].name or one.id
    if one.kind == "dmn":
        return (await store.decision(session, one.hash, one.imports)).elements[one.id].name or one.id
    return ACTS.get(one.id, one.id)
