"""The result of one ``advance``: the new state, what the shell must do, and what happened, for the log."""

from __future__ import annotations

from bpmn.commands import Command
from bpmn.record import record
from bpmn.state import State


@record
class TraceEntry:
    """One thing that a reader of the history sees.

    ``kind``: entered, completed, cancelled, flow, caught, thrown, incident. ``element_id`` is the node or flow in the
    graph ``graph_hash``; ``scope_key`` the scope it happened in; ``detail`` a code, rung, message name or reason.
    """

    kind: str
    element_id: str
    graph_hash: str
    scope_key: int
    detail: str = ""


@record
class Step:
    state: State
    commands: tuple[Command, ...]
    trace: tuple[TraceEntry, ...]


@record
class Refusal:
    """Why an event cannot be applied now: a rule name, and a whole sentence for the person who asked."""

    rule: str
    sentence: str
