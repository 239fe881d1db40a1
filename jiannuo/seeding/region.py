"""The fictional region as policies/samples/region.yaml tells it: regions, units, who sits in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from cases.policy.loader import POLICIES
from cases.uscc import check_digit, org_check_digit

SAMPLES = POLICIES / "samples"
# First two characters of a code: 11 an organ, 12 a public institution, 91 an enterprise (GB 32100-2015).
REGISTRARS = {"机关": "11", "事业单位": "12", "国有企业": "91"}
LEVELS = {"REGION": "自治区", "LEAGUE": "盟市", "BANNER": "旗县"}


@dataclass(frozen=True)
class SampleRegion:
    code: str
    name: str
    level: str
    parent: str | None


@dataclass(frozen=True)
class SamplePerson:
    login: str
    name: str
    post: str
    roles: tuple[str, ...]
    unit: str


@dataclass(frozen=True)
class SampleUnit:
    key: str
    uscc: str
    name: str
    org_type: str
    level: str
    region: str
    superior: str | None
    functions: tuple[str, ...]
    phone: str
    address: str
    people: tuple[SamplePerson, ...]


@dataclass(frozen=True)
class SampleLeave:
    login: str
    kind: str
    days: int


@dataclass(frozen=True)
class Sample:
    """``shown``: the logins that the start prints. ``stand_ins``: login to the login of the AB岗."""

    regions: tuple[SampleRegion, ...]
    units: dict[str, SampleUnit]
    password: str
    access_code: str
    shown: tuple[SamplePerson, ...]
    stand_ins: dict[str, str]
    leaves: tuple[SampleLeave, ...]


@cache
def read_region() -> Sample:
    raw = yaml.safe_load((SAMPLES / "region.yaml").read_text(encoding="utf-8"))
    regions = tuple(
        SampleRegion(code, row["name"], row["level"], row.get("parent")) for code, row in raw["regions"].items()
    )
    levels = {region.code: LEVELS[region.level] for region in regions}
    names = {region.code: region.name for region in regions}
    units = {
        key: _unit(key, row, levels[row["region"]], raw["staff"], raw["contact"], names[row["region"]])
        for key, row in raw["units"].items()
    }
    people = {person.login: person for unit in units.values() for person in unit.people}
    return Sample(
        regions, units, raw["password"], raw["access_code"], tuple(people[login] for login in raw["shown"]),
        raw["stand_ins"], tuple(SampleLeave(**row) for row in raw["leaves"]),
    )  # fmt: skip


def fictional_uscc(registrar: str, region: str, body: str) -> str:
    """A code whose both check characters hold; ``body`` is the eight characters of the organisation code."""
    code = registrar + region + body + org_check_digit(body)
    return code + check_digit(code)


def _unit(
    key: str, row: dict[str, Any], level: str, staff: dict[str, Any], contact: dict[str, str], region: str
) -> SampleUnit:
    org_type = row.get("org_type", "机关")
    posts = zip(staff[row["kind"]], row["people"], strict=True)
    people = tuple(SamplePerson(key + p["login"], name, p["post"], tuple(p["roles"]), key) for p, name in posts)
    return SampleUnit(
        key=key, uscc=fictional_uscc(REGISTRARS[org_type], row["region"], f"FAKE{row['number']:04d}"),
        name=row["name"], org_type=org_type, level=level, region=row["region"], superior=row.get("superior"),
        functions=tuple(row["functions"]), people=people, phone=contact["phone"].format(number=row["number"]),
        address=contact["address"].format(region=region, number=row["number"]),
    )  # fmt: skip
