"""A case that lies open for three years: each month's timer fires on its day, renewed after every step or never."""

from datetime import timedelta

import pytest

from tests.shell.shell import Shell

MONTHS = 36


@pytest.mark.parametrize("each_step", [False, pytest.param(True, marks=pytest.mark.nightly)])
async def test_a_case_open_for_three_years_is_reminded_each_month_and_then_reviewed(
    shell: Shell, each_step: bool
) -> None:
    case = await shell.begin("patient", each_step=each_step)
    await shell.quiet(case)
    for _ in range(12):
        await shell.forward(case, timedelta(days=96))
    assert await shell.open_tasks(case) == ["review"]
    caught = [entry[1] for _, trace in await shell.story(case) for entry in trace if entry[0] == "caught"]
    # On the last day both come due; which of the two is first is the order of their keys.
    assert caught[-1] == "expired"
    assert caught.count("monthly") in (MONTHS - 1, MONTHS)
    await shell.complete(case, "review")
    assert (await shell.instance(case)).status == "completed"
