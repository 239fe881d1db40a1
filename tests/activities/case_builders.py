"""Rows of one fictional case, as the tables hold them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from activities.jobs import Job
from activities.stores import Stores
from cases.tables.complaints import Complaint, Party
from cases.tables.engine import Instance
from cases.tables.organisations import Account, Membership, Organisation, Region
from cases.tables.worklist import Submission
from cases.vault import Identity

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRM = "云岭华晟教学设备有限公司"
UNITS = {
    "ACC": ("12345政务服务热线受理中心", ["accepting:H12345"]),
    "RESP": ("青原旗教育体育局", []),
    "VER": ("青原旗人民政府", []),
    "LEAD": ("云岭盟发展和改革委员会", ["credit_lead"]),
    "DRC": ("自治区发展和改革委员会", ["region_drc"]),
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


async def directory(session: AsyncSession) -> None:
    session.add(Region(code="159700", name="云岭盟", level="LEAGUE"))
    await session.flush()
    session.add(Region(code="159721", name="云岭盟青原旗", level="BANNER", parent_code="159700"))
    await session.flush()
    for uscc, (name, functions) in UNITS.items():
        session.add(
            Organisation(
                uscc=uscc,
                name=name,
                org_type="机关",
                region_code="159700" if functions else "159721",
                functions=functions,
            )
        )
    await session.flush()


async def person(session: AsyncSession, login: str, role: str, unit: str, email: str | None = None) -> Account:
    account = Account(login=login, display_name=login, password_hash="!", email=email, active=True)
    session.add(account)
    await session.flush()
    session.add(Membership(account_id=account.id, role=role, uscc=unit))
    await session.flush()
    return account


async def case(
    session: AsyncSession, stores: Stores, id_: str, email: str = "", pack: str = "nmg-2023", **changes: Any
) -> tuple[Instance, Complaint]:
    """A complaint that has been referred to 青原旗人民政府."""
    fields: dict[str, Any] = {
        "id": id_, "case_no": f"NMG-2026-{id_}", "pack": pack, "channel": "H12345",
        "received_at": at("2026-09-17 10:00"), "recorded_at": at("2026-09-17 10:00"), "complainant_digest": id_,
        "complainant_alias": "投诉人", "enterprise_type": "民营企业", "is_sme": True, "respondent_uscc": "RESP",
        "superior_uscc": "VER", "domain": "PROC", "title": f"{FIRM}的设备尾款逾期未付", "statement": "…",
        "request": "…",
        "contract_no": "QYZC-031", "project_name": "教学设备采购合同", "signed_on": date(2025, 8, 12),
        "disputed_amount_cny": Decimal("744000.00"), "payment_due_on": date(2026, 1, 31), "accepting_uscc": "ACC",
        "referring_uscc": "ACC", "verifying_uscc": "VER", "region_code": "159721",
    }  # fmt: skip
    complaint = Complaint(**(fields | changes))
    session.add(complaint)
    await session.flush()
    identity = Identity(name=FIRM, uscc="91159721MAFAKE019Y", contact_email=email)
    session.add(Party(complaint_id=id_, sealed=stores.vault.seal(id_, identity)))
    instance = Instance(
        id=f"complaint:{id_}", process_id="complaint", graph_hash="test", pack=pack, business_key=id_, channel="H12345",
        variables="{}", created_at=at("2026-09-17 10:00"),
    )  # fmt: skip
    session.add(instance)
    await session.flush()
    return instance, complaint


async def submitted(session: AsyncSession, instance: Instance, act: str, unit: str = "VER", **form: Any) -> None:
    when = at("2026-09-18 09:00") + timedelta(minutes=len(act))
    session.add(
        Submission(
            id=f"{instance.id}:{act}:{len(form)}", instance_id=instance.id, act=act, role="verifying_dept", unit=unit,
            form=form, event="{}", occurred_at=when, recorded_at=when, status="done",
        )
    )  # fmt: skip
    await session.flush()


def job(
    session: AsyncSession, stores: Stores, instance: Instance, complaint: Complaint, when: datetime, key: int = 7,
    **variables: Any,
) -> Job:  # fmt: skip
    return Job(session, stores, instance, complaint, key, when, variables)


NOON_UTC = datetime(2026, 9, 18, 4, 0, tzinfo=UTC)
