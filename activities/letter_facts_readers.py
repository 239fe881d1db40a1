"""Who a letter goes to, who gets a copy, and whom to ask: units by their place in the case."""

from __future__ import annotations

from collections.abc import Callable

from activities.letter_facts_file import CaseFile
from activities.letter_handler import handler
from cases import directory
from cases.tables.organisations import Organisation
from notifications.letters.facts import Contact
from notifications.letters.kinds import LetterKind, Reader

COMPLAINANT = "投诉人"
PLATFORM = "监督贯通协调平台"
UNITS = "各有关单位"
CIRCULAR = "通报"
# Who is late when one of these clocks has run out; every other clock runs against the verifying department.
LATE: dict[str, str] = {
    "screening": "accepting_dept", "supplement": "accepting_dept", "referral": "referring_dept",
    "explanation": "respondent", "rectification": "respondent", "statement": "respondent",
    "performance": "respondent", "objection": "region_drc", "record": "region_drc", "repair": "region_drc",
    "designation": "credit_lead_dept",
}  # fmt: skip


def _recorded(file: CaseFile) -> str | None:
    """Who objected stays the reader, whichever unit the record names after the correction."""
    objected = file.said.get("object")
    if objected is not None and file.letter.kind in ("异议受理回执", "更正决定书", "撤销决定书"):
        return objected.unit
    if file.record is not None:
        return file.record.unit_uscc
    return file.complaint.respondent_uscc


def _verifying(file: CaseFile) -> str | None:
    designated = file.words("designate", "to") if file.letter.kind == "指定办理通知" else None
    return designated or file.complaint.verifying_uscc or file.complaint.superior_uscc


UNIT_OF: dict[str, Callable[[CaseFile], str | None]] = {
    "respondent": lambda file: file.complaint.respondent_uscc,
    "recorded_unit": _recorded,
    "verifying_dept": _verifying,
    "accepting_dept": lambda file: file.complaint.accepting_uscc,
    "referring_dept": lambda file: file.complaint.referring_uscc or file.complaint.accepting_uscc,
    "competent_dept": lambda file: file.complaint.superior_uscc,
    "imposing_dept": lambda file: file.said["impose_measure"].unit if "impose_measure" in file.said else None,
    "assisting_unit": lambda file: file.fact("assisting_unit") or file.words("invite_assist", "to"),
    "disputing_units": lambda file: file.said["return_referral"].unit if "return_referral" in file.said else None,
}
FUNCTION_OF: dict[str, str] = {
    "region_drc": directory.REGION_DRC, "credit_lead_dept": directory.CREDIT_LEAD, "supervisor": "supervisor",
}  # fmt: skip
FIXED: dict[Reader, Callable[[CaseFile], str | None]] = {
    Reader.COMPLAINANT: lambda file: file.identity.name if file.identity else COMPLAINANT,
    Reader.PLATFORM: lambda file: file.pack.sharing.supervision_platform.value or PLATFORM,
    Reader.UNITS: lambda file: UNITS,
    Reader.FILE: lambda file: "存档",
}


async def unit_of(file: CaseFile, place: str) -> str | None:
    """The USCC of the unit that stands at ``place`` in this case."""
    if file.order is not None and place in (Reader.LATE_UNIT, Reader.VERIFYING, Reader.RESPONDENT):
        return file.order.addressee_uscc
    if place == Reader.SUPERIOR:
        return await _superior(file)
    if place == Reader.LATE_UNIT:
        return await unit_of(file, LATE.get(file.fact("clock") or "", "verifying_dept"))
    if place in FUNCTION_OF:
        found = await directory.nearest(file.session, FUNCTION_OF[place], file.complaint.region_code)
        return found.uscc if found is not None else None
    known = UNIT_OF.get(place)
    return known(file) if known is not None else None


async def addressee(file: CaseFile, kind: LetterKind) -> str | None:
    reader = Reader(file.fact("to") or file.letter.addressee)
    named = (file.words("circulate", "units") or "").split("\n") if file.letter.kind == CIRCULAR else []
    if reader == Reader.UNITS and any(line.strip() for line in named):
        return "，".join(line.strip() for line in named if line.strip())
    if file.order is not None and reader == Reader.UNITS:
        return file.name(file.order.addressee_uscc)
    if reader in FIXED:
        return FIXED[reader](file)
    return await _name(file, await unit_of(file, reader))


async def _superior(file: CaseFile) -> str | None:
    """Who stands above the unit that does not answer; without one in the directory, the credit lead of its region."""
    code = file.order.addressee_uscc if file.order is not None else file.complaint.verifying_uscc
    unit = await file.session.get(Organisation, code) if code else None
    if unit is None or unit.superior_uscc is None:
        return await unit_of(file, "credit_lead_dept")
    return unit.superior_uscc


async def copies(file: CaseFile, kind: LetterKind, taken: tuple[str, ...]) -> tuple[str, ...]:
    """抄送, without whoever is sender or addressee already. The complainant is never named in a copy list."""
    names: list[str] = []
    for place in kind.cc:
        name = COMPLAINANT if place == Reader.COMPLAINANT else await _name(file, await unit_of(file, place))
        if name is not None and name not in (*taken, *names):
            names.append(name)
    return tuple(names)


async def contact(file: CaseFile, issuer: str) -> Contact:
    """Whom the reader may ask: who drafted the letter, at what the directory says of the issuing unit."""
    drafter = await handler(file)
    unit = await file.session.get(Organisation, file.letter.issuer_uscc) if file.letter.issuer_uscc else None
    if unit is None:
        return Contact(unit=issuer, person=drafter)
    return Contact(unit=issuer, phone=unit.phone, person=drafter or unit.contact, address=unit.address)


async def _name(file: CaseFile, uscc: str | None) -> str | None:
    if uscc is None or uscc in file.names:
        return file.name(uscc)
    unit = await file.session.get(Organisation, uscc)
    return unit.name if unit is not None else None
