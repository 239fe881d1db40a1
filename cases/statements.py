"""Statements of the record, made once and sent as they are.

Putting a statement together, and what the ORM does around it, takes several times as long as PostgreSQL takes to run
it; a record sends a dozen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Executable, Result, Table
from sqlalchemy.ext.asyncio import AsyncSession

from cases.tables.base import Base

Values = Mapping[str, Any] | Sequence[Mapping[str, Any]]


def table_of(kind: type[Base]) -> Table:
    return cast(Table, kind.__table__)


async def run(session: AsyncSession, statement: Executable, values: Values) -> Result[Any]:
    """For statements on tables: rows that wait in the session are sent before, as the ORM does for its own."""
    if session.new or session.dirty or session.deleted:
        await session.flush()
    return await session.execute(statement, values)
