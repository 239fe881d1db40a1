"""Delivering one message to its platform, and telling people when that takes too long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import contracts
from activities.platforms.port import Envelope, PlatformPort
from activities.stores import Stores, now_utc
from cases import reports_readers, sharing
from cases.deadlines.zone import SHANGHAI
from cases.errors import NotFound
from cases.policy.loader import load
from cases.sharing_platforms import Platform, platform_for
from cases.tables.sharing import Push
from notifications.errors import DeliveryRefused, DeliveryRetryable
from notifications.notice import write_notice

# How soon a message that waits for an earlier one looks again: the usual back-off would outgrow the wait.
TURN = timedelta(seconds=1)


def on_axis(offset_s: float) -> datetime:
    """Real time, moved to the axis of a rehearsal (offset 0 elsewhere)."""
    return now_utc() + timedelta(seconds=offset_s)


class Sharing:
    """``ports``: platform key to its adapter."""

    def __init__(self, stores: Stores, ports: Mapping[str, PlatformPort]) -> None:
        self._stores = stores
        self._ports = ports

    @activity.defn(name=contracts.DELIVER)
    async def deliver(self, given: contracts.Delivery) -> contracts.Delivered:
        """Asks nobody twice: a settled row answers by itself, and the key makes a repeated message the same one.

        No database lock is held while the platform is asked.
        """
        prepared = await self._prepare(given)
        if isinstance(prepared, contracts.Delivered):
            return prepared
        port, envelope = prepared
        try:
            answer = await port.send(envelope)
        except DeliveryRetryable as failure:
            await self._note(given.key, str(failure))
            raise ApplicationError(str(failure), type="Retryable") from None
        except DeliveryRefused as failure:
            return await self._settle(given, sharing.REFUSED, None, str(failure))
        status = sharing.RECEIVED if answer.received else sharing.EXPORTED
        return await self._settle(given, status, answer.reference)

    async def _prepare(
        self, given: contracts.Delivery
    ) -> contracts.Delivered | tuple[PlatformPort, Envelope]:
        reason = None
        async with self._stores.transaction() as session:
            row = await session.get(Push, given.key, with_for_update=True)
            if row is None:
                raise ApplicationError("没有这条报送信息。", type="NotFound", non_retryable=True)
            if row.status != sharing.PENDING:
                return contracts.Delivered(row.status, row.receipt)
            if await sharing.waits_for_earlier(session, row):
                raise ApplicationError(
                    "同一事项较早的信息尚未送达。", type=contracts.WAITS_FOR_EARLIER, next_retry_delay=TURN
                )
            await sharing.note_attempt(session, row, on_axis(given.clock_offset_s))
            try:
                platform = platform_for(load(str(row.body["pack"])), row.platform)
                return self._ports[platform.key], _envelope(row, platform)
            except NotFound as unknown:
                reason = unknown.sentence
            except KeyError:
                reason = f"没有平台“{row.platform}”的接口配置，请在JIANNUO_PLATFORMS中补充。"
            row.last_error = reason
        # Mended by configuration, not by this message: it waits, visibly.
        raise ApplicationError(reason, type="NotConfigured")

    async def _note(self, key: str, reason: str) -> None:
        async with self._stores.transaction() as session:
            row = await session.get(Push, key, with_for_update=True)
            if row is not None and row.status == sharing.PENDING:
                row.last_error = reason

    async def _settle(
        self, given: contracts.Delivery, status: str, receipt: str | None, reason: str | None = None
    ) -> contracts.Delivered:
        async with self._stores.transaction() as session:
            row = await session.get(Push, given.key, with_for_update=True)
            assert row is not None, "rows of push are never deleted"
            # Another attempt of the same message may have come back first; its receipt stands.
            if row.status == sharing.PENDING:
                await sharing.settle(session, row, status, receipt, on_axis(given.clock_offset_s))
                row.last_error = reason
            return contracts.Delivered(row.status, row.receipt)

    @activity.defn(name=contracts.WARN_UNDELIVERED)
    async def warn(self, given: contracts.Delivery) -> int:
        """A determination must be there within five minutes (1E.15): whoever answers for it learns that it is not."""
        async with self._stores.transaction() as session:
            row = await session.get(Push, given.key)
            if row is None or row.status not in (sharing.PENDING, sharing.REFUSED):
                return 0
            return await _tell(session, row, on_axis(given.clock_offset_s))


def _envelope(row: Push, platform: Platform) -> Envelope:
    return Envelope(
        key=row.idempotency_key,
        kind=row.kind,
        subject=str(row.body["subject"]),
        sequence=int(row.body["sequence"]),
        to=row.body["to"],
        created_at=row.created_at.astimezone(SHANGHAI).isoformat(),
        content=platform.render(row.kind, row.body["content"]),
    )


async def _tell(session: AsyncSession, row: Push, at: datetime) -> int:
    local = at.astimezone(SHANGHAI)
    name = platform_for(load(str(row.body["pack"])), row.platform).title
    facts = {
        "day": row.created_at.astimezone(SHANGHAI).date().isoformat(),
        "report": f"向{name}推送的信息",
        "at": f"{local:%H:%M}",
    }
    case_no = row.body["content"].get("case_no")
    words = write_notice("report_no_receipt", facts | ({"case_no": str(case_no)} if case_no else {}))
    readers = await reports_readers.responsible(session, str(row.body["pack"]))
    return await reports_readers.tell(
        session, readers, f"push:{row.idempotency_key}", words.kind, words.subject, words.body, facts, at,
        complaint_id=row.complaint_id,
    )  # fmt: skip
