"""The shared complaints through the real workflow, worker and database, in skipped time."""

import pytest

from jiannuo.rehearsal.stage import Rehearsal
from tests.rehearsal.variants import shared_samples

pytestmark = pytest.mark.timeout(600)


async def test_every_complaint_ends_as_expected(rehearsal: Rehearsal) -> None:
    results = await rehearsal.run(shared_samples())
    assert {r.no: (r.refused, r.differences) for r in results if not r.passed} == {}
    assert len(results) == 9
