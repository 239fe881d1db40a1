"""Workflows for the tests of the shared servers; apart from the tests, since the sandbox loads this file again."""

from datetime import timedelta

from temporalio import workflow


@workflow.defn
class Waiting:
    """Waits for as long as it is told, and answers how long its own clock says that took."""

    @workflow.run
    async def run(self, days: int) -> float:
        began = workflow.now()
        await workflow.sleep(timedelta(days=days))
        return (workflow.now() - began) / timedelta(days=1)
