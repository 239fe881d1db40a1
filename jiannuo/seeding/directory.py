"""Regions, units and people of the sample, written into the organisation directory. What is there stays as it is."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.accounts import hash_password
from cases.tables.organisations import Account, Membership, Organisation, Region
from jiannuo.seeding.region import Sample


async def write_directory(session: AsyncSession, sample: Sample) -> None:
    for region in sample.regions:
        if await session.get(Region, region.code) is None:
            session.add(Region(code=region.code, name=region.name, level=region.level, parent_code=region.parent))
            await session.flush()
    await _write_units(session, sample)
    await _write_people(session, sample)


async def _write_units(session: AsyncSession, sample: Sample) -> None:
    known = set(await session.scalars(select(Organisation.uscc)))
    for unit in sample.units.values():
        if unit.uscc in known:
            continue
        session.add(
            Organisation(
                uscc=unit.uscc, name=unit.name, org_type=unit.org_type, level=unit.level, region_code=unit.region,
                superior_uscc=sample.units[unit.superior].uscc if unit.superior else None,
                functions=list(unit.functions), phone=unit.phone, address=unit.address,
                contact=unit.people[0].name if unit.people else None,
            )
        )  # fmt: skip
        # A superior stands above its subordinates in the file, as the foreign key wants it.
        await session.flush()


async def _write_people(session: AsyncSession, sample: Sample) -> None:
    known = set(await session.scalars(select(Account.login)))
    # One hash for all: the password is public, and argon2 is slow by design.
    password_hash = hash_password(sample.password)
    for unit in sample.units.values():
        for person in unit.people:
            if person.login in known:
                continue
            account = Account(
                login=person.login, display_name=f"{person.name}（{person.post}）", password_hash=password_hash,
                email=None, active=True,
            )  # fmt: skip
            session.add(account)
            await session.flush()
            session.add_all(Membership(account_id=account.id, role=role, uscc=unit.uscc) for role in person.roles)
