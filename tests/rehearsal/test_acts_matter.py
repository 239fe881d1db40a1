"""Nothing is done by hand behind the acts: leave one out, or receive a complaint a week later, and it shows."""

import pytest

from jiannuo.rehearsal.sample import Sample, SampleFile
from jiannuo.rehearsal.stage import Rehearsal
from tests.rehearsal.variants import a_week_later, each_act_once, expected_of, own_units, shared_samples, without

pytestmark = pytest.mark.timeout(600)

# What these leave behind is not among the things that an expectation lists: a rating, a heard statement (the window
# had run out anyway), the reason for not escalating.
WITHOUT_EFFECT = {"rate", "state", "decline_escalation"}


# Long cases take half a minute for each variant; the nightly run plays them all.
SHORT = 8


async def test_every_act_of_the_short_cases_changes_the_result(rehearsal: Rehearsal) -> None:
    await leave_each_out(rehearsal, [s for s in shared_samples().samples if len(s.acts) <= SHORT])


@pytest.mark.nightly
async def test_every_kind_of_act_changes_the_result(rehearsal: Rehearsal) -> None:
    await leave_each_out(rehearsal, list(shared_samples().samples))


async def leave_each_out(rehearsal: Rehearsal, samples: list[Sample]) -> None:
    file = shared_samples()
    # A merged complaint needs its main case beside it; the sample run covers it.
    chosen = [item for item in each_act_once(samples) if item[0].acts[item[1]].act != "merge"]
    variants, sealed, names = [], {}, {}
    for number, (sample, index) in enumerate(chosen):
        variant = without(own_units(sample, number, sample.no), index)
        variants.append(variant)
        sealed[variant.no] = expected_of(file, sample.no, number)
        names[variant.no] = sample.acts[index].act
    results = await rehearsal.run(SampleFile(tuple(variants), sealed))
    unnoticed = {names[result.no] for result in results if result.passed}
    assert unnoticed == WITHOUT_EFFECT & set(names.values())


async def test_a_complaint_that_comes_a_week_later_ends_otherwise(rehearsal: Rehearsal) -> None:
    file = shared_samples()
    variants, sealed = [], {}
    for number, sample in enumerate(s for s in file.samples if len(s.acts) <= SHORT):
        variant = a_week_later(own_units(sample, 500 + number, sample.no))
        variants.append(variant)
        sealed[variant.no] = expected_of(file, sample.no, 500 + number)
    results = await rehearsal.run(SampleFile(tuple(variants), sealed))
    assert [result.no for result in results if result.passed] == []
