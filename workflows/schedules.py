"""Schedules of the reports, made again at every start: the same wish twice changes nothing, a pause stays a pause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from activities.contracts import ReportRequest

ZONE = "Asia/Shanghai"
# Days are independent: one whose receipt is outstanding must not hold back the next. Their order at the platform is
# kept by the sequence numbers of the messages.
OVERLAP = ScheduleOverlapPolicy.ALLOW_ALL


@dataclass(frozen=True)
class Wish:
    """One Schedule. ``months`` empty: every day; else the first day of those months. ``catch_up``: how long after its
    hour a run that was missed (server down) is still made up for."""

    id: str
    workflow: str
    kind: str
    pack: str
    hour: int
    minute: int
    catch_up: timedelta
    months: tuple[int, ...] = ()
    second: int = 0

    def schedule(self, task_queue: str) -> Schedule:
        calendar = ScheduleCalendarSpec(
            second=[ScheduleRange(self.second)],
            minute=[ScheduleRange(self.minute)],
            hour=[ScheduleRange(self.hour)],
            day_of_month=[ScheduleRange(1)] if self.months else [ScheduleRange(1, 31)],
            month=[ScheduleRange(month) for month in self.months] or [ScheduleRange(1, 12)],
        )
        return Schedule(
            action=ScheduleActionStartWorkflow(
                self.workflow, ReportRequest(self.kind, self.pack), id=self.id, task_queue=task_queue
            ),
            spec=ScheduleSpec(calendars=[calendar], time_zone_name=ZONE),
            policy=SchedulePolicy(overlap=OVERLAP, catchup_window=self.catch_up),
        )


async def ensure(client: Client, task_queue: str, wishes: Sequence[Wish]) -> None:
    for wish in wishes:
        wanted = wish.schedule(task_queue)
        try:
            await client.create_schedule(wish.id, wanted)
        except ScheduleAlreadyRunningError:
            await client.get_schedule_handle(wish.id).update(Renewal(wanted))


class Renewal:
    """Takes action, times and policy from the wish and everything else, the pause above all, from what is there."""

    def __init__(self, wanted: Schedule) -> None:
        self._wanted = wanted

    def __call__(self, given: ScheduleUpdateInput) -> ScheduleUpdate:
        state = given.description.schedule.state
        return ScheduleUpdate(
            Schedule(
                action=self._wanted.action, spec=self._wanted.spec, policy=self._wanted.policy, state=state
            )
        )
