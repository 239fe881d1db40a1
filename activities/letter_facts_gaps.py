"""What nobody has entered yet is a marked gap in the draft: a letter is always prepared, and never issued with one."""

from __future__ import annotations

from dataclasses import replace

from activities.letter_facts_file import CaseFile
from cases.letter_gaps import gap
from notifications.errors import MissingFact
from notifications.letters.demands import FIELD_LABELS, check_facts
from notifications.letters.facts import EarlierLetter, LetterDeadline, LetterFacts, MeasureFacts, ServiceFacts
from notifications.letters.kinds import DEADLINE_NAMES, letter_kind

LISTS = frozenset({"requirements", "grounds", "items"})


def with_gaps(file: CaseFile, facts: LetterFacts) -> LetterFacts:
    """``facts`` with every fact that its kind demands, each missing one as a gap."""
    kind = letter_kind(facts.kind)
    while True:
        try:
            check_facts(kind, facts)
        except MissingFact as missing:
            facts = _filled(file, facts, missing.field)
        else:
            return facts


def _filled(file: CaseFile, facts: LetterFacts, field: str) -> LetterFacts:
    head, _, rest = field.partition(".")
    if head == "case" and facts.case is not None:
        return replace(facts, case=replace(facts.case, **{rest: gap(FIELD_LABELS[field])}))  # type: ignore[arg-type]
    if head == "deadlines":
        return _clock(file, facts, rest.partition(".")[0])
    return replace(facts, **{head: _value(file, head)})  # type: ignore[arg-type]


def _clock(file: CaseFile, facts: LetterFacts, name: str) -> LetterFacts:
    label = gap(f"{DEADLINE_NAMES[name]}期限")
    others = tuple(item for item in facts.deadlines if item.name != name)
    return replace(facts, deadlines=(*others, LetterDeadline(name=name, limit=label, due=file.today, derivation=label)))


def _value(file: CaseFile, field: str) -> object:
    label = gap(FIELD_LABELS[field])
    if field in LISTS:
        return (label,)
    if field == "earlier":
        return EarlierLetter(title=label, doc_no=gap("文号"), issued_on=file.today)
    if field == "measures":
        return (MeasureFacts(title=label, target=gap("对象"), from_day=file.today),)
    if field == "service":
        return ServiceFacts(method=label, recipient=label, served_at=file.at, server=label, place=label)
    return label
