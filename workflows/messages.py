"""The messages of the one workflow type: its start input, its Updates and their answers. Ids and routing facts only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from temporalio.common import SearchAttributeKey

WORKFLOW = "Process"

UPDATE_SUBMIT = "submit"
UPDATE_OPERATE = "operate"
UPDATE_MIGRATE = "migrate"
SIGNAL_CONTINUE_AS_NEW = "continue_as_new"
SIGNAL_RESUME = "resume"
SIGNAL_DEADLINE = "deadline_moved"
QUERY_STATE = "state"

BUSY = "Busy"
"""``ApplicationError.type`` when the step log lags: ask again in a moment."""

HALTED = "Halted"
"""``ApplicationError.type`` when the step log and the execution disagree: an operator must reconcile."""

TOO_LARGE = "TooLarge"
"""``ApplicationError.type`` when the case holds more data than a continued run can take along."""

ENGINE_FAILURE = "EngineFailure"
"""``ApplicationError.type`` of a defect in the core; the submission stays, nothing was applied."""

CASE = SearchAttributeKey.for_keyword("JiannuoCase")
STAGE = SearchAttributeKey.for_keyword("JiannuoStage")
REGION = SearchAttributeKey.for_keyword("JiannuoRegion")


@dataclass(frozen=True)
class Carried:
    """What a continued run takes along: engine state and open commands as JSON text, and where the step log stands.

    ``answered`` maps recent submissions to their steps; ``events`` (JSON text) are what a lost run had been told and
    the step log had not heard of yet: only reconcile sets them.
    """

    state: str
    last_step: int
    digest: str
    outstanding: str
    answered: dict[str, int] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ProcessStart:
    """``clock_offset_s``: seconds from Temporal's clock to the case's own time axis; 0 except in rehearsals.

    ``definition``: of ``start_event``, where that waits for several (``bpmn.starts`` says which one a message meets).
    ``semantics``: the number that a new case begins with; a continued one has it in its state.
    """

    instance_id: str
    graph_hash: str
    process_id: str
    business_key: str
    variables: str = "{}"
    clock_offset_s: float = 0.0
    start_event: str | None = None
    definition: int | None = None
    carried: Carried | None = None
    continue_each_step: bool = False
    search_attributes: bool = True
    semantics: int = 1

    def renewed(self, carried: Carried) -> ProcessStart:
        """The input of the next run: the variables live in the carried state from now on."""
        return replace(self, variables="{}", carried=carried)


@dataclass(frozen=True)
class Submit:
    """A person's act, already stored as a submission: the event it stands for, as JSON text of ``bpmn.codec``."""

    submission_id: str
    event: str
    actor: str


@dataclass(frozen=True)
class Operate:
    """An operator's act on a stuck case (retry, edit variables, skip, move, cancel), with its reason."""

    operation_id: str
    event: str
    actor: str
    reason: str


@dataclass(frozen=True)
class Answer:
    """The step that recorded the act."""

    step: int


@dataclass(frozen=True)
class Position:
    """Where an execution stands. ``quiet``: nothing is left to do until someone acts or a timer's instant comes.

    ``tail``: the chained digests of step ``recorded`` and of every later one, in order.
    """

    last_step: int
    recorded: int
    digest: str
    state: str
    halted: str | None
    quiet: bool
    tail: list[str] = field(default_factory=list)
