"""From a filing form to a number: every problem at once, and no number before all is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from api.filing_parts import parts_of
from api.form_fields import moment
from api.services import Services
from api.typed_values import amount_of, date_of, text_of
from cases import documents, visits
from cases.errors import Invalid
from cases.intake import MAX_LINE, Contract, Filing, Receipt, check
from cases.joint import file_jointly
from cases.policy.loader import load
from cases.policy.pack import PolicyPack
from cases.queries.units import find_unit
from cases.vault import Identity

ENTERPRISE_TYPES = ("民营企业", "个体工商户", "国有企业", "自然人", "其他")
PERFORMANCE = ("已履行未付清", "部分履行", "未履行", "单方解除或变更", "其他")
CLASSIFICATIONS = ("无", "内部", "秘密及以上")
LINES = {
    "complainant_uscc": "统一社会信用代码", "contact_role": "联系人", "contact_phone": "联系电话",
    "contact_email": "电子邮箱",
    "contract_no": "合同编号", "project_name": "项目名称", "respondent": "被投诉主体", "source_portal": "来源门户",
    "external_ref": "渠道编号",
}  # fmt: skip
LATE = timedelta(hours=1)


@dataclass(frozen=True)
class Upload:
    name: str
    content: bytes


@dataclass(frozen=True)
class By:
    """Who files: the enterprise itself through the column, or a member of staff who registers what came otherwise."""

    channel: str
    account_id: int | None = None

    @property
    def author(self) -> str:
        return "complainant" if self.account_id is None else f"account:{self.account_id}"


def portal_channel(pack: PolicyPack) -> str:
    """The pack's own column; where it has none, what is filed here counts as another channel."""
    offered = [code for code, channel in pack.channels.items() if channel.kind == "portal" and channel.offered.value]
    # Inherited channels stand first: the pack's own is the last.
    return offered[-1] if offered else "OTHER"


async def file(
    services: Services, by: By, typed: Mapping[str, Any], uploads: Sequence[Upload], form_token: str
) -> Receipt:
    """Raises Invalid with every field at fault. The same form sent twice is one case (``form_token``)."""
    try:
        return await _file(services, by, typed, uploads, form_token)
    except IntegrityError:
        # The same form a moment ago, by a double click: now it is known.
        return await _file(services, by, typed, uploads, form_token)


async def _file(
    services: Services, by: By, typed: Mapping[str, Any], uploads: Sequence[Upload], form_token: str
) -> Receipt:
    pack, now = load(services.pack), services.clock()
    async with services.transaction() as session:
        filing, problems = await _filing(session, pack, by, typed, form_token, now)
        parts = await parts_of(session, typed, filing.respondent_uscc, problems)
        problems |= _upload_problems(uploads)
        if problems:
            raise Invalid(check(filing, pack, now) | problems)
        receipts = await file_jointly(session, services.vault, filing, parts, now, recorded_by=by.account_id)
        receipt = receipts[0]
        if receipt.known:
            code = await visits.code_again(session, receipt.complaint_id, now)
            return Receipt(receipt.complaint_id, receipt.case_no, code, known=code is None)
        for one in receipts:
            for upload in uploads:
                documents.store(session, one.complaint_id, "evidence", upload.name, upload.content, by.author, now)
        return receipt


async def _filing(
    session: AsyncSession, pack: PolicyPack, by: By, typed: Mapping[str, Any], form_token: str, now: datetime
) -> tuple[Filing, dict[str, str]]:
    problems = _line_problems(typed)
    received = now
    late_reason = text_of(typed, "late_reason") or None
    if by.account_id is not None:
        try:
            received = moment(typed, "received_at", now)
        except Invalid as invalid:
            problems |= invalid.fields
        if now - received > LATE and not late_reason:
            problems["late_reason"] = "补录较早收到的投诉，请写明原因。"
        if by.channel not in pack.channels:
            problems["channel"] = "请选择投诉渠道。"
    if typed.get("classification") == CLASSIFICATIONS[-1]:
        # S2 保障措施四 and the secrecy law: it may not enter a system of this kind.
        problems["classification"] = "涉密合同及其内容不得录入本系统，请按保密规定另行处理。"
    named = text_of(typed, "respondent")
    unit = await find_unit(session, named) if named and "respondent" not in problems else None
    if unit is None:
        problems.setdefault("respondent", "请从列表中选择被投诉主体，或填写其统一社会信用代码。")
    for key, choices, label in (
        ("enterprise_type", ENTERPRISE_TYPES, "企业类型"),
        ("domain", tuple(pack.domains), "领域"),
    ):
        if text_of(typed, key) not in choices:
            problems[key] = f"请选择{label}。"
    if by.account_id is None and typed.get("truthful") != "on":
        problems["truthful"] = "请确认所填内容属实。"
    reference = text_of(typed, "external_ref") if by.account_id is not None else ""
    contract = Contract(
        text_of(typed, "contract_no") or None, text_of(typed, "project_name") or None,
        date_of(typed, "signed_on", problems),
        amount_of(typed, "amount_cny", problems), amount_of(typed, "disputed_amount_cny", problems),
        date_of(typed, "payment_due_on", problems), text_of(typed, "performance_status") or None,
        typed.get("disclosure_authorised") == "on", text_of(typed, "classification") or "无",
    )  # fmt: skip
    identity = Identity(
        text_of(typed, "complainant_name"), text_of(typed, "complainant_uscc").upper(), text_of(typed, "contact_role"),
        text_of(typed, "contact_phone"), text_of(typed, "contact_email"), typed.get("consent") == "on",
    )  # fmt: skip
    filing = Filing(
        pack.pack, by.channel, received, identity, text_of(typed, "enterprise_type"), typed.get("is_sme") == "on",
        unit.uscc if unit else "", text_of(typed, "domain"), text_of(typed, "title"), text_of(typed, "statement"),
        text_of(typed, "request"), contract, external_ref=reference or f"form:{form_token}",
        source_portal=text_of(typed, "source_portal") or None, superior_uscc=unit.superior_uscc if unit else None,
        late_reason=late_reason,
    )  # fmt: skip
    return filing, problems


def _line_problems(typed: Mapping[str, Any]) -> dict[str, str]:
    problems = {}
    for key, label in LINES.items():
        value = text_of(typed, key)
        if len(value) > MAX_LINE:
            problems[key] = f"{label}不得超过{MAX_LINE}字，现为{len(value)}字。"
        elif any(ord(char) < 32 for char in value):
            problems[key] = f"{label}含有不可见的控制字符，请删除后再提交。"
    if not text_of(typed, "contact_phone") and not text_of(typed, "contact_email"):
        problems.setdefault("contact_phone", "请填写联系电话或电子邮箱，以便告知办理情况。")
    email = text_of(typed, "contact_email")
    if email and ("@" not in email.strip("@") or " " in email):
        problems.setdefault("contact_email", "电子邮箱的格式不正确，例如 name@example.com。")
    return problems


def _upload_problems(uploads: Sequence[Upload]) -> dict[str, str]:
    wrong = [sentence for upload in uploads if (sentence := documents.problem(upload.name, upload.content))]
    return {"evidence": " ".join(wrong)} if wrong else {}
