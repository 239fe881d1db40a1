"""A scope owns variables, tokens and subscriptions: of a process, a subprocess, a loop body, a compensation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bpmn.values import Json


@dataclass(frozen=True, slots=True)
class Compensation:
    """A completed activity that can be compensated. ``scope`` is the key of the scope it completed in.

    ``inner`` are the records of a completed subprocess, ``data`` the variables visible as of completion. ``graph`` and
    ``process`` say where the handler stands when that is a called process, empty for the scope's own.
    """

    key: int
    node: str
    handler: str
    data: dict[str, Json]
    inner: tuple[Compensation, ...] = ()
    graph: str = ""
    process: str = ""

    def graphs(self) -> Iterator[str]:
        """Of called processes whose handlers this record names."""
        if self.graph:
            yield self.graph
        for inner in self.inner:
            yield from inner.graphs()


@dataclass(slots=True)
class LoopState:
    """Progress of a multi-instance body or standard loop. ``size`` is -1 while a standard loop's end is open."""

    size: int
    started: int = 0
    completed: int = 0
    terminated: int = 0
    items: tuple[Json, ...] = ()
    outputs: tuple[Json, ...] = ()

    def copy(self) -> LoopState:
        return LoopState(self.size, self.started, self.completed, self.terminated, self.items, self.outputs)


@dataclass(slots=True)
class Scope:
    """``owner`` is the token that stands at ``element`` in the ``parent`` scope, 0 at the root.

    ``kind``: process, subprocess, event, loop, adhoc, transaction, compensation. ``joins`` lists waiting tokens per
    gateway in order of arrival. ``interrupted`` names the interrupting event subprocess that took the scope over.
    ``ending`` is the mode in which a transaction is being left.
    """

    key: int
    kind: str
    element: str
    process: str
    graph: str
    parent: int = 0
    owner: int = 0
    variables: dict[str, Json] = field(default_factory=dict)
    tokens: dict[int, None] = field(default_factory=dict)
    waits: tuple[int, ...] = ()
    joins: dict[str, tuple[int, ...]] = field(default_factory=dict)
    deadlines: tuple[int, ...] = ()
    interrupted: str = ""
    compensations: tuple[Compensation, ...] = ()
    queue: tuple[Compensation, ...] = ()
    loop: LoopState | None = None
    phases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ending: str = ""

    def copy(self) -> Scope:
        return Scope(
            self.key,
            self.kind,
            self.element,
            self.process,
            self.graph,
            self.parent,
            self.owner,
            dict(self.variables),
            dict(self.tokens),
            self.waits,
            dict(self.joins),
            self.deadlines,
            self.interrupted,
            self.compensations,
            self.queue,
            None if self.loop is None else self.loop.copy(),
            dict(self.phases),
            self.ending,
        )
