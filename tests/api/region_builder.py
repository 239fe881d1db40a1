# ruff: noqa: E501 - rows of tables are one line each, so that their columns can be compared.
"""A fictional league with two banners: units, people in every role, and cases put where a test wants them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from cases import accounts, positions
from cases.calendars import calendar_for
from cases.deadlines.compute import compute
from cases.definitions import deploy
from cases.intake import Contract, Filing, Receipt, file_complaint, instance_id_of
from cases.policy.files import find_files
from cases.policy.loader import load
from cases.tables.clocks import Deadline
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance, StageEntry
from cases.tables.letters import Letter, Notice
from cases.tables.organisations import Account, Membership, Organisation, Region
from cases.tables.worklist import Subscription, Task
from cases.uscc import check_digit, org_check_digit
from cases.vault import Identity, Vault

PACK = "nmg-2023"
PASSWORD = "correct horse battery"
PASSWORD_HASH = accounts.hash_password(PASSWORD)
REGION, LEAGUE, BANNER, OTHER_BANNER = "150000", "159700", "159721", "159722"


def code(prefix: str, region: str, number: int) -> str:
    body = f"FAKE{number:04d}"
    start = f"{prefix}{region}{body}{org_check_digit(body)}"
    return start + check_digit(start + "0")


DRC, LEAD, BUREAU, BANNER_GOV, HOTLINE, FINANCE, OTHER_GOV, OTHER_BUREAU = (
    code("11", REGION, 1), code("11", LEAGUE, 2), code("11", BANNER, 3), code("11", BANNER, 4), code("12", LEAGUE, 5),
    code("11", LEAGUE, 6), code("11", OTHER_BANNER, 7), code("11", OTHER_BANNER, 8),
)  # fmt: skip
FIRM = code("91", BANNER, 9)
FIRM_NAME = "云岭华晟教学设备有限公司（虚构）"

REGIONS = (
    (REGION, "草原自治区（虚构）", "REGION", None), (LEAGUE, "云岭盟（虚构）", "LEAGUE", REGION),
    (BANNER, "云岭盟青原旗（虚构）", "BANNER", LEAGUE), (OTHER_BANNER, "云岭盟白河旗（虚构）", "BANNER", LEAGUE),
)  # fmt: skip
UNITS = (
    (DRC, "草原自治区发展改革委（虚构）", "自治区", REGION, None, ["region_drc", "accepting:CREDIT_NM", "credit_lead", "reviewer"]),
    (LEAD, "云岭盟发展改革委（虚构）", "盟市", LEAGUE, DRC, ["credit_lead", "accepting:CREDIT_NM"]),
    (HOTLINE, "云岭盟12345热线中心（虚构）", "盟市", LEAGUE, None, ["accepting:H12345"]),
    (FINANCE, "云岭盟财政局（虚构）", "盟市", LEAGUE, None, []),
    (BANNER_GOV, "青原旗人民政府（虚构）", "旗县", BANNER, None, []),
    (BUREAU, "青原旗教育体育局（虚构）", "旗县", BANNER, BANNER_GOV, []),
    (OTHER_GOV, "白河旗人民政府（虚构）", "旗县", OTHER_BANNER, None, []),
    (OTHER_BUREAU, "白河旗水利局（虚构）", "旗县", OTHER_BANNER, OTHER_GOV, []),
)  # fmt: skip
# login → (name, [(role, unit)])
PEOPLE: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "accept": ("受理 包文", [("accepting_dept", LEAD), ("referring_dept", LEAD)]),
    "accept2": ("受理 高云", [("accepting_dept", LEAD), ("referring_dept", LEAD)]),
    "verify": ("核实 乌兰", [("verifying_dept", BANNER_GOV)]),
    "head": ("负责人 陈岭", [("verifying_head", BANNER_GOV), ("head", BANNER_GOV)]),
    "legal": ("法制 王敏", [("legal_reviewer", BANNER_GOV)]),
    "respondent": ("联络员 赵青", [("respondent", BUREAU)]),
    "other": ("白河 李河", [("verifying_dept", OTHER_GOV)]),
    "imposer": ("财政 孙立", [("imposing_dept", FINANCE)]),
    "lead": ("信用牵头 刘原", [("credit_lead_dept", LEAD)]),
    "drc": ("归集 巴特尔", [("region_drc", DRC), ("accepting_dept", DRC)]),
    "supervisor": ("督办 其其格", [("supervisor", LEAD)]),
    "auditor": ("审计 周正", [("auditor", DRC)]),
    "admin": ("系统 管理", [("administrator", DRC)]),
    "nobody": ("新人 吴名", []),
}


async def build_region(session: AsyncSession, now: datetime) -> None:
    for row in REGIONS:
        session.add(Region(code=row[0], name=row[1], level=row[2], parent_code=row[3]))
        await session.flush()
    for uscc, name, level, region, superior, functions in UNITS:
        session.add(
            Organisation(
                uscc=uscc, name=name, org_type="机关", level=level, region_code=region, superior_uscc=superior,
                functions=functions,
            )
        )  # fmt: skip
        await session.flush()
    for login, (name, duties) in PEOPLE.items():
        account = Account(login=login, display_name=name, password_hash=PASSWORD_HASH, active=True)
        session.add(account)
        await session.flush()
        session.add_all(Membership(account_id=account.id, role=role, uscc=unit) for role, unit in duties)
    files = [
        path for pattern in ("*.bpmn", "*.dmn", "forms/*.form") for path in find_files(load(PACK), pattern).values()
    ]
    await deploy(session, PACK, [Path(file) for file in files], now)


@dataclass(frozen=True)
class Where:
    """Where a case stands: its stage, who verifies, and the one task that waits (element, role, unit, form, acts)."""

    stage: str
    element: str
    name: str
    role: str
    unit: str
    form: str
    acts: tuple[str, ...]
    clock: str | None
    verifying: str | None = None


SCREENING = Where("screening", "screening_task", "受理审查", "accepting_dept", LEAD, "screening",
                  ("accept", "reject", "merge", "request_supplement"), "screening")  # fmt: skip
REFERRAL = Where("referral", "referral_task", "线索转交", "referring_dept", LEAD, "refer", ("refer",), "referral")
VERIFICATION = Where("verification", "verification_task", "核实", "verifying_dept", BANNER_GOV, "verification",
                     ("verify", "return_referral"), "verification", BANNER_GOV)  # fmt: skip
RECTIFICATION = Where("rectification", "rectify_task", "整改", "respondent", BUREAU, "rectify",
                      ("report_rectification", "refuse"), "rectification", BANNER_GOV)  # fmt: skip


def filing(received: datetime, *, title: str = "多媒体教学设备采购尾款逾期未付", reference: str | None = None,
           contract: str | None = "QYZC-2025-HW-031", respondent: str = BUREAU) -> Filing:  # fmt: skip
    return Filing(
        PACK, "CREDIT_NM", received, Identity(FIRM_NAME, FIRM, "授权联系人（甲）", "13800000007", "", False), "民营企业", True,
        respondent, "PROC", title,
        f"我公司（{FIRM_NAME}）于2025年8月通过公开招标签订采购合同，设备已全部交付并验收合格，剩余货款至今未付。",
        "支付剩余货款74.4万元及合同约定的逾期利息。",
        Contract(contract, "旗直学校多媒体教学设备采购项目", None, Decimal("1860000"), Decimal("744000"), None, "已履行未付清"),
        reference or secrets.token_hex(8),
        superior_uscc=BANNER_GOV if respondent == BUREAU else OTHER_GOV,
    )  # fmt: skip


async def place(
    session: AsyncSession,
    vault: Vault,
    where: Where,
    received: datetime,
    now: datetime,
    *,
    key: int = 10,
    start: datetime | None = None,
    **more: str,
) -> tuple[Receipt, str]:
    """A filed case moved to a stage by rows, as the projections would write them; answers its receipt and id."""
    receipt = await file_complaint(session, vault, filing(received, **more), received)  # type: ignore[arg-type]
    case_id, instance = receipt.complaint_id, instance_id_of(receipt.complaint_id)
    await session.execute(
        update(Complaint).where(Complaint.id == case_id).values(
            stage=where.stage, verifying_uscc=where.verifying,
            referring_uscc=LEAD if where.stage != "screening" else None,
        )
    )  # fmt: skip
    row = await session.get(Instance, instance)
    assert row is not None
    row.status = "active"
    session.add_all(
        StageEntry(instance_id=instance, number=n, stage=stage, step=n, at=received + timedelta(hours=n))
        for n, stage in enumerate(dict.fromkeys(("screening", where.stage)), 1)
    )
    if where.clock:
        await add_deadline(session, instance, key, where.clock, start or received)
    session.add(
        Task(
            instance_id=instance, key=key + 1, graph_hash=row.graph_hash, element_id=where.element, name=where.name,
            acts=list(where.acts), candidates=[f"{where.role}@{where.unit}"], unit=where.unit, form_id=where.form, priority=50,
            inputs={}, properties={}, deadline_key=key if where.clock else None, due_at=None, created_at=received,
        )
    )  # fmt: skip
    await positions.refresh(session, [case_id])
    return receipt, case_id


async def add_deadline(session: AsyncSession, instance: str, key: int, clock: str, start: datetime) -> None:
    pack = load(PACK)
    rule = pack.rule(clock, "CREDIT_NM")
    assert rule is not None
    found = compute(rule, start, await calendar_for(session, pack))
    session.add(
        Deadline(
            instance_id=instance, key=key, name=clock, element_id=clock, status="running", revision=1, set_step=1,
            starts={}, start_at=start, limit=str(found.limit), basis=rule.basis, source=rule.source, due=found.due,
            unrolled=found.unrolled, due_at=found.due_at, provisional=found.provisional,
            calendar_version=found.calendar_version, rungs={}, pauses=[], extensions=[],
            derivation=[
                {"day": x.day.isoformat(), "kind": x.kind.value, "zh": x.text_zh, "en": x.text_en} for x in found.derivation
            ],
        )
    )  # fmt: skip
    await positions.refresh(session, [instance.removeprefix("complaint:")])


async def add_open_act(
    session: AsyncSession, case_id: str, key: int, name: str, act: str, candidates: str, **more: str
) -> None:
    instance = await session.get(Instance, instance_id_of(case_id))
    assert instance is not None
    session.add(
        Subscription(
            instance_id=instance.id, key=key, graph_hash=instance.graph_hash, element_id=act, name=name, message_name=act,
            correlation_key=case_id, acts=[act], form_id=act, properties={"jiannuo:candidates": candidates, **more},
            opened_at=instance.created_at,
        )
    )  # fmt: skip
    await session.flush()


async def add_letter(session: AsyncSession, case_id: str, kind: str, addressee: str, at: datetime, *, key: int = 90,
                     status: str = "served", pdf: bytes | None = b"%PDF-1.7 letter") -> str:  # fmt: skip
    letter = Letter(
        id=secrets.token_hex(8), instance_id=instance_id_of(case_id), key=key, complaint_id=case_id, kind=kind,
        issuer_uscc=LEAD, addressee=addressee, facts={}, body="正文", status=status, drafted_at=at,
        number=f"云发改信函〔{at.year}〕{secrets.randbelow(10**6)}号" if status == "served" else None,
        issued_at=at if status == "served" else None, served_at=at if status == "served" else None, pdf=pdf,
    )  # fmt: skip
    session.add(letter)
    await session.flush()
    return letter.id


async def add_notice(session: AsyncSession, account_id: int, case_id: str, at: datetime) -> None:
    session.add(
        Notice(
            idempotency_key=secrets.token_hex(8), kind="reminder", complaint_id=case_id, channel="inbox",
            account_id=account_id, to_party=False, facts={}, subject="到期提醒", body="“受理审查”将于明日到期，请及时办理。",
            status="sent", attempts=0, created_at=at, sent_at=at,
        )
    )  # fmt: skip
    await session.flush()
