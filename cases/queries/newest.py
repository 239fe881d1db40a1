"""The newest of very many cases, a page of them, however they are asked for.

A page of one unit is the newest of what it accepted, of what it referred, and so on: each of these is read in the order
of receipt, and together no further than the page goes. The newest cases with some words are either near, then they are
met on the way, or rare, then the index of words knows them all; so neither way is long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, FromClause, Select, func, select, true, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from cases.access import Row
from cases.searching.finding import having, indexed
from cases.tables.complaints import Complaint
from cases.tables.positions import CasePosition
from cases.tables.searching import CaseText

# So many cases are looked at for words before the index is asked.
NEAR = 5_000
# A case is in no more parts: its region, its four units, and what its columns do not tell.
MOST_PARTS = 6

Source: TypeAlias = Row | type[CaseText]
Reading: TypeAlias = tuple[Source, ColumnElement[bool]]


@dataclass
class Asked:
    """``parts``: together all cases that may be shown. ``near``: the same or more, where words are looked for.
    ``whole``: what decides of each. ``within``: what an index in the order of receipt answers too.
    ``conditions``: the others, of ``row`` and, with ``wide``, of the complaint. ``words``: all must occur.
    """

    row: Row
    parts: Sequence[Reading]
    near: Sequence[Reading]
    whole: ColumnElement[bool]
    within: Callable[[Source], list[ColumnElement[bool]]] = field(default=lambda source: [])
    conditions: list[ColumnElement[bool]] = field(default_factory=list)
    wide: bool = False
    words: Sequence[str] = ()
    # Away from the newest: the page in front of a row is read from that row on.
    up: bool = False


async def newest(session: AsyncSession, asked: Asked, size: int) -> list[str]:
    """At most so many ids, the newest first, or (``up``) the oldest."""
    if not asked.words:
        return await _ids(session, _merged(asked, asked.parts, size, *asked.conditions), size)
    near = await _ids(session, _near(asked, size), size)
    if len(near) == size or (await session.scalar(_walked(asked)) or 0) < NEAR:
        return near
    return await _ids(session, _by_index(asked, size), size)


async def _ids(session: AsyncSession, query: Select[Any], size: int) -> list[str]:
    """A case of several parts comes several times, one after the other."""
    return list(dict.fromkeys(await session.scalars(query)))[:size]


def _rows(asked: Asked, source: Source, *conditions: ColumnElement[bool]) -> Select[Any]:
    columns: tuple[Any, ...] = (source.id.label("id"), source.received_at.label("at"))
    query = select(*columns).where(*asked.within(source), *conditions)
    if source is CasePosition and asked.wide:
        query = query.join(Complaint, Complaint.id == CasePosition.id)
    return query


def _merged(asked: Asked, parts: Sequence[Reading], size: int, *conditions: ColumnElement[bool]) -> Select[Any]:
    """In their common order, so that each part is read no further than the whole needs of it."""
    found = [
        _rows(asked, source, part, *conditions).order_by(*_along(asked, source.received_at, source.id)).limit(size)
        for source, part in parts
    ]
    return found[0] if len(found) == 1 else _first(asked, union_all(*found).subquery("parts"), size * MOST_PARTS)


def _first(asked: Asked, found: FromClause, size: int) -> Select[Any]:
    return select(found.c.id, found.c.at).order_by(*_along(asked, found.c.at, found.c.id)).limit(size)


def _along(asked: Asked, *columns: ColumnElement[Any] | InstrumentedAttribute[Any]) -> list[ColumnElement[Any]]:
    return [column.asc() if asked.up else column.desc() for column in columns]


def _walk(asked: Asked) -> Select[Any]:
    """What is looked at. Conditions of a position narrow it. Those of a complaint have no index in the order of
    receipt: looking for as many that fulfil them could be long, so they are asked of what has the words.
    """
    narrow = asked.row is CasePosition
    return _merged(asked, asked.near, NEAR, *(asked.conditions if narrow else ())).limit(NEAR)


def _walked(asked: Asked) -> Select[int]:
    return select(func.count()).select_from(_walk(asked).subquery("walked"))


def _near(asked: Asked, size: int) -> Select[Any]:
    """What has the words among the newest, looked at one by one in their order, so that it ends when the page is full.

    OFFSET keeps PostgreSQL from turning that round: it takes the words for rarer than they are and would first fetch
    every case that may be seen.
    """
    walked = _walk(asked).subquery("walked")
    has = select(CaseText.id).where(CaseText.id == walked.c.id, *having(asked.words))
    found = select(walked.c.id).join(has.offset(0).lateral("has"), true())
    if asked.row is Complaint:
        seen = select(Complaint.id).where(Complaint.id == walked.c.id, asked.whole, *asked.conditions)
        found = found.join(seen.offset(0).lateral("seen"), true())
    return found.order_by(*_along(asked, walked.c.at, walked.c.id)).limit(size * MOST_PARTS)


def _by_index(asked: Asked, size: int) -> Select[Any]:
    """All of them before the newest are taken, or PostgreSQL would go through everything in the order of receipt."""
    found = _rows(asked, asked.row, asked.whole, *asked.conditions, asked.row.id.in_(indexed(asked.words)))
    return _first(asked, found.cte("indexed").prefix_with("MATERIALIZED"), size)
