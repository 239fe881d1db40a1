"""The further respondents and contracts of a filing form: the same fields again, with a number behind their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.typed_values import amount_of, date_of, text_of
from cases.intake import MAX_LINE, MAX_TEXT, Contract
from cases.joint import Part
from cases.queries.units import find_unit

FIELDS = (
    "respondent", "contract_no", "project_name", "signed_on", "payment_due_on", "amount_cny", "disputed_amount_cny",
    "statement",
)  # fmt: skip
# The first respondent and contract stand in the form's own fields.
NUMBERS = range(2, 7)


async def parts_of(
    session: AsyncSession, typed: Mapping[str, Any], main: str, problems: dict[str, str]
) -> list[Part]:
    """Blocks that were left empty count for nothing. ``main``: the USCC of the first respondent."""
    found = []
    for number in NUMBERS:
        given = {field: f"{field}_{number}" for field in FIELDS}
        if not any(text_of(typed, key) for key in given.values()):
            continue
        named = text_of(typed, given["respondent"])
        unit = await find_unit(session, named) if named else None
        if unit is None:
            problems[given["respondent"]] = "请从列表中选择被投诉主体，或填写其统一社会信用代码；多余的一组请全部留空。"
            continue
        words = text_of(typed, given["statement"])
        if unit.uscc != main and not words:
            problems[given["statement"]] = "请写明与这个单位有关的事实：各单位只能看到自己的部分。"
        if len(words) > MAX_TEXT:
            problems[given["statement"]] = f"事实与理由不得超过{MAX_TEXT}字，现为{len(words)}字。"
        for field in ("contract_no", "project_name"):
            if len(text_of(typed, given[field])) > MAX_LINE:
                problems[given[field]] = f"不得超过{MAX_LINE}字。"
        contract = Contract(
            contract_no=text_of(typed, given["contract_no"]) or None,
            project_name=text_of(typed, given["project_name"]) or None,
            signed_on=date_of(typed, given["signed_on"], problems),
            amount_cny=amount_of(typed, given["amount_cny"], problems),
            disputed_amount_cny=amount_of(typed, given["disputed_amount_cny"], problems),
            payment_due_on=date_of(typed, given["payment_due_on"], problems),
        )
        found.append(Part(unit.uscc, unit.superior_uscc, contract, words))
    return found
