"""Which Schedules the policies ask for (S2§4, S2§7, S3四（二）), and the one place that makes sure of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import time, timedelta

from sqlalchemy import select
from temporalio.client import Client

from activities.stores import Stores
from cases.policy.loader import load
from cases.policy.pack import PolicyPack
from cases.reports_periodic import months_of_preparation
from cases.tables.engine import DefinitionVersion
from jiannuo.settings import Settings
from workflows.reports import REPORT_DAY, REPORT_PERIOD
from workflows.schedules import Wish, ensure

# How long after its hour a missed run is made up for. An alert or an escalation is worth little once its report has
# gone; a report is owed whatever the delay.
ALERT_CATCH_UP = timedelta(minutes=10)
ESCALATION_CATCH_UP = timedelta(days=1)
REPORT_CATCH_UP = timedelta(days=31)
PREPARED_AT = time(8, 0)


async def ensure_schedules(client: Client, settings: Settings, packs: Sequence[str] = ()) -> list[Wish]:
    """Idempotent. ``packs`` are those in use; without any it is the one that the settings name."""
    wishes = [wish for pack in packs or (settings.policy,) for wish in wished(load(pack))]
    await ensure(client, settings.temporal_task_queue, wishes)
    return wishes


async def packs_in_use(stores: Stores, settings: Settings) -> tuple[str, ...]:
    """Packs with a deployed model, the configured one first."""
    async with stores.sessions() as session:
        deployed = await session.scalars(select(DefinitionVersion.pack).distinct().order_by(DefinitionVersion.pack))
        return tuple(dict.fromkeys((settings.policy, *deployed)))


def wished(pack: PolicyPack) -> list[Wish]:
    return [*_daily(pack), *_periodic(pack)]


def _daily(pack: PolicyPack) -> Iterator[Wish]:
    intake, national = pack.sharing.intake, pack.sharing.national
    rows: Iterable[tuple[str, time | None, timedelta]] = (
        ("intake_alert", intake.alert_at.value if intake.alert_at else None, ALERT_CATCH_UP),
        ("intake", intake.send_at.value, REPORT_CATCH_UP),
        ("intake_escalation", intake.escalate_at.value if intake.escalate_at else None, ESCALATION_CATCH_UP),
        ("national", national.send_at.value, REPORT_CATCH_UP),
        ("national_escalation", national.escalate_at.value if national.escalate_at else None, ESCALATION_CATCH_UP),
    )
    for kind, at, catch_up in rows:
        if at is not None:
            yield Wish(
                schedule_id(pack.pack, kind), REPORT_DAY, kind, pack.pack, at.hour, at.minute, catch_up,
                second=at.second,
            )  # fmt: skip


def _periodic(pack: PolicyPack) -> Iterator[Wish]:
    """The draft is there on the first day after the period, so that people have the days until it is due."""
    for name, report in pack.reports.items():
        yield Wish(
            schedule_id(pack.pack, name), REPORT_PERIOD, name, pack.pack, PREPARED_AT.hour, PREPARED_AT.minute,
            REPORT_CATCH_UP, months=months_of_preparation(report),
        )  # fmt: skip


def schedule_id(pack: str, kind: str) -> str:
    return f"report:{pack}:{kind}"
