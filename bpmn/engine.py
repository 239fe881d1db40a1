"""The engine: ``advance`` applies one event, all or nothing; ``check`` says beforehand why it could not.

Pure: no clock, no randomness, no I/O. The same graphs, state, event and instant give the same step.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bpmn.commands import Command
from bpmn.errors import EventRefused, Failure
from bpmn.events import Event, InstanceStarted
from bpmn.handlers.table import HANDLERS
from bpmn.model import Graph
from bpmn.run.agenda import TooManyMoves, drain
from bpmn.run.incidents import raise_incident
from bpmn.run.listeners import OPENING, WAITING
from bpmn.run.run import MAXIMUM_TOKENS, Run, TooManyTokens
from bpmn.semantics import rules_of
from bpmn.state import State
from bpmn.step import Refusal, Step


def advance(graphs: Mapping[str, Graph], state: State | None, event: Event, now: datetime) -> Step:
    """The step that ``event`` causes. Raises EventRefused where ``check`` refuses; never changes ``state``.

    A step that cannot come to rest, or meets a fault of the engine, is discarded whole and becomes an incident that
    keeps the event.
    """
    refused = check(graphs, state, event)
    if refused is not None:
        raise EventRefused(refused)
    if state is None:
        assert isinstance(event, InstanceStarted)
        state = State(event.business_key, semantics=event.semantics)
    rules = rules_of(state.semantics)
    run = Run(graphs, state, now)
    try:
        HANDLERS[type(event)].apply(run, event)
        kept = run.again
        # An incident kept its event: it is applied once more, unless it has become pointless.
        if kept is not None and HANDLERS[type(kept)].check(graphs, state, kept) is None:
            HANDLERS[type(kept)].apply(run, kept)
        drain(run)
    except TooManyMoves:
        why = "The step did not come to rest: a loop without a wait, or a model that forks without end."
        return _discarded(graphs, state, event, now, Failure("step-bound", why))
    except TooManyTokens:
        why = f"The instance would hold more than {MAXIMUM_TOKENS} tokens: a model that forks without end."
        return _discarded(graphs, state, event, now, Failure("token-bound", why))
    except Failure as failure:
        return _discarded(graphs, state, event, now, failure)
    except Exception as error:
        # A fault of the engine must not leave the shell without an answer: the event is kept, and can be tried again.
        why = f"The engine failed ({type(error).__name__}): the step was discarded."
        return _discarded(graphs, state, event, now, Failure("engine-fault", why), error)
    return Step(run.finish(), rules.arrange(run.commands, state.next_key), tuple(run.trace))


def check(graphs: Mapping[str, Graph], state: State | None, event: Event) -> Refusal | None:
    if state is None:
        if not isinstance(event, InstanceStarted):
            return Refusal("not-started", "The instance has not been started.")
    elif isinstance(event, InstanceStarted):
        return Refusal("started", "The instance is running already.")
    elif state.status != "running":
        return Refusal("ended", f"The instance is {state.status}.")
    return HANDLERS[type(event)].check(graphs, state, event)  # type: ignore[arg-type]


def _commands(run: Run, state: State) -> tuple[Command, ...]:
    return rules_of(state.semantics).arrange(run.commands, state.next_key)


def _discarded(
    graphs: Mapping[str, Graph],
    state: State,
    event: Event,
    now: datetime,
    failure: Failure,
    error: Exception | None = None,
) -> Step:
    run = Run(graphs, state, now)
    handler = HANDLERS[type(event)]
    if not handler.keeps:
        raise EventRefused(Refusal(failure.rule, failure.reason)) from error
    if isinstance(event, InstanceStarted):
        handler.apply(run, event)
        run.agenda.clear()
        caught = None if event.start_event is None else dict(event.variables)
        for index, token in enumerate(sorted(run.tokens)):
            if WAITING in run.scopes[run.tokens[token].scope].phases:
                raise_incident(run, token, "listen", {"phase": OPENING, "index": 0}, failure)
                continue
            # The first token arms the scope; each of the others has to be begun again too.
            raise_incident(run, token, "enter" if index else "open", None if index else caught, failure)
        return Step(run.finish(), _commands(run, state), tuple(run.trace))
    token = handler.target(state, event) or min(run.tokens, default=0)
    if not token:
        raise failure from error
    raise_incident(run, token, "event", None, failure, event)
    return Step(run.finish(), _commands(run, state), tuple(run.trace))
