"""Continue-as-new after every step changes nothing in the procedure of complaints."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bpmn import codec
from cases.tables.engine import Instance, LoggedStep
from jiannuo import relay
from jiannuo.rehearsal.sample import SampleFile
from jiannuo.rehearsal.stage import Rehearsal
from tests.rehearsal.variants import expected_of, own_units, shared_samples
from workflows import client as calls
from workflows import messages

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(900)]

SHORT = 8


async def test_complaints_renewed_after_each_step_live_the_same_lives(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = shared_samples()
    chosen = [sample for sample in file.samples if len(sample.acts) <= SHORT][:2]
    plain = await lives(rehearsal, file, [own_units(sample, 700 + n, sample.no) for n, sample in enumerate(chosen)])
    start = calls.start

    async def renewing(client: Any, queue: str, given: messages.ProcessStart, *others: Any, **named: Any) -> bool:
        return await start(client, queue, replace(given, continue_each_step=True), *others, **named)

    monkeypatch.setattr(relay.calls, "start", renewing)
    renewed = await lives(rehearsal, file, [own_units(sample, 800 + n, sample.no) for n, sample in enumerate(chosen)])
    assert renewed == plain


async def lives(rehearsal: Rehearsal, file: SampleFile, samples: list[Any]) -> list[Any]:
    """Each as expected; returned is what happened in each, without instants and keys."""
    sealed = {one.no: expected_of(file, one.no.rpartition("-")[0], int(one.no.rpartition("-")[2])) for one in samples}
    before = await stories(rehearsal)
    results = await rehearsal.run(SampleFile(tuple(samples), sealed))
    assert {result.no: (result.refused, result.differences) for result in results if not result.passed} == {}
    return sorted(story for id_, story in (await stories(rehearsal)).items() if id_ not in before)


async def stories(rehearsal: Rehearsal) -> dict[str, list[Any]]:
    async with rehearsal._stores.sessions() as session:
        ids = (await session.scalars(select(Instance.id))).all()
        rows = await session.scalars(select(LoggedStep).order_by(LoggedStep.instance_id, LoggedStep.number))
        found: dict[str, list[Any]] = {id_: [id_.partition(":")[0]] for id_ in ids}
        for row in rows:
            # What the record answers comes with the step that is recorded next, which a renewal may bring forward.
            if type(codec.load_event(row.event)).__name__ != "DeadlineSet":
                found[row.instance_id].append([entry[:2] for entry in row.trace])
    return found
