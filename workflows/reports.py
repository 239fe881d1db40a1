"""Deliveries and reports. Their content is the activities' affair; here is only what is durable about them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey

from activities import contracts

DELIVERY = "Delivery"
REPORT_DAY = "ReportDay"
REPORT_PERIOD = "ReportPeriod"

SCHEDULED = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")
ATTEMPT = timedelta(seconds=60)
# Without end: a platform may be away for days, and what is promised is kept. Half a minute apart at most, so that a
# platform which returns has everything within the five minutes of "real time" (1E.15).
UNTIL_RECEIVED = RetryPolicy(
    initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30), maximum_attempts=0
)
SOON = RetryPolicy(initial_interval=timedelta(seconds=0.2), maximum_interval=timedelta(seconds=5))


async def deliver(given: contracts.Delivery) -> contracts.Delivered:
    delivered: contracts.Delivered = await workflow.execute_activity(
        contracts.DELIVER,
        given,
        result_type=contracts.Delivered,
        start_to_close_timeout=ATTEMPT,
        retry_policy=UNTIL_RECEIVED,
    )
    return delivered


async def warn(given: contracts.Delivery) -> None:
    await workflow.execute_activity(
        contracts.WARN_UNDELIVERED, given, result_type=int, start_to_close_timeout=ATTEMPT, retry_policy=SOON
    )


@workflow.defn(name=DELIVERY)
class Delivery:
    """One message to one platform, until it is received or refused for good."""

    @workflow.run
    async def run(self, given: contracts.Delivery) -> contracts.Delivered:
        sending = asyncio.create_task(deliver(given))
        try:
            await workflow.wait_condition(
                sending.done, timeout=timedelta(seconds=given.within_s), timeout_summary="not delivered in time"
            )
        except TimeoutError:
            workflow.set_current_details("not delivered in time; people were told; still trying")
            await warn(given)
        delivered = await sending
        if delivered.status == "refused":
            await warn(given)
        return delivered


@workflow.defn(name=REPORT_DAY)
class ReportDay:
    """One step of one day's report: alert, send, or escalate, by ``kind``. Idempotent per kind, pack and day."""

    @workflow.run
    async def run(self, given: contracts.ReportRequest) -> contracts.ReportResult:
        request = with_instant(given)
        activity = STEPS.get(given.kind, contracts.COMPOSE_REPORT)
        result = await report(activity, request)
        if result.push_key is not None:
            await deliver(contracts.Delivery(result.push_key, clock_offset_s=given.clock_offset_s))
        return result


# kind → activity; every other kind is a report that is composed and sent.
STEPS = {
    "intake_alert": contracts.ALERT_MISSING,
    "intake_escalation": contracts.ESCALATE_REPORT,
    "national_escalation": contracts.ESCALATE_REPORT,
}


@workflow.defn(name=REPORT_PERIOD)
class ReportPeriod:
    """Prepares the draft of a quarterly, half-year or annual report; a person releases it."""

    @workflow.run
    async def run(self, given: contracts.ReportRequest) -> contracts.ReportResult:
        return await report(contracts.DRAFT_PERIODIC, with_instant(given))


async def report(activity: str, request: contracts.ReportRequest) -> contracts.ReportResult:
    result: contracts.ReportResult = await workflow.execute_activity(
        activity,
        request,
        result_type=contracts.ReportResult,
        start_to_close_timeout=ATTEMPT,
        retry_policy=SOON,
    )
    return result


def with_instant(given: contracts.ReportRequest) -> contracts.ReportRequest:
    """The Schedule's instant, not the moment at which a worker got to it: a late report tells the state of its hour."""
    if given.as_at is not None:
        return given
    scheduled = workflow.info().typed_search_attributes.get(SCHEDULED)
    instant = scheduled or workflow.now()
    return contracts.ReportRequest(given.kind, given.pack, instant.isoformat(), given.clock_offset_s)
