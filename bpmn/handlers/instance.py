"""An instance starts and is cancelled; a person starts an ad-hoc activity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bpmn.commands import CompleteInstance
from bpmn.elements.kinds import ACTIVITIES
from bpmn.events import AdHocActivated, InstanceCancelled, InstanceStarted
from bpmn.handlers.handler import Handler
from bpmn.instance.scope import Scope
from bpmn.model import Graph
from bpmn.run.cancel import cancel_scope
from bpmn.run.run import Run
from bpmn.run.scopes import start
from bpmn.run.variables import assign_local
from bpmn.state import State
from bpmn.step import Refusal


class StartInstance(Handler):
    def check(self, graphs: Mapping[str, Graph], state: Any, event: InstanceStarted) -> Refusal | None:
        graph = graphs.get(event.ref.hash)
        process = None if graph is None else graph.processes.get(event.ref.process_id)
        if process is None or graph is None:
            return Refusal("no-process", f"There is no process '{event.ref.process_id}' in this deployment.")
        if process.container.start_tokens(event.start_event):
            known = graph.nodes[event.start_event].events if event.start_event else ()
            if event.definition is not None and not 0 <= event.definition < len(known):
                sentence = f"'{event.start_event}' has no event definition number {event.definition}."
                return Refusal("no-start", sentence)
            return None
        if event.start_event is None:
            return Refusal("no-start", f"'{process.name or process.id}' has no none start event: name a start event.")
        return Refusal("no-start", f"'{event.start_event}' is no start event of '{process.name or process.id}'.")

    def apply(self, run: Run, event: InstanceStarted) -> None:
        graph = run.graphs[event.ref.hash]
        process = graph.processes[event.ref.process_id]
        scope = Scope(run.key(), "process", process.id, process.id, graph.hash)
        run.new_scope(scope)
        caught = None
        if event.start_event is None:
            scope.variables.update(event.variables)
        else:
            caught = dict(event.variables)
        tokens = process.container.start_tokens(event.start_event)
        node = graph.nodes[tokens[0]]
        if event.definition is not None and node.parallel_multiple and len(node.events) > 1:
            # §10.5.2: the process begins once all have been caught; until then the instance only remembers.
            scope.variables.update(event.variables)
            start(run, scope, tokens, event.definition)
        else:
            start(run, scope, tokens, caught)


class CancelInstance(Handler):
    def apply(self, run: Run, event: InstanceCancelled) -> None:
        variables = dict(run.scopes[run.state.root].variables)
        cancel_scope(run, run.state.root, event.reason)
        run.status = "cancelled"
        run.commands.append(CompleteInstance(variables, cancelled=True))


class ActivateAdHoc(Handler):
    def check(self, graphs: Mapping[str, Graph], state: State, event: AdHocActivated) -> Refusal | None:
        scope = state.scopes.get(event.scope_key)
        if scope is None or scope.kind != "adhoc" or scope.ending:
            return Refusal("ad-hoc-closed", "The ad-hoc subprocess is not open.")
        graph = graphs[scope.graph]
        if event.element_id not in enabled(graph, scope):
            return Refusal("ad-hoc-element", f"'{event.element_id}' cannot be started in this ad-hoc subprocess.")
        sequential = not getattr(graph.nodes[scope.element].detail, "parallel", True)
        if sequential and scope.tokens:
            return Refusal("ad-hoc-sequential", "Another activity of this subprocess is not finished yet.")
        return None

    def apply(self, run: Run, event: AdHocActivated) -> None:
        token = run.new_token(event.scope_key, event.element_id)
        if event.variables:
            assign_local(run, token, event.variables)
        run.push("enter", token)


def enabled(graph: Graph, scope: Scope) -> tuple[str, ...]:
    """Activities of an ad-hoc subprocess that a person may start: those that no flow leads to."""
    container = graph.container(scope.element)
    return tuple(
        key
        for key in container.nodes
        if graph.nodes[key].kind in ACTIVITIES
        and not graph.nodes[key].incoming
        and not graph.nodes[key].for_compensation
    )


HANDLERS = {InstanceStarted: StartInstance(), InstanceCancelled: CancelInstance(), AdHocActivated: ActivateAdHoc()}
