"""The rules, in the order in which a reader would check a diagram. A rule is a generator of problems over a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bpmn.errors import Problem
from bpmn.lint import boundaries, compensation, events, flows, gateways, links, processes, subprocesses, timers, waits
from bpmn.model import Graph

Rule = Callable[[Graph], Iterable[Problem]]
RULES: tuple[Rule, ...] = (
    processes.content,
    processes.called,
    processes.size,
    processes.time_zone,
    processes.message_flows,
    flows.into_start_events,
    flows.into_instantiating_tasks,
    flows.out_of_start_events,
    flows.into_end_events,
    flows.out_of_end_events,
    flows.lone_conditions,
    flows.default_flows,
    flows.unreachable_nodes,
    events.positions,
    events.missing_definitions,
    events.always_interrupting,
    events.thrown_codes,
    events.cancel_places,
    boundaries.hosts,
    boundaries.flows_into,
    boundaries.leading_nowhere,
    boundaries.same_code_twice,
    subprocesses.event_subprocesses,
    subprocesses.embedded_starts,
    subprocesses.ad_hoc_content,
    gateways.conditions,
    gateways.directions,
    gateways.event_based,
    links.pairs,
    links.flows_of_links,
    compensation.handlers,
    compensation.unused_handlers,
    compensation.one_each,
    compensation.one_subprocess,
    compensation.references,
    timers.literals,
    timers.starts,
    timers.times_to_live,
    waits.endless_loops,
)
