"""Finding what a case calls: a callee's definition (pinned at its call) and decisions.

``latest`` and ``versionTag`` are looked up in the case's own pack; ``deployment`` is the caller's own file.
"""

from __future__ import annotations

from datetime import datetime
from html import unescape
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn.commands import EvaluateDecision, ResolveDefinition
from bpmn.dmn import api as dmn
from bpmn.dmn.errors import DmnError
from bpmn.events import DecisionEvaluated, DefinitionMissing, DefinitionResolved, Event, GraphRef, JobFailed
from bpmn.feel.api import to_json
from bpmn.feel.errors import FeelError, told
from cases.definitions import DefinitionStore, latest, tagged
from cases.errors import NotFound
from cases.tables.engine import DefinitionFile, DefinitionVersion

SHANGHAI = ZoneInfo("Asia/Shanghai")


async def resolve(session: AsyncSession, store: DefinitionStore, pack: str, asked: ResolveDefinition) -> Event:
    if asked.binding == "deployment" and asked.caller is not None:
        return DefinitionResolved(asked.request_key, GraphRef(asked.caller.hash, asked.process_id))
    try:
        version = await _find(session, pack, "bpmn", asked.process_id, asked.binding, asked.version_tag)
        await store.graph(session, version.hash)
    except NotFound as missing:
        return DefinitionMissing(asked.request_key, missing.sentence)
    return DefinitionResolved(asked.request_key, GraphRef(version.hash, asked.process_id))


async def evaluate(
    session: AsyncSession, store: DefinitionStore, pack: str, asked: EvaluateDecision, at: datetime
) -> Event:
    try:
        version = await _find(session, pack, "dmn", asked.decision_id, asked.binding, asked.version_tag)
    except NotFound as missing:
        return JobFailed(asked.request_key, missing.sentence)
    try:
        definitions = await store.decision(session, version.hash, version.imports)
        found = dmn.evaluate_decision(
            definitions, asked.decision_id, asked.variables, now=at, zone=SHANGHAI, free_variables=True
        )
    except NotFound as missing:
        return JobFailed(asked.request_key, missing.sentence)
    except (DmnError, FeelError) as error:
        said = told(error, await _text(session, version.hash))
        return JobFailed(asked.request_key, f"{type(error).__name__}: {said}")
    return DecisionEvaluated(asked.request_key, to_json(found.value))


async def _text(session: AsyncSession, hash_: str) -> str:
    source = await session.scalar(select(DefinitionFile.source).where(DefinitionFile.hash == hash_))
    return unescape((source or b"").decode("utf-8", "replace"))


async def _find(
    session: AsyncSession, pack: str, kind: str, definition_id: str, binding: str, tag: str | None
) -> DefinitionVersion:
    if binding == "versionTag" and tag is not None:
        found = await tagged(session, pack, kind, definition_id, tag)
    else:
        found = await latest(session, pack, kind, definition_id)
    if found is None:
        raise NotFound(f"政策 {pack} 没有部署“{definition_id}”({binding}{f' {tag}' if tag else ''})。")
    return found
