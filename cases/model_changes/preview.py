"""A plan tried on the logged state of each open case, through the same core; nothing is changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bpmn.engine import advance
from bpmn.errors import EventRefused, Problem
from bpmn.migration import plan_problems
from bpmn.migration_diff import Change, changes
from bpmn.model import Graph
from bpmn.run.migrate import objections
from cases.definitions import DefinitionStore
from cases.errors import Invalid, NotFound
from cases.model_changes.plan import Plan
from cases.model_changes.standing import events, standing
from cases.states import state_of
from cases.tables.engine import Instance


@dataclass(frozen=True)
class Previewed:
    """One case: what would change, or why the plan would be refused."""

    instance_id: str
    case_no: str | None
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()


async def require_fit(session: AsyncSession, store: DefinitionStore, plan: Plan) -> None:
    """Raises NotFound (a model is not deployed) or Invalid with every structural problem."""
    source, target = await models(session, store, plan)
    found = plan_problems(source, plan.process_id, target, plan.to_process_id, plan.mapping)
    if found:
        raise Invalid({problem.element_id or str(n): str(problem) for n, problem in enumerate(found)})


async def models(session: AsyncSession, store: DefinitionStore, plan: Plan) -> tuple[Graph, Graph]:
    source, target = await store.graph(session, plan.from_hash), await store.graph(session, plan.to_hash)
    for graph, process in ((source, plan.process_id), (target, plan.to_process_id)):
        if process not in graph.processes:
            raise NotFound(f"模型文件 {graph.name} 中没有流程“{process}”，请核对方案文件中的 process。")
    return source, target


async def preview(
    session: AsyncSession, store: DefinitionStore, plan: Plan, pack: str, now: datetime, only: str | None = None
) -> AsyncIterator[Previewed]:
    """``now`` is real time. A case that has not begun yet has nothing to show."""
    source, target = await models(session, store, plan)
    for instance_id, case_no in (await session.execute(standing(plan, pack, only))).all():
        instance = await session.get_one(Instance, instance_id)
        if instance.state is None:
            continue
        before = state_of(instance.state)
        graphs: dict[str, Graph] = {source.hash: source, target.hash: target}
        for hash_ in before.graph_hashes():
            graphs[hash_] = await store.graph(session, hash_)
        yield _try(plan, instance, case_no, graphs, now + timedelta(seconds=instance.clock_offset_s))


def _try(plan: Plan, instance: Instance, case_no: str | None, graphs: Mapping[str, Graph], now: datetime) -> Previewed:
    assert instance.state is not None
    before = state = state_of(instance.state)
    for event in events(plan, before):
        problems = objections(graphs, state, event)
        if problems:
            return Previewed(instance.id, case_no, problems=tuple(problems))
        try:
            state = advance(graphs, state, event, now).state
        except EventRefused as error:
            refused = Problem(error.refusal.rule, "", "", 0, error.refusal.sentence, "Mend the new model or the plan.")
            return Previewed(instance.id, case_no, problems=(refused,))
    return Previewed(instance.id, case_no, changes(before, state, graphs))
