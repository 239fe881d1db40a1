"""One worker and one database per module of rehearsals, on the servers that all tests share."""

from collections.abc import AsyncIterator
from itertools import count

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from jiannuo.rehearsal.stage import Rehearsal
from jiannuo.rehearsal.theatre import on_stage

pytestmark = pytest.mark.timeout(600)
_queues = count(1)


@pytest_asyncio.fixture
async def rehearsal(postgres_dsn: str, temporal_env: WorkflowEnvironment) -> AsyncIterator[Rehearsal]:
    async with on_stage(postgres_dsn, temporal_env, f"rehearsal-{next(_queues)}") as staged:
        yield staged
