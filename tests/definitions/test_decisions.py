"""Business rule tasks: the decision that is deployed, asked with the variables of the scope, fails once and for all."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.contracts import DecisionInput
from activities.definitions import Definitions
from activities.stores import Stores
from bpmn import codec
from cases.tables.engine import Instance
from jiannuo.bpmn_deploy import deploy_files
from tests.dmn.models import decision, model, table, text

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PACK = "nmg-2023"
SOURCE = model(
    decision("level", table("FIRST", ["amount"], ["level"], [["> limit", '"high"'], ["-", '"low"']])),
    decision("endless", text("count(for i in 1..1000000000 return i)")),
    decision("doubtful", text('assert(amount, amount != null, "the amount is missing")')),
)


async def ask(stores: Stores, folder: Path, decision_id: str, **variables: object) -> object:
    file = folder / "rules.dmn"
    file.write_bytes(SOURCE)
    deployed, *_ = (await deploy_files(stores, PACK, [file], "cli:li", NOW)).deployed
    async with stores.sessions.begin() as session:
        instance = Instance(
            id=f"p:{decision_id}:{len(variables)}", process_id="p", graph_hash=deployed.hash, pack=PACK,
            business_key="k", channel=None, variables=codec.dump_variables({}), created_at=NOW,
        )  # fmt: skip
        await session.merge(instance)
    given = DecisionInput(
        instance.id, decision_id, "latest", None, None, codec.dump_variables(dict(variables)), NOW.isoformat()
    )
    result = await ActivityEnvironment().run(Definitions(stores).evaluate, given)
    return codec.load_variables(result.variables)["result"]


async def test_a_table_without_input_data_sees_the_variables_of_the_scope(stores: Stores, tmp_path: Path) -> None:
    assert await ask(stores, tmp_path, "level", amount=5, limit=3) == "high"


@pytest.mark.parametrize(("name", "why"), [("endless", "limit of"), ("doubtful", "the amount is missing")])
async def test_what_would_fail_again_becomes_an_incident_at_once(
    stores: Stores, tmp_path: Path, name: str, why: str
) -> None:
    with pytest.raises(ApplicationError, match=why) as failure:
        await ask(stores, tmp_path, name)
    assert failure.value.non_retryable
