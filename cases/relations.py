"""How an actor stands to a case that it may see, and what of it that relation opens."""

from __future__ import annotations

from enum import StrEnum

from cases.access import Actor
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
    ADD_NOTE = "add_note"
    ADD_DOCUMENT = "add_document"


R, P = Relation, Part
_STAFF = frozenset(
    {P.STATEMENT, P.DEADLINES, P.STAGES, P.TASKS, P.HISTORY, P.LETTERS, P.DOCUMENTS, P.NOTES, P.RECORD, P.DIAGRAM}
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
    if complaint.respondent_uscc in units:
        return frozenset({R.RESPONDENT})
    found = set()
    if units & {complaint.accepting_uscc, complaint.referring_uscc, complaint.verifying_uscc}:
        found.add(R.HANDLER)
    if complaint.region_code in actor.regions:
        found.add(R.OVERSEER)
    return frozenset(found or {R.CANDIDATE})


def opened(relations: frozenset[Relation]) -> frozenset[Part]:
    return frozenset().union(*(OPENS[relation] for relation in relations))
