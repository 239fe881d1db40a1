"""What the hand-written workflow and its own record activity say to each other. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass, field

WORKFLOW = "ComplaintByHand"
RECORD = "record_by_hand"
UPDATE_ACT = "act"


@dataclass(frozen=True)
class Start:
    """The routing facts of a complaint that its path from intake to closing needs. Units by USCC.

    ``bare``: an act is answered once it is stored, before what it set off is; the complainant is not heard.
    """

    instance_id: str
    case_id: str
    received_at: str
    accepting_unit: str
    respondent_unit: str
    region_code: str
    bare: bool = False


@dataclass(frozen=True)
class Done:
    """A person's act, already stored as a submission."""

    submission_id: str
    key: int
    act: str
    acted_at: str
    actor: str
    facts: dict[str, str | int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Opened:
    """A task, by its element in the letter chain or in the procedure; what pages show of it is known to the record."""

    key: int
    element: str
    candidates: list[str]
    deadline: int | None = None
    letter_id: str | None = None


@dataclass(frozen=True)
class Offered:
    """An act that may be done at any moment, by the start event that offers it in the model."""

    key: int
    element: str


@dataclass(frozen=True)
class Armed:
    key: int
    name: str
    element: str
    starts: dict[str, str]


@dataclass
class Changes:
    """What one record writes, in one transaction. ``entered``: elements that show a new stage or status."""

    entered: list[str] = field(default_factory=list)
    opened: list[Opened] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    offered: list[Offered] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)
    armed: list[Armed] = field(default_factory=list)
    met: list[int] = field(default_factory=list)
    acts: list[Done] = field(default_factory=list)
    completed: bool = False


@dataclass(frozen=True)
class Batch:
    instance_id: str
    step: int
    at: str
    changes: Changes


@dataclass(frozen=True)
class Instants:
    """A deadline as it was computed. ``rungs`` in order of instant; empty where the policy knows no such clock."""

    key: int
    revision: int
    due_at: str | None
    rungs: dict[str, str]


@dataclass(frozen=True)
class Recorded:
    step: int
    deadlines: list[Instants] = field(default_factory=list)
