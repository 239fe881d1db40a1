"""Continue-as-new changes nothing: not what happens, not what is open, not when it is due."""

from datetime import timedelta
from typing import Any

from cases.tables.worklist import Subscription, Task
from tests.shell.shell import Shell


async def lived(shell: Shell, *, each_step: bool) -> dict[str, Any]:
    """A case with a failing job, a note, two rungs and every task, and what the read model says of it at each rest."""
    case = await shell.row()
    shell.script.work[case] = ["fail", "error"]
    await shell.start(case, each_step=each_step)
    seen: list[Any] = []

    async def see() -> None:
        await shell.quiet(case)
        tasks = [(row.element_id, row.status, row.deadline_key) for row in await shell.rows(Task, case)]
        catches = [(row.message_name, row.open) for row in await shell.rows(Subscription, case)]
        seen.append([tasks, catches, await shell.clocks(case)])

    await see()
    await shell.complete(case, "first")
    await see()
    await shell.send(case, await shell.note(case, "n1"))
    await see()
    await shell.complete(case, "mend")
    await see()
    for _ in range(10):
        # A day at a time: two rungs within one leap of the test's clock would race with the first one's reminder.
        await shell.forward(case, timedelta(days=1))
    await see()
    await shell.complete(case, "second")
    await see()
    await shell.complete(case, "third")
    await see()
    runs = [run async for run in shell.client.list_workflows(f"WorkflowId = '{case}'")]
    return {
        "story": [step for step in await shell.story(case) if step[0] != "DeadlineSet"],
        "seen": seen,
        "rungs": shell.script.of(case, "remind"),
        "status": (await shell.instance(case)).status,
        "runs": len(runs),
    }


async def test_renewing_after_every_step_changes_nothing(shell: Shell) -> None:
    plain = await lived(shell, each_step=False)
    renewed = await lived(shell, each_step=True)
    assert plain.pop("runs") == 1
    assert renewed.pop("runs") > 5
    assert renewed == plain
    assert plain["status"] == "completed"
    assert set(plain["rungs"].values()) == {1}


async def test_a_renewal_on_demand_keeps_the_open_task(shell: Shell) -> None:
    case = await shell.begin()
    await shell.quiet(case)
    first_run = (await shell.handle(case).describe()).run_id
    await shell.handle(case).signal("continue_as_new")
    await shell.quiet(case)
    await shell.complete(case, "first")
    assert (await shell.handle(case).describe()).run_id != first_run
    assert await shell.open_tasks(case) == ["second"]
