"""Acts that come early, late, twice, all at once, and more of them than one run of an execution may take."""

import asyncio
from collections import Counter

import pytest

from bpmn import codec
from bpmn.events import MessageDelivered
from cases.tables.engine import LoggedStep
from cases.tables.worklist import Subscription
from tests.shell.shell import Shell
from workflows import client as calls
from workflows import messages
from workflows.client import Accepted, Gone, Refused

# Temporal's limits of one run.
IN_FLIGHT, IN_ALL = 10, 2_000
BUSY = 8


async def note_key(shell: Shell, case: str) -> int:
    (catch,) = [row for row in await shell.rows(Subscription, case) if row.message_name == "note"]
    return catch.key


def note(case: str, key: int, number: int) -> messages.Submit:
    return messages.Submit(f"{case}-{number}", codec.dump_event(MessageDelivered(key, f"m{number}")), "tester")


async def until_accepted(shell: Shell, case: str, sent: messages.Submit) -> calls.Outcome:
    """As the relay does: what was not answered for certain is told again."""
    while True:
        outcome = await calls.submit(shell.client, case, sent)
        if outcome != Accepted(None):
            return outcome


async def told(shell: Shell, case: str) -> Counter[str]:
    return Counter(step.submission_id for step in await shell.rows(LoggedStep, case) if step.submission_id)


@pytest.mark.parametrize("each_step", [False, True])
async def test_a_burst_far_above_what_may_be_in_flight_is_recorded_once_each(shell: Shell, each_step: bool) -> None:
    case = await shell.begin(each_step=each_step)
    await shell.quiet(case)
    key = await note_key(shell, case)
    burst = [note(case, key, number) for number in range(3 * IN_FLIGHT)]
    outcomes = await asyncio.gather(*(until_accepted(shell, case, one) for one in burst))
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    await shell.quiet(case)
    assert await told(shell, case) == Counter(one.submission_id for one in burst)


async def test_a_message_told_early_is_refused_and_taken_once_its_catch_is_open(shell: Shell) -> None:
    """Early: the key of a task that a later step will open. The relay keeps it; the execution takes it in its time."""
    case = await shell.begin()
    await shell.quiet(case)
    early = await shell.send(case, MessageDelivered(10_000, "m"))
    assert isinstance(early, Refused)
    assert early.rule == "subscription-closed"
    assert isinstance(await shell.send(case, await shell.note(case, "n")), Accepted)


async def test_a_message_told_late_finds_the_case_gone_and_says_so(shell: Shell) -> None:
    case = await shell.begin()
    await shell.quiet(case)
    late = await shell.note(case, "late")
    for element in ("first", "second", "third"):
        await shell.complete(case, element)
    assert (await shell.instance(case)).status == "completed"
    assert await shell.send(case, late) == Gone()


@pytest.mark.nightly
@pytest.mark.timeout(900)
async def test_more_acts_than_one_run_may_take_go_on_in_the_next_run(shell: Shell) -> None:
    case = await shell.begin()
    await shell.quiet(case)
    key = await note_key(shell, case)
    sent = [note(case, key, number) for number in range(IN_ALL + 200)]
    for first in range(0, len(sent), BUSY):
        batch = sent[first : first + BUSY]
        outcomes = await asyncio.gather(*(until_accepted(shell, case, one) for one in batch))
        assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    await shell.quiet(case)
    assert await told(shell, case) == Counter(one.submission_id for one in sent)
    runs = [run async for run in shell.client.list_workflows(f"WorkflowId = '{case}'")]
    assert len(runs) > 1
