"""What the commands of `jiannuo bpmn migrate` do, each in a connection of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.stores import Stores
from bpmn.errors import DeploymentRefused, Problem
from bpmn.migration import match, plan_problems
from bpmn.model import Graph
from bpmn.reader.read import read
from cases.definitions import DefinitionStore
from cases.errors import NotFound
from cases.errors import Problem as Refused
from cases.model_changes.batch import begin
from cases.model_changes.plan import Plan, dump, parse
from cases.model_changes.preview import Previewed, models, preview
from cases.model_changes.progress import Progress, Result, progress, progress_of, results
from cases.model_changes.standing import instance_of
from cases.tables.engine import DefinitionVersion
from jiannuo.errors import JiannuoError
from jiannuo.on_servers import with_stores
from jiannuo.settings import Settings

LOOK_S = 0.5


def propose(old: str, new: str, process: str | None, pack: str | None, *, as_json: bool) -> tuple[str, int]:
    """The text of the plan, and how many elements a person must decide. Files need no server."""
    if old.endswith(".bpmn") and new.endswith(".bpmn"):
        source, target = _file(Path(old)), _file(Path(new))
        from_process, to_process = _process(source, process), _process(target, process)
    else:
        (source, from_process), (target, to_process) = with_stores(
            lambda stores, settings: _both(stores, settings, old, new, process, pack)
        )
    found = match(source, from_process, target, to_process)
    plan = Plan(from_process, source.hash, to_process, target.hash, found.elements)
    return dump(plan, found, as_json=as_json), len(found.unmatched)


async def _both(
    stores: Stores, settings: Settings, old: str, new: str, process: str | None, pack: str | None
) -> tuple[tuple[Graph, str], tuple[Graph, str]]:
    async with stores.sessions() as session:
        name = pack or settings.policy
        return (
            await _named(session, stores.definitions, name, old, process),
            await _named(session, stores.definitions, name, new, process),
        )


async def _named(
    session: AsyncSession, store: DefinitionStore, pack: str, text: str, process: str | None
) -> tuple[Graph, str]:
    if text.endswith(".bpmn"):
        graph = _file(Path(text))
        return graph, _process(graph, process)
    id_, _, number = text.partition("@")
    if not number.isdigit():
        raise JiannuoError(f"{text} is neither a .bpmn file nor PROCESS@VERSION, such as complaint@2.")
    hash_ = await session.scalar(
        select(DefinitionVersion.hash).where(
            DefinitionVersion.pack == pack, DefinitionVersion.kind == "bpmn",
            DefinitionVersion.definition_id == id_, DefinitionVersion.version == int(number),
        )
    )  # fmt: skip
    if hash_ is None:
        raise NotFound(f"政策 {pack} 没有部署流程“{id_}”的第 {number} 版；jiannuo bpmn list 列出已部署的版本。")
    return await store.graph(session, hash_), id_


def _file(path: Path) -> Graph:
    try:
        return read(path.read_bytes(), path.name)
    except OSError as error:
        raise JiannuoError(f"The file {path} cannot be read: {error.strerror}.") from None
    except DeploymentRefused as error:
        raise JiannuoError(f"{path} would not be deployed:\n{error}") from None


def _process(graph: Graph, wanted: str | None) -> str:
    if wanted is not None and wanted in graph.processes:
        return wanted
    if wanted is not None or len(graph.processes) != 1:
        raise JiannuoError(f"{graph.name} holds the processes {', '.join(graph.processes)}: name one with --process.")
    return next(iter(graph.processes))


def _plan(file: Path) -> Plan:
    try:
        return parse(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise JiannuoError(f"The file {file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise JiannuoError(f"The file {file} is not in UTF-8: save it again in that encoding.") from None
    except Refused as problem:
        raise JiannuoError(f"{file}: {problem.sentence}") from None


def problems_of(file: Path) -> tuple[Problem, ...]:
    plan = _plan(file)

    async def act(stores: Stores, settings: Settings) -> tuple[Problem, ...]:
        async with stores.sessions() as session:
            source, target = await models(session, stores.definitions, plan)
        return plan_problems(source, plan.process_id, target, plan.to_process_id, plan.mapping)

    return with_stores(act)


def previewed(file: Path, case: str | None, pack: str | None) -> list[Previewed]:
    plan = _plan(file)

    async def act(stores: Stores, settings: Settings) -> list[Previewed]:
        async with stores.sessions() as session:
            only = None if case is None else await instance_of(session, case)
            now = datetime.now(UTC)
            each = preview(session, stores.definitions, plan, pack or settings.policy, now, only)
            return [one async for one in each]

    return with_stores(act)


def begin_change(
    file: Path, case: str | None, pack: str | None, rate: float, reason: str, author: str, now: datetime
) -> int:
    plan = _plan(file)

    async def act(stores: Stores, settings: Settings) -> int:
        async with stores.sessions.begin() as session:
            only = None if case is None else await instance_of(session, case)
            return await begin(
                session, stores.definitions, plan, pack or settings.policy,
                only=only, rate=rate, reason=reason, author=author, now=now,
            )  # fmt: skip

    return with_stores(act)


def followed(number: int, tell: Callable[[dict[str, int]], None] | None) -> tuple[Progress, list[Result]]:
    """Until the change is done; ``tell`` hears of every difference."""

    async def act(stores: Stores, settings: Settings) -> tuple[Progress, list[Result]]:
        told: dict[str, int] = {}
        while True:
            async with stores.sessions() as session:
                found = await progress_of(session, number)
                if found.state == "done":
                    return found, await results(session, number)
            if found.counts != told and tell is not None:
                told = found.counts
                tell(told)
            await asyncio.sleep(LOOK_S)

    return with_stores(act)


def one_change(number: int) -> tuple[Progress, list[Result]]:
    async def act(stores: Stores, settings: Settings) -> tuple[Progress, list[Result]]:
        async with stores.sessions() as session:
            return await progress_of(session, number), await results(session, number)

    return with_stores(act)


def open_changes(*, everything: bool) -> list[Progress]:
    async def act(stores: Stores, settings: Settings) -> list[Progress]:
        async with stores.sessions() as session:
            return await progress(session, everything=everything)

    return with_stores(act)
