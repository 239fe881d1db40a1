"""What an operator does to a stuck instance."""

from __future__ import annotations

from collections.abc import Mapping

from bpmn.commands import ResolveIncident
from bpmn.elements.kinds import GATEWAYS
from bpmn.events import ElementSkipped, IncidentRetried, TokenMoved, VariablesEdited
from bpmn.handlers.handler import Handler
from bpmn.model import Graph
from bpmn.run.cancel import strip
from bpmn.run.flow import move, unjoin
from bpmn.run.listeners import ENDING, WAITING
from bpmn.run.run import Run
from bpmn.run.variables import assign_scope
from bpmn.state import State
from bpmn.step import Refusal


class RetryIncident(Handler):
    def check(self, graphs: Mapping[str, Graph], state: State, event: IncidentRetried) -> Refusal | None:
        if event.incident_key not in state.incidents:
            return Refusal("incident-closed", f"Incident {event.incident_key} is resolved already.")
        return None

    def apply(self, run: Run, event: IncidentRetried) -> None:
        incident = run.incidents.pop(event.incident_key)
        run.commands.append(ResolveIncident(incident.key))
        token = run.edit_token(incident.token)
        token.status = "ready"
        if incident.event is not None:
            token.status = "waiting"
            run.again = incident.event
        elif incident.stage in ("throw", "loop-throw"):
            token.status = "waiting"
            run.push_throw(token, incident.stage)
        else:
            run.push(incident.stage, token, dict(incident.variables) if incident.caught else None)

    def target(self, state: State, event: IncidentRetried) -> int:
        return state.incidents[event.incident_key].token


class EditVariables(Handler):
    def check(self, graphs: Mapping[str, Graph], state: State, event: VariablesEdited) -> Refusal | None:
        if event.scope_key not in state.scopes:
            return Refusal("scope-closed", f"Scope {event.scope_key} has ended.")
        return None

    def apply(self, run: Run, event: VariablesEdited) -> None:
        assign_scope(run, event.scope_key, event.variables)


class TokenHandler(Handler):
    def check(self, graphs: Mapping[str, Graph], state: State, event: ElementSkipped | TokenMoved) -> Refusal | None:
        token = state.tokens.get(event.token_key)
        if token is None:
            return Refusal("token-gone", f"Token {event.token_key} has moved on or ended.")
        phases = state.scopes[token.scope].phases
        if WAITING in phases or ENDING in phases:
            return Refusal("process-listener", "A listener of the process is at work: retry it, or cancel the case.")
        return None

    def target(self, state: State, event: ElementSkipped | TokenMoved) -> int:
        return event.token_key


class SkipElement(TokenHandler):
    def check(self, graphs: Mapping[str, Graph], state: State, event: ElementSkipped | TokenMoved) -> Refusal | None:
        refused = super().check(graphs, state, event)
        if refused is not None:
            return refused
        token = state.tokens[event.token_key]
        node = graphs[state.scopes[token.scope].graph].nodes[token.node]
        if node.kind in GATEWAYS and node.kind != "parallelGateway" and len(node.outgoing) > 1:
            called = node.name or node.id
            return Refusal("skip-gateway", f"Skipping '{called}' would leave open which way to go: move the token.")
        return None

    def apply(self, run: Run, event: ElementSkipped) -> None:
        token = run.tokens[event.token_key]
        strip(run, token, "skipped")
        token = run.edit_token(token.key)
        _leave_join(run, token.key)
        token.status = "ready"
        run.push("complete", token, dict(event.variables))


class MoveToken(TokenHandler):
    def check(self, graphs: Mapping[str, Graph], state: State, event: ElementSkipped | TokenMoved) -> Refusal | None:
        refused = super().check(graphs, state, event)
        if refused is not None:
            return refused
        assert isinstance(event, TokenMoved)
        token = state.tokens[event.token_key]
        scope = state.scopes[token.scope]
        target = graphs[scope.graph].nodes.get(event.element_id)
        parent = graphs[scope.graph].nodes[token.node].parent
        if scope.kind in ("loop", "compensation"):
            return Refusal("token-in-loop", "A token of a loop instance cannot be moved: move the token of the loop.")
        if target is None or target.parent != parent:
            return Refusal("move-scope", f"'{event.element_id}' is no element of the scope that the token is in.")
        if target.kind in ("boundaryEvent", "startEvent", "eventSubProcess") or target.for_compensation:
            return Refusal("move-target", f"'{target.name or target.id}' cannot be entered by a token.")
        return None

    def apply(self, run: Run, event: TokenMoved) -> None:
        token = run.tokens[event.token_key]
        strip(run, token, event.element_id)
        run.log("cancelled", token, event.element_id)
        _leave_join(run, token.key)
        move(run, run.tokens[token.key], event.element_id)


def _leave_join(run: Run, token_key: int) -> None:
    token = run.tokens[token_key]
    if token_key in run.scopes[token.scope].joins.get(token.node, ()):
        unjoin(run, token)


HANDLERS = {
    IncidentRetried: RetryIncident(),
    VariablesEdited: EditVariables(),
    ElementSkipped: SkipElement(),
    TokenMoved: MoveToken(),
}
