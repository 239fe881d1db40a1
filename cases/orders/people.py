"""The places of an order's ladder as people."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import directory
from cases.orders.states import ANSWERING
from cases.tables.complaints import Complaint
from cases.tables.orders import SupervisionOrder
from cases.tables.organisations import Account, Membership, Organisation
from cases.tables.worklist import Task

HEADS = ("head", "verifying_head")


async def behind(session: AsyncSession, order: SupervisionOrder, complaint: Complaint, place: str) -> list[Account]:
    """``place``: addressee, addressee_head, addressee_superior, issuer, issuer_head, or a role of the region."""
    if place == "addressee":
        own = await _working(session, order)
        return own or await _of(session, order.addressee_uscc, ANSWERING)
    if place == "addressee_head":
        return await _of(session, order.addressee_uscc, HEADS)
    if place == "addressee_superior":
        unit = await session.get(Organisation, order.addressee_uscc)
        return await _of(session, unit.superior_uscc, (*HEADS, "verifying_dept")) if unit else []
    if place == "issuer":
        account = await session.get(Account, order.issuer_account_id) if order.issuer_account_id else None
        return [account] if account and account.active else await _of(session, order.issuer_uscc, (order.issuer_role,))
    if place == "issuer_head":
        return await _of(session, order.issuer_uscc, HEADS)
    function = directory.CREDIT_LEAD if place == "credit_lead_dept" else place
    unit = await directory.nearest(session, function, complaint.region_code)
    return await _of(session, unit.uscc, (place,)) if unit else []


async def issuer_who_stays(session: AsyncSession, instance_id: str) -> tuple[int, str] | None:
    """Account and name of the person who issued the order, while that person still acts in the role for the unit."""
    row = (
        await session.execute(
            select(Account.id, Account.display_name)
            .join(SupervisionOrder, SupervisionOrder.issuer_account_id == Account.id)
            .join(Membership, Membership.account_id == Account.id)
            .where(
                SupervisionOrder.instance_id == instance_id, Account.active,
                Membership.uscc == SupervisionOrder.issuer_uscc, Membership.role == SupervisionOrder.issuer_role,
            )
            .limit(1)
        )
    ).first()  # fmt: skip
    return (row[0], row[1]) if row is not None else None


async def _working(session: AsyncSession, order: SupervisionOrder) -> list[Account]:
    """Who has claimed the reply."""
    rows = await session.scalars(
        select(Account)
        .join(Task, Task.assignee_id == Account.id)
        .where(Task.instance_id == order.instance_id, Task.status == "open", Account.active)
        .where(Task.unit == order.addressee_uscc)
        .order_by(Account.id)
    )
    return list(rows.unique())


async def _of(session: AsyncSession, uscc: str | None, roles: tuple[str, ...]) -> list[Account]:
    rows = await session.scalars(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.uscc == uscc, Membership.role.in_(roles), Account.active)
        .order_by(Account.id)
    )
    return list(rows.unique())
