"""The physical limit: a workflow that does nothing, as often as a step does it: Update, one activity, answer."""

from __future__ import annotations

from datetime import timedelta

from temporalio import activity, workflow


@activity.defn(name="nothing")
async def nothing(text: str) -> str:
    return text


@workflow.defn(name="Trivial")
class Trivial:
    """Ends after ``steps`` Updates. Each costs what an Update with one awaited activity costs, nothing more."""

    def __init__(self) -> None:
        self._done = 0

    @workflow.run
    async def run(self, steps: int) -> int:
        await workflow.wait_condition(lambda: self._done == steps and workflow.all_handlers_finished())
        return self._done

    @workflow.update(name="step")
    async def step(self, text: str) -> str:
        answer = await workflow.execute_activity(nothing, text, start_to_close_timeout=timedelta(seconds=30))
        self._done += 1
        return answer
