"""Deployed models: stored by content hash, versioned by (pack, id), parsed once per process."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn.dmn import api as dmn
from bpmn.model import Graph
from bpmn.reader.read import load as load_bpmn
from bpmn.reader.read import read as read_bpmn
from cases.decision_files import closure, read_decisions
from cases.errors import NotFound
from cases.start_schedules import schedule
from cases.tables.engine import DefinitionFile, DefinitionVersion

# Any constant: deployments take turns, so that two of them never give the same version number.
_LOCK = text("SELECT pg_advisory_xact_lock(7140004)")
SUFFIXES = {".bpmn": "bpmn", ".dmn": "dmn", ".form": "form"}


@dataclass(frozen=True)
class Deployed:
    pack: str
    kind: str
    definition_id: str
    version: int
    hash: str
    new: bool


@dataclass
class DefinitionStore:
    """Parsed definitions by hash; entries are immutable and never evicted, since executions share them."""

    graphs: dict[str, Graph] = field(default_factory=dict)
    decisions: dict[tuple[str, ...], dmn.Definitions] = field(default_factory=dict)
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def graph(self, session: AsyncSession, hash_: str) -> Graph:
        if hash_ not in self.graphs:
            row = await _file(session, hash_)
            self.graphs[hash_] = load_bpmn(row.source, row.name)
        return self.graphs[hash_]

    async def decision(self, session: AsyncSession, hash_: str, imports: Sequence[str] = ()) -> dmn.Definitions:
        """``imports``: the files that this one imports, as its version names them."""
        key = (hash_, *imports)
        if key not in self.decisions:
            rows = [await _file(session, one) for one in key]
            self.decisions[key] = dmn.read_together([(row.source, row.name) for row in rows])[0]
        return self.decisions[key]

    async def form(self, session: AsyncSession, pack: str, form_id: str) -> dict[str, Any] | None:
        version = await latest(session, pack, "form", form_id)
        if version is None:
            return None
        if version.hash not in self.forms:
            row = await _file(session, version.hash)
            self.forms[version.hash] = json.loads(row.source)
        return self.forms[version.hash]


async def _file(session: AsyncSession, hash_: str) -> DefinitionFile:
    row = await session.get(DefinitionFile, hash_)
    if row is None:
        raise NotFound(f"没有部署哈希为 {hash_[:12]}… 的定义文件。")
    if sha256(row.source).hexdigest() != hash_:
        raise NotFound(f"定义文件 {row.name} 的内容与其哈希不符,请从备份恢复。")
    return row


async def latest(session: AsyncSession, pack: str, kind: str, definition_id: str) -> DefinitionVersion | None:
    return await session.scalar(
        select(DefinitionVersion)
        .where(
            DefinitionVersion.pack == pack,
            DefinitionVersion.kind == kind,
            DefinitionVersion.definition_id == definition_id,
        )
        .order_by(DefinitionVersion.version.desc())
        .limit(1)
    )


async def tagged(session: AsyncSession, pack: str, kind: str, definition_id: str, tag: str) -> DefinitionVersion | None:
    return await session.scalar(
        select(DefinitionVersion)
        .where(
            DefinitionVersion.pack == pack,
            DefinitionVersion.kind == kind,
            DefinitionVersion.definition_id == definition_id,
            DefinitionVersion.version_tag == tag,
        )
        .order_by(DefinitionVersion.version.desc())
        .limit(1)
    )


@dataclass(frozen=True)
class Identified:
    """``defines``: kind, id and version tag of what a file defines; ``graph`` of a process model."""

    defines: tuple[tuple[str, str, str | None], ...]
    graph: Graph | None = None


def identify(path: Path, source: bytes, imports: Sequence[Path]) -> Identified:
    """Raises the reader's refusal with all its problems."""
    kind = SUFFIXES[path.suffix]
    if kind == "bpmn":
        graph = read_bpmn(source, path.name)
        return Identified(tuple((kind, process.id, process.version_tag) for process in graph.processes.values()), graph)
    if kind == "dmn":
        decisions = read_decisions([path, *imports]).elements.values()
        return Identified(tuple((kind, element.id, None) for element in decisions if element.kind == "decision"))
    return Identified(((kind, json.loads(source)["id"], None),))


Piece = tuple[str, bytes, Sequence[Path], Identified]


def _pieces(path: Path, tables: list[Path]) -> Iterator[Piece]:
    """The file, and as files of their own the forms that stand in it."""
    source = path.read_bytes()
    imports = closure(path, tables)[1:] if path.suffix == ".dmn" else []
    identified = identify(path, source, imports)
    yield path.name, source, imports, identified
    processes = identified.graph.processes.values() if identified.graph is not None else ()
    for process in processes:
        for form_id, written in process.forms.items():
            yield f"{form_id}.form", written.encode(), (), Identified((("form", form_id, None),))


async def deploy(session: AsyncSession, pack: str, files: list[Path], now: datetime) -> list[Deployed]:
    """Checks all files, then stores those whose bytes are new; the same bytes again make no new version.

    A decision file keeps the very files that it imports: they must be among ``files``, and a change of theirs makes a
    new version of its decisions too. A process with timer starts begins them from ``now`` on, instead of the version
    before.
    """
    tables = [path for path in files if path.suffix == ".dmn"]
    found = [piece for path in files for piece in _pieces(path, tables)]
    await session.execute(_LOCK)
    deployed = []
    for name, source, imports, identified in found:
        imported = [sha256(one.read_bytes()).hexdigest() for one in imports]
        hash_ = sha256(source).hexdigest()
        if await session.get(DefinitionFile, hash_) is None:
            kind = SUFFIXES[Path(name).suffix]
            session.add(DefinitionFile(hash=hash_, kind=kind, name=name, source=source, deployed_at=now))
            await session.flush()
        for kind, definition_id, tag in identified.defines:
            version = await latest(session, pack, kind, definition_id)
            new = version is None or (version.hash, version.imports) != (hash_, imported)
            if version is None or new:
                version = DefinitionVersion(
                    pack=pack, kind=kind, definition_id=definition_id, version=version.version + 1 if version else 1,
                    version_tag=tag, hash=hash_, imports=imported,
                )  # fmt: skip
                session.add(version)
                await session.flush()
            if identified.graph is not None:
                await schedule(session, version, identified.graph, now)
            deployed.append(Deployed(pack, kind, definition_id, version.version, hash_, new=new))
    return deployed
