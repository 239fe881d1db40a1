"""A migration plan is checked against every active element before anything moves."""

from __future__ import annotations

from collections.abc import Mapping

from bpmn.errors import Problem
from bpmn.events import InstanceMigrated
from bpmn.handlers.handler import Handler
from bpmn.migration import RULE
from bpmn.model import Graph
from bpmn.run.migrate import migrate, objections
from bpmn.run.run import Run
from bpmn.state import State
from bpmn.step import Refusal


class MigrateInstance(Handler):
    keeps = False

    def check(self, graphs: Mapping[str, Graph], state: State, event: InstanceMigrated) -> Refusal | None:
        found = objections(graphs, state, event)
        return Refusal(RULE, " ".join(map(_sentence, found))) if found else None

    def apply(self, run: Run, event: InstanceMigrated) -> None:
        migrate(run, event.scope_key, event.to, event.mapping)


def _sentence(problem: Problem) -> str:
    where = f"'{problem.name or problem.element_id}' ({problem.element_id}): " if problem.element_id else ""
    return f"{where}{problem.message} {problem.remedy}"


HANDLERS: Mapping[type, Handler] = {InstanceMigrated: MigrateInstance()}
