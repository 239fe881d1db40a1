"""The step log in words: who did what when, what the execution did upon it, in the names that the diagram uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bpmn import codec
from bpmn.elements.kinds import GATEWAYS
from cases.definitions import DefinitionStore
from cases.tables.engine import Instance, LoggedStep
from cases.tables.organisations import Account, Organisation
from cases.tables.worklist import Submission

# What a reader of a case wants to know; flows and gateways are in the diagram.
TOLD = ("entered", "incident")
# A gateway asks, a start only begins what follows: neither is anything that a case comes to.
UNTOLD = GATEWAYS | {"startEvent", "eventSubProcess"}


@dataclass(frozen=True)
class HistoryLine:
    """``act`` is set for what a person did, ``behalf`` is whom that person stood in for; ``entered`` names elements
    reached, as (element id, graph hash); ``scopes``: the scope of the execution in which each was.
    """

    number: int
    at: datetime
    recorded_at: datetime
    event: str
    act: str | None
    actor: str | None
    behalf: str | None
    unit: str | None
    role: str | None
    late_reason: str | None
    entered: tuple[tuple[str, str], ...]
    refused: str | None = None
    scopes: Mapping[str, int] = field(default_factory=dict)


async def history(session: AsyncSession, instance: Instance) -> list[HistoryLine]:
    absent = aliased(Account)
    rows = await session.execute(
        select(LoggedStep, Submission, Account.display_name, absent.display_name, Organisation.name)
        .outerjoin(Submission, Submission.id == LoggedStep.submission_id)
        .outerjoin(Account, Account.id == Submission.account_id)
        .outerjoin(absent, absent.id == Submission.on_behalf_of)
        .outerjoin(Organisation, Organisation.uscc == Submission.unit)
        .where(LoggedStep.instance_id == instance.id)
        .order_by(LoggedStep.number.desc())
    )
    lines = [_line(*row) for row in rows]
    return [line for line in lines if line.act or line.entered]


def _line(
    step: LoggedStep, submission: Submission | None, person: str | None, behalf: str | None, unit: str | None
) -> HistoryLine:
    entered = dict.fromkeys((element, graph) for kind, element, graph, *_ in step.trace if kind in TOLD)
    return HistoryLine(
        number=step.number,
        at=submission.occurred_at if submission else step.at,
        recorded_at=step.at,
        event=type(codec.load_event(step.event)).__name__,
        act=submission.act if submission else None,
        actor=person,
        behalf=behalf,
        unit=unit,
        role=submission.role if submission else None,
        late_reason=submission.late_reason if submission else None,
        entered=tuple(entered),
        scopes={element: scope for kind, element, _, scope, *_ in step.trace if kind in TOLD},
    )


async def reached(session: AsyncSession, store: DefinitionStore, lines: list[HistoryLine]) -> dict[int, list[str]]:
    """By step: what it led to, each name once. A subprocess and the task in it often bear one name. Steps that led to
    nothing with a name are missing.
    """
    names: dict[tuple[str, str], str] = {}
    for element, hash_ in dict.fromkeys(pair for line in lines for pair in line.entered):
        node = (await store.graph(session, hash_)).node(element)
        if node is not None and node.name and node.kind not in UNTOLD:
            names[(element, hash_)] = node.name
    told = {line.number: list(dict.fromkeys(names[pair] for pair in line.entered if pair in names)) for line in lines}
    return {number: found for number, found in told.items() if found}
