"""``Run``: one step in the making. Entities are copied on first write, so that an exception leaves nothing behind."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bpmn.commands import Command
from bpmn.elements.node import Node
from bpmn.errors import Failure
from bpmn.events import Event, GraphRef
from bpmn.instance.scope import Scope
from bpmn.instance.token import Token
from bpmn.instance.wait import Wait
from bpmn.model import Graph
from bpmn.semantics import rules_of
from bpmn.state import State
from bpmn.step import TraceEntry
from bpmn.values import Json

Item = tuple[int, int, int, str, Any]

# Above the 50,000 instances that one loop may have; what lives beyond is a model that forks without end.
MAXIMUM_TOKENS = 60_000
# Cancelling goes from scope to scope on the stack: a quarter of Python's own limit on each.
MAXIMUM_DEPTH = 150


class TooManyTokens(Exception):
    """The instance holds as many tokens as it may."""


class Run:
    __slots__ = (
        "again",
        "agenda",
        "armed",
        "changed",
        "commands",
        "conditions",
        "deadlines",
        "ended_clocks",
        "everything",
        "fresh",
        "graphs",
        "incidents",
        "next_key",
        "now",
        "rules",
        "scopes",
        "semantics",
        "sequence",
        "spent",
        "state",
        "status",
        "throws",
        "tokens",
        "trace",
        "waits",
        "watched",
        "written",
    )

    def __init__(self, graphs: Mapping[str, Graph], state: State, now: datetime) -> None:
        self.graphs = graphs
        self.now = now
        self.state = state
        self.scopes = dict(state.scopes)
        self.tokens = dict(state.tokens)
        self.waits = dict(state.waits)
        self.conditions = dict(state.conditions)
        self.deadlines = dict(state.deadlines)
        self.incidents = dict(state.incidents)
        self.next_key = state.next_key
        self.status = state.status
        self.semantics = state.semantics
        self.rules = rules_of(state.semantics)
        self.fresh: dict[int, None] = {}
        self.commands: list[Command] = []
        self.trace: list[TraceEntry] = []
        self.agenda: list[Item] = []
        self.throws: list[Item] = []
        self.sequence = 0
        # What conditions may have to be judged anew: those just armed, those that name what was written, or all.
        self.changed = False
        self.armed: dict[int, None] = {}
        self.written: dict[tuple[str, bool], None] = {}
        # Conditions by (graph, node, definition), made when first asked for: instances of a loop share a definition.
        self.watched: dict[tuple[str, str, int], dict[int, None]] | None = None
        self.everything = False
        self.again: Event | None = None
        # Names of clocks that ended in this step, whose timers may go back to an outer one.
        self.ended_clocks: dict[str, None] = {}
        # What timers had fired that a migration closed, for those that take their places: by scope, token, node, name.
        self.spent: dict[tuple[int, int, str, str], dict[int, tuple[str, ...]]] = {}

    def key(self) -> int:
        key = self.next_key
        self.next_key = key + 1
        return key

    def edit_token(self, key: int) -> Token:
        token = self.tokens[key]
        if key not in self.fresh:
            token = self.tokens[key] = token.copy()
            self.fresh[key] = None
        return token

    def edit_scope(self, key: int) -> Scope:
        scope = self.scopes[key]
        if key not in self.fresh:
            scope = self.scopes[key] = scope.copy()
            self.fresh[key] = None
        return scope

    def new_token(
        self, scope: int, node: str, flow: str = "", carry: dict[str, Json] | None = None, index: int = 0
    ) -> Token:
        if len(self.tokens) >= MAXIMUM_TOKENS:
            raise TooManyTokens
        key = self.key()
        token = Token(key, scope, node, flow, carry=carry, index=index)
        self.tokens[key] = token
        self.fresh[key] = None
        self.edit_scope(scope).tokens[key] = None
        return token

    def new_scope(self, scope: Scope) -> Scope:
        depth, outer = 1, scope
        while outer.parent:
            depth, outer = depth + 1, self.scopes[outer.parent]
        if depth > MAXIMUM_DEPTH:
            raise Failure("scope-depth", f"More than {MAXIMUM_DEPTH} scopes would be open inside each other.")
        self.scopes[scope.key] = scope
        self.fresh[scope.key] = None
        return scope

    def wait_for(self, wait: Wait, *, of_scope: bool = False) -> Wait:
        self.waits[wait.key] = wait
        if wait.kind == "conditional":
            self.conditions[wait.key] = None
            self.armed[wait.key] = None
            self.changed = True
            if self.watched is not None:
                self._watch(wait)
        if of_scope:
            scope = self.edit_scope(wait.scope)
            scope.waits = (*scope.waits, wait.key)
        else:
            token = self.edit_token(wait.token)
            token.waits = (*token.waits, wait.key)
        return wait

    def watching(self) -> dict[tuple[str, str, int], dict[int, None]]:
        """What was closed since may still be listed."""
        if self.watched is None:
            self.watched = {}
            for key in self.conditions:
                self._watch(self.waits[key])
        return self.watched

    def _watch(self, wait: Wait) -> None:
        assert self.watched is not None
        place = (self.scopes[wait.scope].graph, wait.node, wait.index)
        self.watched.setdefault(place, {})[wait.key] = None

    def touch(self, name: str, *, known: bool) -> None:
        """A variable was written; ``known``: it was there before."""
        self.changed = True
        if self.conditions:
            self.written[name, known] = None

    def touch_all(self) -> None:
        self.watched = None
        self.changed = self.everything = True

    def update_wait(self, wait: Wait, **changes: Any) -> Wait:
        changed = replace(wait, **changes)
        self.waits[wait.key] = changed
        return changed

    def graph(self, scope_key: int) -> Graph:
        return self.graphs[self.scopes[scope_key].graph]

    def node(self, token: Token) -> Node:
        return self.graphs[self.scopes[token.scope].graph].nodes[token.node]

    def ref(self, scope_key: int) -> GraphRef:
        scope = self.scopes[scope_key]
        return GraphRef(scope.graph, scope.process)

    def push(self, stage: str, token: Token, payload: Any = None) -> None:
        self.sequence += 1
        heapq.heappush(self.agenda, (token.scope, token.key, self.sequence, stage, payload))

    def put(self, item: Item) -> None:
        heapq.heappush(self.agenda, item)

    def push_throw(self, token: Token, stage: str = "throw") -> None:
        self.sequence += 1
        heapq.heappush(self.throws, (token.scope, token.key, self.sequence, stage, None))

    def log(self, kind: str, token: Token, detail: str = "") -> None:
        self.trace.append(TraceEntry(kind, token.node, self.scopes[token.scope].graph, token.scope, detail))

    def finish(self) -> State:
        state = self.state
        return State(
            state.business_key,
            state.root,
            self.status,
            self.next_key,
            state.steps + 1,
            state.version,
            self.semantics,
            self.scopes,
            self.tokens,
            self.waits,
            self.conditions,
            self.deadlines,
            self.incidents,
        )
