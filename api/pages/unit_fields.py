"""Fields of a form that hold a unit: the page shows and takes its name, the procedure gets its code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.form_fields import UNIT_KEYS, Field
from cases.errors import Invalid
from cases.queries.units import find_unit, near


async def offered(session: AsyncSession, region_code: str) -> dict[str, str]:
    """Code to what is shown; two units of one name are told apart by their codes."""
    units = await near(session, region_code)
    of_name = Counter(unit.name for unit in units)
    return {unit.uscc: unit.name if of_name[unit.name] == 1 else f"{unit.name} {unit.uscc}" for unit in units}


def named(fields: Sequence[Field], names: Mapping[str, str]) -> list[Field]:
    return [
        replace(field, value=names.get(field.value, field.value)) if field.units and field.value else field
        for field in fields
    ]


async def with_codes(session: AsyncSession, region_code: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The same content with the code of each unit that was given by name. Raises Invalid."""
    found, problems = dict(given), {}
    typed = {key: str(given[key]) for key in UNIT_KEYS if given.get(key)}
    codes = {name: code for code, name in (await offered(session, region_code)).items()} if typed else {}
    for key, text in typed.items():
        unit = None if text in codes else await find_unit(session, text)
        found[key] = codes.get(text) or (unit.uscc if unit else text)
        if unit is None and text not in codes and not text.isascii():
            problems[key] = f"没有找到单位“{text[:60]}”，请从列表中选择，或者填写其统一社会信用代码。"
    if problems:
        raise Invalid(problems)
    return found
