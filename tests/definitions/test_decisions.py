"""Business rule tasks: the decision that is deployed, asked with the variables of the scope, fails once and for all."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from activities.stores import Stores
from bpmn.commands import EvaluateDecision
from bpmn.events import DecisionEvaluated, Event, JobFailed
from bpmn.values import Json
from cases.lookups import evaluate
from jiannuo.bpmn_deploy import deploy_files
from tests.dmn.models import decision, model, table, text

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PACK = "nmg-2023"
SOURCE = model(
    decision("level", table("FIRST", ["amount"], ["level"], [["> limit", '"high"'], ["-", '"low"']])),
    decision("endless", text("count(for i in 1..1000000000 return i)")),
    decision("talkative", text('[assert][1](amount, false, "no rule for " + firm)')),
    decision("flagged", text('assert(amount, matches("a", "a", firm), "no flags")')),
    decision("budget", text('count(for c in 1..1000000 return firm + firm)')),
    decision("doubtful", text('assert(amount, amount != null, "the amount is missing")')),
)


async def ask(stores: Stores, folder: Path, decision_id: str, **variables: object) -> Event:
    file = folder / "rules.dmn"
    file.write_bytes(SOURCE)
    deployed, *_ = (await deploy_files(stores, PACK, [file], "cli:li", NOW)).deployed
    async with stores.sessions() as session:
        asked = EvaluateDecision(7, decision_id, "latest", None, cast(Mapping[str, Json], variables))
        return await evaluate(session, stores.definitions, deployed.pack, asked, NOW)


async def test_a_table_without_input_data_sees_the_variables_of_the_scope(stores: Stores, tmp_path: Path) -> None:
    found = await ask(stores, tmp_path, "level", amount=5, limit=3)
    assert isinstance(found, DecisionEvaluated)
    assert found.result == "high"


@pytest.mark.parametrize(("name", "why"), [("endless", "limit of"), ("doubtful", "the amount is missing")])
async def test_what_would_fail_again_becomes_an_incident_at_once(
    stores: Stores, tmp_path: Path, name: str, why: str
) -> None:
    failure = await ask(stores, tmp_path, name)
    assert isinstance(failure, JobFailed)
    assert why in failure.reason


async def test_a_decision_keeps_the_files_that_it_imports(stores: Stores, tmp_path: Path) -> None:
    base, child = tmp_path / "base.dmn", tmp_path / "child.dmn"
    base.write_bytes(model(decision("rate", text("2")), namespace="urn:base"))
    (tmp_path / "broken.dmn").write_text("no model at all")
    merge = '<import name="b" namespace="urn:base" importType="DMN"/>'
    child.write_bytes(model(merge, decision("fee", text("b.rate * amount"), "urn:base#rate"), namespace="urn:child"))

    async def fee() -> Event:
        async with stores.sessions() as session:
            asked = EvaluateDecision(7, "fee", "latest", None, {"amount": 21})
            return await evaluate(session, stores.definitions, PACK, asked, NOW)

    outcome = await deploy_files(stores, PACK, [child], "cli:li", NOW)
    assert [one.path.name for one in outcome.company] == ["base.dmn"]
    assert {(one.definition_id, one.version) for one in outcome.deployed} == {("rate", 1), ("fee", 1)}
    assert await fee() == DecisionEvaluated(7, 42)

    base.write_bytes(model(decision("rate", text("3")), namespace="urn:base"))
    assert await fee() == DecisionEvaluated(7, 42), "what was deployed stays as it was"
    again = await deploy_files(stores, PACK, [child], "cli:li", NOW)
    assert {(one.definition_id, one.version) for one in again.deployed if one.new} == {("rate", 2), ("fee", 2)}
    assert await fee() == DecisionEvaluated(7, 63)
    same = await deploy_files(stores, PACK, [child, base], "cli:li", NOW)
    assert not any(one.new for one in same.deployed)

    base.unlink()
    alone = await deploy_files(stores, PACK, [child], "cli:li", NOW)
    assert alone.refused
    assert "urn:base" in {one.rule: one.message for one in alone.files[0].refused}["missing-import"]


@pytest.mark.parametrize("name", ["talkative", "flagged", "budget", "nowhere"])
async def test_no_value_of_a_variable_comes_along_into_the_reason(stores: Stores, tmp_path: Path, name: str) -> None:
    """An incident's reason is read by operators and stands in the log: it may say nothing of a person."""
    failure = await ask(stores, tmp_path, name, amount=4_711_000_815, firm="云岭华晟教学设备有限公司")
    assert isinstance(failure, JobFailed)
    assert not any(part in failure.reason for part in ("云岭", "华晟", "4711000815"))
    assert failure.reason.isascii() or name == "nowhere"
