"""A case moves to another version of its model, or to another number of the engine's rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bpmn.errors import Problem
from bpmn.events import InstanceMigrated, SemanticsRaised
from bpmn.handlers.handler import Handler
from bpmn.migration import RULE
from bpmn.model import Graph
from bpmn.run.deadlines import tell_apart
from bpmn.run.migrate import migrate, objections
from bpmn.run.run import Run
from bpmn.semantics import rules_of
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


class RaiseSemantics(Handler):
    keeps = False

    def check(self, graphs: Mapping[str, Graph], state: State, event: SemanticsRaised) -> Refusal | None:
        rules_of(event.number)
        if event.number <= state.semantics:
            return Refusal("semantics", f"The case has semantics {state.semantics} already.")
        return None

    def apply(self, run: Run, event: SemanticsRaised) -> None:
        before, after = run.rules, rules_of(event.number)
        run.semantics = event.number
        if after.rungs_by_clock and not before.rungs_by_clock:
            # The step's other rules stay those that it began with.
            run.rules = replace(before, rungs_by_clock=True)
            tell_apart(run)


HANDLERS: Mapping[type, Handler] = {InstanceMigrated: MigrateInstance(), SemanticsRaised: RaiseSemantics()}
