"""Filing by program: the same checks and the same idempotence as the forms."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from api import filing
from api.filing import By
from api.json.models import ComplaintIn, ReceiptOut, RegistrationIn
from api.services import Services, Wired
from api.who import ApiStaff, require
from cases.policy.loader import load

router = APIRouter(tags=["complaints"])


@router.post("/complaints", status_code=201, summary="提交投诉（公开专栏）")
async def submit(services: Wired, given: ComplaintIn, response: Response) -> ReceiptOut:
    return await _take(services, By(filing.portal_channel(load(services.pack))), given, response)


@router.post("/registrations", status_code=201, summary="登记电话、来访、来信投诉")
async def register(services: Wired, who: ApiStaff, given: RegistrationIn, response: Response) -> ReceiptOut:
    require(who.registers, "登记投诉由登记受理岗位办理。")
    return await _take(services, By(given.channel, who.account.id), given, response)


async def _take(services: Services, by: By, given: ComplaintIn, response: Response) -> ReceiptOut:
    receipt = await filing.file(services, by, typed_of(given), [], given.form_token)
    if receipt.known:
        response.status_code = 200
    return ReceiptOut(
        case_id=receipt.complaint_id, case_no=receipt.case_no, access_code=receipt.access_code, known=receipt.known
    )


def typed_of(given: ComplaintIn) -> dict[str, Any]:
    """As a form would have sent it: further respondents and contracts are numbered from 2 on."""
    flat = {key: value for key, value in given if key != "further"}
    for number, part in enumerate(given.further, 2):
        flat |= {f"{key}_{number}": value for key, value in part}
    return {key: "on" if value is True else "" if value in (None, False) else str(value) for key, value in flat.items()}
