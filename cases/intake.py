"""Taking a complaint in: everything is committed with its start request before a number is given."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn import codec
from cases import access_codes, audit, positions, uscc
from cases.definitions import latest
from cases.errors import Invalid, NotFound
from cases.numbering import next_case_no
from cases.policy.loader import load
from cases.policy.pack import PolicyPack
from cases.routing_facts import start_variables, units_of
from cases.searching import index
from cases.tables.complaints import Complaint, Document, FurtherContract, Party
from cases.tables.engine import Instance
from cases.tables.ledger import Outbox
from cases.tables.organisations import Organisation
from cases.vault import Identity, Vault

SHANGHAI = ZoneInfo("Asia/Shanghai")
PROCESS = "complaint"
MAX_TEXT = 20_000
MAX_LINE = 300


@dataclass(frozen=True)
class Contract:
    contract_no: str | None = None
    project_name: str | None = None
    signed_on: date | None = None
    amount_cny: Decimal | None = None
    disputed_amount_cny: Decimal | None = None
    payment_due_on: date | None = None
    performance_status: str | None = None
    disclosure_authorised: bool = False
    classification: str = "无"


@dataclass(frozen=True)
class Filing:
    """A complaint as a channel submits it. Amounts in CNY; ``received_at`` with its zone."""

    pack: str
    channel: str
    received_at: datetime
    complainant: Identity
    enterprise_type: str
    is_sme: bool
    respondent_uscc: str
    domain: str
    title: str
    statement: str
    request: str
    contract: Contract = field(default_factory=Contract)
    external_ref: str | None = None
    source_portal: str | None = None
    superior_uscc: str | None = None
    evidence: tuple[str, ...] = ()
    late_reason: str | None = None
    further: tuple[Contract, ...] = ()


@dataclass(frozen=True)
class Joint:
    """One case of several that were filed together: their common number and code, and which of them this is."""

    number: str
    part: int
    code: str


@dataclass(frozen=True)
class Receipt:
    """``access_code`` is shown once; only its hash is kept. ``known`` when the same submission came before."""

    complaint_id: str
    case_no: str
    access_code: str | None
    known: bool


def instance_id_of(complaint_id: str) -> str:
    return f"{PROCESS}:{complaint_id}"


def check(filing: Filing, pack: PolicyPack, now: datetime) -> dict[str, str]:
    """Field by field, what a person must mend."""
    problems: dict[str, str] = {}
    for key, value, limit, label in (
        ("title", filing.title, MAX_LINE, "标题"),
        ("statement", filing.statement, MAX_TEXT, "事实与理由"),
        ("request", filing.request, MAX_TEXT, "诉求"),
        ("complainant_name", filing.complainant.name, MAX_LINE, "企业名称"),
    ):
        if not value.strip():
            problems[key] = f"请填写{label}。"
        elif len(value) > limit:
            problems[key] = f"{label}不得超过{limit}字,现为{len(value)}字,其余可作为附件提交。"
        elif any(ord(char) < 32 and char not in "\n\r\t" for char in value):
            problems[key] = f"{label}含有不可见的控制字符,请删除后再提交。"
    wrong = uscc.problem(filing.complainant.uscc)
    if wrong:
        problems["complainant_uscc"] = wrong
    if filing.received_at > now:
        problems["received_at"] = "收到时间不能晚于现在。"
    signed_on = filing.contract.signed_on
    if signed_on is not None and signed_on > now.astimezone(SHANGHAI).date():
        problems["signed_on"] = "签订日期不能晚于今天。"
    for key, amount, label in (
        ("amount_cny", filing.contract.amount_cny, "合同金额"),
        ("disputed_amount_cny", filing.contract.disputed_amount_cny, "争议金额"),
    ):
        if amount is not None and not 0 <= amount < Decimal("1e14"):
            problems[key] = f"{label}应为不小于0的人民币金额(元)。"
    if filing.domain not in pack.domains and "OTHER" not in pack.domains:
        problems["domain"] = "请选择列出的领域。"
    return problems


async def file_complaint(
    session: AsyncSession,
    vault: Vault,
    filing: Filing,
    now: datetime,
    *,
    recorded_by: int | None = None,
    clock_offset_s: float = 0.0,
    joint: Joint | None = None,
) -> Receipt:
    """Commits nothing itself. Raises Invalid with every field at fault. ``now`` is on the case's own time axis."""
    pack = load(filing.pack)
    known = await _known(session, filing)
    if known is not None:
        return Receipt(known.id, known.case_no, None, known=True)
    problems = check(filing, pack, now)
    respondent = await session.get(Organisation, filing.respondent_uscc)
    if respondent is None:
        problems["respondent_uscc"] = "组织目录中没有这个被投诉主体,请从列表中选择或联系受理部门登记。"
    if problems or respondent is None:
        raise Invalid(problems)
    definition = await latest(session, filing.pack, "bpmn", PROCESS)
    if definition is None:
        raise NotFound(f"政策 {filing.pack} 尚未部署投诉办理流程,请管理员运行 jiannuo bpmn deploy。")
    complaint_id = secrets.token_hex(10)
    code = joint.code if joint else access_codes.new_code()
    units = await units_of(session, filing.channel, respondent)
    filing = _under_alias(filing, _alias(complaint_id))
    row = _complaint(filing, pack, complaint_id, units, vault, now)
    row.access_code_hash = await access_codes.hash_code(code)
    if joint is None:
        row.case_no = await next_case_no(session, filing.pack, filing.received_at.astimezone(SHANGHAI).year)
    else:
        row.joint_no, row.case_no = joint.number, f"{joint.number}-{joint.part}"
    row.recorded_by = recorded_by
    row.region_code = respondent.region_code
    session.add(row)
    await session.flush()
    session.add_all(_further(complaint_id, filing.further))
    await index.write(session, row, (contract.project_name for contract in filing.further))
    session.add(Party(complaint_id=complaint_id, sealed=vault.seal(complaint_id, filing.complainant)))
    for number, name in enumerate(filing.evidence):
        session.add(
            Document(
                id=f"{complaint_id}-{number}", complaint_id=complaint_id, purpose="evidence", name=name,
                added_at=filing.received_at, added_by="complainant",
            )
        )  # fmt: skip
    further = (contract.disputed_amount_cny for contract in filing.further)
    instance = Instance(
        id=instance_id_of(complaint_id),
        process_id=PROCESS,
        graph_hash=definition.hash,
        pack=filing.pack,
        business_key=complaint_id,
        channel=filing.channel,
        variables=codec.dump_variables(start_variables(row, pack, respondent, units, further)),
        clock_offset_s=clock_offset_s,
        created_at=now,
    )
    session.add(instance)
    session.add(Outbox(kind="start", ref=instance.id, payload={}, created_at=now))
    await audit.append(
        session, at=filing.received_at, recorded_at=now, actor=f"channel:{filing.channel}", act="file",
        complaint_id=complaint_id, facts={"case_no": row.case_no},
    )  # fmt: skip
    await positions.refresh(session, [complaint_id])
    return Receipt(complaint_id, row.case_no, code, known=False)


