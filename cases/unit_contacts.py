"""Phone, address and contact of a unit, as its letters name them: changed by the head or the administrator.

A letter takes them when it is issued, so a change holds for later ones and leaves what was issued as it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import audit
from cases.access import Actor
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.people.authority import administers, headed
from cases.tables.organisations import Account, Organisation
from cases.tables.unit_contacts import UnitContact

ACT = "change_unit_contact"
# Field to its name and how long it may be: a line of a letter.
FIELDS: Mapping[str, tuple[str, int]] = {"phone": ("联系电话", 60), "address": ("地址", 120), "contact": ("联系人", 60)}
_PHONE = re.compile(r"[0-9+()\- /、,;转]{5,60}")
LISTED = 20
ONLY = "本单位的联系方式由本单位负责人或者管理员修改。"
BEFORE = "首次修改以前"


@dataclass(frozen=True)
class Version:
    """``who`` is empty for how it stood before anybody changed it."""

    row: UnitContact
    who: str


def editable(actor: Actor) -> bool:
    return administers(actor) or bool(headed(actor))


def may_edit(actor: Actor, uscc: str) -> bool:
    return administers(actor) or uscc in headed(actor)


async def find(session: AsyncSession, uscc: str) -> Organisation:
    unit = await session.get(Organisation, uscc.strip().upper())
    if unit is None:
        raise NotFound("组织目录中没有这个单位，请核对统一社会信用代码。")
    return unit


async def change_contact(
    session: AsyncSession, actor: Actor, uscc: str, given: Mapping[str, str], reason: str, now: datetime
) -> Organisation:
    """``given``: every field, empty for none. Raises Forbidden, NotFound, Invalid, Conflict (nothing would change)."""
    if not may_edit(actor, uscc):
        raise Forbidden(ONLY)
    return await write(session, f"account:{actor.account_id}", uscc, given, reason, now)


async def write(
    session: AsyncSession, actor: str, uscc: str, given: Mapping[str, str], reason: str, now: datetime, *,
    restores: int | None = None,
) -> Organisation:  # fmt: skip
    """Whoever ``actor`` names may. Raises NotFound, Invalid, Conflict."""
    unit = await find(session, uscc)
    await session.refresh(unit, with_for_update=True)
    wanted = {key: " ".join(given.get(key, "").split()) for key in FIELDS}
    problems = _problems(wanted, reason)
    if problems:
        raise Invalid(problems)
    changed = [key for key, value in wanted.items() if (getattr(unit, key) or "") != value]
    if not changed:
        raise Conflict("联系方式没有变化，不需要保存。")
    if await _latest(session, unit.uscc) is None:
        session.add(_version(unit, now, None, BEFORE))
        await session.flush()
    for key in changed:
        setattr(unit, key, wanted[key] or None)
    row = _version(unit, now, actor, reason.strip(), restores)
    session.add(row)
    await session.flush()
    # The log keeps no names and numbers, only which row of ``unit_contact`` has them.
    facts = {"unit": unit.uscc, "fields": changed, "reason": reason.strip(), "version": row.id}
    if restores is not None:
        facts["restores"] = restores
    await audit.append(session, at=now, recorded_at=now, actor=actor, act=ACT, facts=facts)
    return unit


async def restore(
    session: AsyncSession, actor: Actor, uscc: str, version: int, reason: str, now: datetime
) -> Organisation:
    """Brings back how it stood then. Raises Forbidden, NotFound, Invalid, Conflict (it stands so now)."""
    if not may_edit(actor, uscc):
        raise Forbidden(ONLY)
    return await bring_back(session, f"account:{actor.account_id}", uscc, version, reason, now)


async def bring_back(
    session: AsyncSession, actor: str, uscc: str, version: int, reason: str, now: datetime
) -> Organisation:
    """Whoever ``actor`` names may. Raises NotFound, Invalid, Conflict."""
    unit = await find(session, uscc)
    row = await session.get(UnitContact, version)
    if row is None or row.uscc != unit.uscc:
        raise NotFound("这个单位没有这一版联系方式，请从修改记录中选择。")
    given = {key: getattr(row, key) or "" for key in FIELDS}
    return await write(session, actor, unit.uscc, given, reason, now, restores=version)


async def versions_of(session: AsyncSession, uscc: str) -> list[Version]:
    """The newest first, with the name of who made each."""
    rows = await session.scalars(
        select(UnitContact).where(UnitContact.uscc == uscc).order_by(UnitContact.id.desc()).limit(LISTED)
    )
    found = list(rows)
    actors = [row.actor for row in found if row.actor is not None and row.actor.startswith("account:")]
    ids = {int(actor.removeprefix("account:")) for actor in actors}
    names = {
        f"account:{key}": name
        for key, name in await session.execute(select(Account.id, Account.display_name).where(Account.id.in_(ids)))
    }
    return [Version(row, names.get(row.actor or "", row.actor or "")) for row in found]


async def _latest(session: AsyncSession, uscc: str) -> int | None:
    return await session.scalar(select(UnitContact.id).where(UnitContact.uscc == uscc).limit(1))


def _version(
    unit: Organisation, at: datetime, actor: str | None, reason: str, restores: int | None = None
) -> UnitContact:
    return UnitContact(
        uscc=unit.uscc, phone=unit.phone, address=unit.address, contact=unit.contact, at=at, actor=actor, reason=reason,
        restores=restores,
    )  # fmt: skip


def _problems(wanted: Mapping[str, str], reason: str) -> dict[str, str]:
    found = {
        key: f"{name}不超过{most}个字，请缩短后再保存。"
        for key, (name, most) in FIELDS.items()
        if len(wanted[key]) > most
    }
    if wanted["phone"] and "phone" not in found and not _PHONE.fullmatch(wanted["phone"]):
        found["phone"] = "联系电话只能写数字、区号、分机和多个号码之间的分隔，例如 0471-1234567 转 8001。"
    if not reason.strip():
        found["reason"] = "请写明修改理由。"
    elif len(reason) > 300:
        found["reason"] = "修改理由不超过300个字。"
    return found
