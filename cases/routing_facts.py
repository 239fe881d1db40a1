"""The routing facts that the model decides by, from the start. No personal data, no text of the complaint."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from cases import directory
from cases.errors import Invalid
from cases.policy.pack import PolicyPack
from cases.tables.complaints import Complaint
from cases.tables.organisations import Organisation


async def units_of(session: AsyncSession, channel: str, respondent: Organisation) -> dict[str, Any]:
    """Who takes part from the start, by USCC. Who refers and verifies is decided on the way."""
    region = respondent.region_code
    league = await directory.league_of(session, region) or region
    top = await directory.top_of(session, region)
    accepting = await directory.nearest(session, directory.accepting(channel), league)
    lead = await directory.nearest(session, directory.CREDIT_LEAD, region)
    drc = await directory.nearest(session, directory.REGION_DRC, region)
    review = await directory.nearest(session, directory.REVIEWER, region)
    above = await directory.above(session, directory.REVIEWER, review)
    if accepting is None:
        raise Invalid({"channel": "这个渠道在被投诉主体所在地区没有受理部门,请管理员在组织目录中登记。"})
    return {
        "accepting_unit": accepting.uscc,
        "credit_lead_unit": lead.uscc if lead else accepting.uscc,
        "region_drc_unit": drc.uscc if drc else accepting.uscc,
        "review_unit": (review or lead or accepting).uscc,
        "next_review_unit": (above or drc or review or accepting).uscc,
        "league_region_code": league,
        "region_region_code": top,
    }


def start_variables(
    row: Complaint, pack: PolicyPack, respondent: Organisation, units: dict[str, Any],
    further: Iterable[Decimal | None] = (),
) -> dict[str, Any]:
    """``further``: what is disputed of further contracts, CNY."""
    channel = pack.channel(row.channel)
    handling = pack.rule("handling", row.channel)
    complainant_type = pack.scope.type_of(row.enterprise_type)
    respondent_type = pack.scope.type_of(respondent.org_type)
    sums = [sum_ for sum_ in (row.disputed_amount_cny, *further) if sum_ is not None]
    return {
        **units,
        "case_id": row.id,
        "received_at": row.received_at.isoformat(),
        "channel": row.channel,
        "channel_referrer": channel.referrer.value.unit,
        "handling_from": handling.starts_from[0] if handling else None,
        "explanation_asked": pack.rule("explanation", row.channel) is not None,
        "domain": row.domain,
        "complainant_eligible": complainant_type in pack.scope.complainants.value,
        "respondent_eligible": respondent_type in pack.scope.respondents.value,
        "unsigned_rule": pack.scope.unsigned.value,
        "contract_signed": row.signed_on is not None or row.contract_no is not None,
        "respondent_unit": respondent.uscc,
        "respondent_top": respondent.level in ("自治区", "REGION") or "league_government" in respondent.functions,
        "disputed_amount": sum(sums, Decimal(0)) if sums else None,
        "joint": row.joint_no is not None,
        "escalation_amount": _trigger_amount(pack),
        "record_source": "违约失信",
        "suspended": False,
        "returns": 0,
        "reviews": 0,
        "review_stages": channel.reviews.value,
        "measures_open": 0,
    }


def _trigger_amount(pack: PolicyPack) -> int | None:
    """From which disputed amount a push is proposed (CNY); None where the pack switches this trigger off."""
    trigger = pack.triggers.get("amount_10m")
    return (trigger.limits.value or {}).get("min_disputed_amount_cny") if trigger is not None else None
