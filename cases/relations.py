"""How an actor stands to a case that it may see, and what of it that relation opens."""

from __future__ import annotations

from enum import StrEnum

from cases.access import ENTRUSTED, Actor, Duty
from cases.tables.complaints import Complaint


class Relation(StrEnum):
    COMPLAINANT = "complainant"
    HANDLER = "handler"
    RESPONDENT = "respondent"
    OVERSEER = "overseer"
    CANDIDATE = "candidate"


class Part(StrEnum):
    STATEMENT = "statement"
    IDENTITY = "identity"
    DEADLINES = "deadlines"
    STAGES = "stages"
    TASKS = "tasks"
    HISTORY = "history"
    ANSWERS = "answers"
    LETTERS = "letters"
    OWN_LETTERS = "own_letters"
    DOCUMENTS = "documents"
    OWN_DOCUMENTS = "own_documents"
    NOTES = "notes"
    RECORD = "record"
    DIAGRAM = "diagram"
    RISK = "risk"
    ADD_NOTE = "add_note"
    ADD_DOCUMENT = "add_document"


R, P = Relation, Part
_STAFF = frozenset(
    {P.STATEMENT, P.DEADLINES, P.STAGES, P.TASKS, P.HISTORY, P.LETTERS, P.DOCUMENTS, P.NOTES, P.RECORD, P.DIAGRAM,
     P.RISK}
)
OPENS: dict[Relation, frozenset[Part]] = {
    # Only who handles the case may open the vault (S2 保障措施四); overseers see the alias.
    R.HANDLER: _STAFF | {P.ANSWERS, P.IDENTITY, P.ADD_NOTE, P.ADD_DOCUMENT},
    R.OVERSEER: _STAFF | {P.ANSWERS, P.ADD_NOTE},
    R.RESPONDENT: frozenset(
        {P.STATEMENT, P.DEADLINES, P.STAGES, P.OWN_LETTERS, P.OWN_DOCUMENTS, P.RECORD, P.ADD_DOCUMENT}
    ),
    R.CANDIDATE: frozenset({P.STATEMENT, P.DEADLINES, P.STAGES, P.LETTERS, P.RECORD}),
    R.COMPLAINANT: frozenset(
        {P.STATEMENT, P.DEADLINES, P.STAGES, P.OWN_LETTERS, P.OWN_DOCUMENTS, P.ADD_DOCUMENT, P.RECORD}
    ),
}


def relations_of(actor: Actor, complaint: Complaint) -> frozenset[Relation]:
    """Of an actor who may see the case (``access.visible`` decides). A respondent is never its handler (回避)."""
    if actor.complaint_id is not None:
        return frozenset({R.COMPLAINANT})
    units = {duty.uscc for duty in actor.duties}
    if complaint.respondent_uscc in units and complaint.confidential_of is None:
        return frozenset({R.RESPONDENT})
    found = set()
    if any(_handles(duty, complaint) for duty in (*actor.duties, *actor.entrusted)):
        found.add(R.HANDLER)
    if complaint.region_code in actor.regions:
        found.add(R.OVERSEER)
    return frozenset(found or {R.CANDIDATE})


# The posts of a unit that work on a case, and those who review and issue its letters. Other duties of the same unit
# (督办, 信用牵头, 审计, 惩戒实施) watch or act on their own account: they do not need the complainant's name.
_SIGNING = frozenset({"head", "legal_reviewer"})
ACCEPTS = _SIGNING | {"accepting_dept"}
REFERS = _SIGNING | {"referring_dept"}
VERIFIES = _SIGNING | {"verifying_dept", "verifying_head"}


def _handles(duty: Duty, complaint: Complaint) -> bool:
    if complaint.confidential_of is not None:
        return duty.uscc == complaint.accepting_uscc and duty.role in ENTRUSTED
    places = (
        (complaint.accepting_uscc, ACCEPTS), (complaint.referring_uscc, REFERS), (complaint.verifying_uscc, VERIFIES),
    )  # fmt: skip
    return any(duty.uscc == unit and duty.role in roles for unit, roles in places)


def opened(relations: frozenset[Relation]) -> frozenset[Part]:
    return frozenset().union(*(OPENS[relation] for relation in relations))
