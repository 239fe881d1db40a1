"""Complaints as a rehearsal file gives them. ``expected`` stays closed until the actual result is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from cases.intake import Contract, Filing
from cases.vault import Identity
from jiannuo.errors import JiannuoError


class SampleRefused(JiannuoError):
    """The file is not of the form that docs/rehearsal.md describes."""


@dataclass(frozen=True)
class SampleAct:
    at: datetime
    by: str
    act: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Sample:
    no: str
    pack: str
    raw: Mapping[str, Any]
    acts: tuple[SampleAct, ...]
    as_of: datetime

    @property
    def received_at(self) -> datetime:
        return datetime.fromisoformat(self.raw["received_at"])

    @property
    def respondent(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.raw["respondent"]
        return found


@dataclass(frozen=True)
class SampleFile:
    """``expected`` maps a complaint number to its sealed text; ``opened`` unseals it."""

    samples: tuple[Sample, ...]
    sealed: Mapping[str, str]

    def opened(self, no: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = json.loads(self.sealed[no])
        return found


def read_samples(path: Path) -> SampleFile:
    try:
        complaints = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)["complaints"]
        samples = tuple(_sample(item) for item in complaints)
        sealed = {item["complaint_no"]: json.dumps(item.get("expected", {}), default=str) for item in complaints}
    except OSError as error:
        raise SampleRefused(f"{path} cannot be read: {error.strerror}.") from None
    except (KeyError, TypeError, ValueError) as error:
        raise SampleRefused(f"{path} is not a file of complaints: {error!r}; see docs/rehearsal.md.") from None
    return SampleFile(samples, sealed)


def _sample(item: Mapping[str, Any]) -> Sample:
    acts = tuple(
        SampleAct(datetime.fromisoformat(act["at"]), act["by"], act["act"], act.get("data") or {})
        for act in item["acts"]
    )
    # What a reader is told and what the system should find out is not handed on.
    raw = {key: value for key, value in item.items() if key not in ("expected", "note", "tags", "acts")}
    return Sample(item["complaint_no"], item["policy_pack"], raw, acts, datetime.fromisoformat(item["as_of"]))


def filing_of(sample: Sample) -> Filing:
    raw, contract = sample.raw, sample.raw["contract"]
    complainant, superior = raw["complainant"], raw.get("superior_or_competent_dept")
    return Filing(
        pack=sample.pack,
        channel=raw["channel_code"],
        received_at=sample.received_at,
        complainant=Identity(
            complainant["name"], complainant["uscc"], complainant.get("contact_role", ""),
            complainant.get("contact_phone", ""), consent=not complainant.get("identity_confidential", True),
        ),
        enterprise_type=complainant["enterprise_type"],
        is_sme=bool(complainant.get("is_sme")),
        respondent_uscc=raw["respondent"]["uscc"],
        superior_uscc=superior["uscc"] if superior else None,
        domain=raw["domain_code"],
        title=raw["title"],
        statement=raw["statement"],
        request=raw["request"],
        external_ref=raw.get("external_ref"),
        source_portal=raw.get("source_portal"),
        evidence=tuple(raw.get("evidence", ())),
        contract=Contract(
            contract_no=contract.get("contract_no"),
            project_name=contract.get("project_name"),
            signed_on=_day(contract.get("signed_on")),
            amount_cny=_money(contract.get("amount_cny")),
            disputed_amount_cny=_money(contract.get("disputed_amount_cny")),
            payment_due_on=_day(contract.get("payment_due_on")),
            performance_status=contract.get("performance_status"),
            disclosure_authorised=bool(contract.get("disclosure_authorised")),
            classification=contract.get("classification") or "无",
        ),
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _money(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