async def _known(session: AsyncSession, filing: Filing) -> Complaint | None:
    if filing.external_ref is None:
        return None
    return await session.scalar(
        select(Complaint).where(Complaint.channel == filing.channel, Complaint.external_ref == filing.external_ref)
    )


def _complaint(
    filing: Filing, pack: PolicyPack, complaint_id: str, units: dict[str, Any], vault: Vault, now: datetime
) -> Complaint:
    contract, alias = filing.contract, _alias(complaint_id)
    return Complaint(
        id=complaint_id, pack=pack.pack, channel=filing.channel, external_ref=filing.external_ref,
        source_portal=filing.source_portal, received_at=filing.received_at, recorded_at=now,
        late_reason=filing.late_reason, complainant_digest=vault.digest(filing.complainant.uscc),
        complainant_alias=alias,
        enterprise_type=filing.enterprise_type, is_sme=filing.is_sme, respondent_uscc=filing.respondent_uscc,
        superior_uscc=filing.superior_uscc, domain=filing.domain,
        title=filing.title, statement=filing.statement,
        request=filing.request, contract_no=contract.contract_no, project_name=contract.project_name,
        signed_on=contract.signed_on, amount_cny=contract.amount_cny, disputed_amount_cny=contract.disputed_amount_cny,
        payment_due_on=contract.payment_due_on, performance_status=contract.performance_status,
        disclosure_authorised=contract.disclosure_authorised, classification=contract.classification,
        accepting_uscc=units["accepting_unit"],
    )  # fmt: skip


def _alias(complaint_id: str) -> str:
    return f"投诉企业{complaint_id[:4].upper()}"


def _under_alias(filing: Filing, alias: str) -> Filing:
    """Lists, workbooks and the search by words show titles and names of projects to everyone who may see the case, the
    respondent too.
    """
    hidden = filing.complainant.hidden_in

    def told(contract: Contract) -> Contract:
        return replace(contract, project_name=contract.project_name and hidden(contract.project_name, alias))

    return replace(
        filing, title=hidden(filing.title, alias), contract=told(filing.contract),
        further=tuple(told(contract) for contract in filing.further),
    )  # fmt: skip


def _further(complaint_id: str, contracts: tuple[Contract, ...]) -> list[FurtherContract]:
    return [
        FurtherContract(
            complaint_id=complaint_id, number=number, contract_no=contract.contract_no,
            project_name=contract.project_name, signed_on=contract.signed_on, amount_cny=contract.amount_cny,
            disputed_amount_cny=contract.disputed_amount_cny, payment_due_on=contract.payment_due_on,
        )
        for number, contract in enumerate(contracts, 2)
    ]  # fmt: skip
