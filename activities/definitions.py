"""Finding what an execution calls: a callee's graph (pinned at its call) and decisions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import contracts
from activities.stores import Stores
from bpmn import codec
from bpmn.dmn import api as dmn
from bpmn.feel.api import FeelError, to_json
from bpmn.graphset import GraphSet
from cases.definitions import latest, tagged
from cases.intake import SHANGHAI
from cases.tables.engine import DefinitionVersion, Instance


class Definitions:
    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    @activity.defn(name=contracts.RESOLVE_DEFINITION)
    async def resolve(self, given: contracts.ResolveInput) -> GraphSet:
        """``latest`` and ``versionTag`` are looked up in the caller's pack; ``deployment`` is the caller's own file."""
        async with self._stores.transaction() as session:
            if given.binding == "deployment" and given.caller_hash is not None:
                return GraphSet({given.caller_hash: await self._stores.definitions.graph(session, given.caller_hash)})
            version = await _find(
                session, given.instance_id, "bpmn", given.process_id, given.binding, given.version_tag
            )
            return GraphSet({version.hash: await self._stores.definitions.graph(session, version.hash)})

    @activity.defn(name=contracts.EVALUATE_DECISION)
    async def evaluate(self, given: contracts.DecisionInput) -> contracts.JobResult:
        async with self._stores.transaction() as session:
            version = await _find(
                session, given.instance_id, "dmn", given.decision_id, given.binding, given.version_tag
            )
            definitions = await self._stores.definitions.decision(session, version.hash)
        try:
            result = dmn.evaluate_decision(
                definitions,
                given.decision_id,
                codec.load_variables(given.variables),
                now=datetime.fromisoformat(given.at),
                zone=SHANGHAI,
                free_variables=True,
            )
        except (dmn.DmnError, FeelError) as error:
            # The same variables would fail in the same way again: an incident, not a retry without end.
            raise ApplicationError(str(error), type="DecisionFailed", non_retryable=True) from error
        return contracts.JobResult(codec.dump_variables({"result": to_json(result.value)}))


async def _find(
    session: AsyncSession, instance_id: str, kind: str, definition_id: str, binding: str, tag: str | None
) -> DefinitionVersion:
    instance = await session.get(Instance, instance_id)
    assert instance is not None, "an execution has an instance row"
    if binding == "versionTag" and tag is not None:
        found = await tagged(session, instance.pack, kind, definition_id, tag)
    else:
        found = await latest(session, instance.pack, kind, definition_id)
    if found is None:
        raise ApplicationError(
            f"政策 {instance.pack} 没有部署“{definition_id}”({binding}{f' {tag}' if tag else ''})。",
            type="NotDeployed",
            non_retryable=True,
        )
    return found
