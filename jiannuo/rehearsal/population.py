"""The units and people that the complaints of a file need: regions, directory, one account per role and unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from cases import directory
from cases.access import Actor, actor_of
from cases.tables.organisations import Account, Membership, Organisation, Region
from jiannuo.rehearsal.sample import Sample

# No person signs in here: accounts of a rehearsal have no password that any input matches.
NO_PASSWORD = "!"


def lineage_of(code: str) -> list[str]:
    """150000, 159700, 159721: the region codes above a code and itself (GB/T 2260 nesting)."""
    return list(dict.fromkeys([code[:2] + "0000", code[:4] + "00", code]))


async def populate(session: AsyncSession, samples: Iterable[Sample]) -> None:
    for sample in samples:
        for unit in (sample.respondent, sample.raw.get("superior_or_competent_dept")):
            if unit:
                await _region(session, unit["region_code"], unit.get("region_name"))
                await _unit(
                    session, unit["uscc"], unit["name"], unit["region_code"], unit["org_type"], unit.get("level"),
                    functions=_government(unit),
                )  # fmt: skip
        code = sample.respondent["region_code"]
        league = lineage_of(code)[1] if len(lineage_of(code)) > 1 else code
        await _unit(
            session, f"ACC-{sample.raw['channel_code']}-{league}", f"{sample.raw['channel_name']}受理部门", league,
            functions=(directory.accepting(sample.raw["channel_code"]),),
        )  # fmt: skip
        for region in lineage_of(code):
            await _unit(session, f"LEAD-{region}", f"{region}信用牵头部门", region, functions=(directory.CREDIT_LEAD,))
            await _unit(session, f"SUP-{region}", f"{region}政府督查室", region, functions=("supervisor",))
            await _unit(
                session, f"DIS-{region}", f"{region}纪委监委", region, functions=(directory.DISCIPLINE,)
            )
            await _unit(session, f"REV-{region}", f"{region}复核机关", region, functions=(directory.REVIEWER,))
        top = lineage_of(code)[0]
        await _unit(session, f"DRC-{top}", f"{top}发展和改革委员会", top, functions=(directory.REGION_DRC,))
        for act in sample.acts:
            for key in ("to", "unit_uscc"):
                if act.data.get(key):
                    await _unit(session, str(act.data[key]), str(act.data[key]), code)
            if act.data.get("dept") and await unit_named(session, str(act.data["dept"])) is None:
                await _unit(session, _code_of(str(act.data["dept"])), str(act.data["dept"]), top)


def _government(unit: Mapping[str, Any]) -> tuple[str, ...]:
    """The government of a league or city: leads about it are referred at the level of the region."""
    name = str(unit["name"]).partition("（")[0]
    leads = unit.get("level") == "盟市" and name.endswith(("人民政府", "行政公署"))
    return ("league_government",) if leads else ()


async def unit_named(session: AsyncSession, name: str) -> str | None:
    """Imposing departments are given by name only."""
    return await session.scalar(select(Organisation.uscc).where(Organisation.name == name).order_by(Organisation.uscc))


def _code_of(name: str) -> str:
    return "IMP-" + sha256(name.encode()).hexdigest()[:12].upper()


async def person(session: AsyncSession, role: str, uscc: str) -> Actor:
    """The account that acts in this role for this unit; made when first needed."""
    login = f"{role}.{uscc}".lower()
    account = await session.scalar(select(Account).where(Account.login == login))
    if account is None:
        # Two complaints played side by side may need the same person first.
        await session.execute(text("SELECT pg_advisory_xact_lock(7140003)"))
        account = await session.scalar(select(Account).where(Account.login == login))
    if account is None:
        account = Account(login=login, display_name=f"{role} {uscc}", password_hash=NO_PASSWORD, active=True)
        session.add(account)
        await session.flush()
        session.add(Membership(account_id=account.id, role=role, uscc=uscc))
        await session.flush()
    return await actor_of(session, account)


async def _region(session: AsyncSession, code: str, name: str | None) -> None:
    parent = None
    for item in lineage_of(code):
        row = await session.get(Region, item)
        if row is None:
            zeros = len(item) - len(item.rstrip("0"))
            level = "REGION" if item.endswith("0000") else "LEAGUE" if zeros >= 2 and item.endswith("00") else "BANNER"
            session.add(
                Region(code=item, name=name if name and item == code else item, level=level, parent_code=parent)
            )
            await session.flush()
        elif name and item == code:
            row.name = name
        parent = item


async def _unit(
    session: AsyncSession, uscc: str, name: str, region: str, org_type: str = "机关", level: str | None = None,
    functions: tuple[str, ...] = (),
) -> None:  # fmt: skip
    await _region(session, region, None)
    row = await session.get(Organisation, uscc)
    if row is None:
        session.add(
            Organisation(
                uscc=uscc, name=name, org_type=org_type, level=level, region_code=region, functions=list(functions)
            )
        )
        await session.flush()
        return
    row.functions = list(dict.fromkeys([*row.functions, *functions]))
    if row.name == row.uscc and name != uscc:
        row.name, row.org_type, row.level, row.region_code = name, org_type, level, region
