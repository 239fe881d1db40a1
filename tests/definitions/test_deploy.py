"""Single files are deployed by id, version and hash, with what they refer to, all or none."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from activities.stores import Stores
from cases.queries.definitions import definitions
from cases.tables.engine import DefinitionVersion
from cases.tables.ledger import AuditEntry
from jiannuo.bpmn_cli import app
from jiannuo.bpmn_deploy import Outcome, deploy_files
from jiannuo.deploy import PackRefused, deploy_pack
from tests.bpmn.bpmn_models import end, extension, flows, process, start, user
from tests.dmn.models import decision as dmn_decision
from tests.dmn.models import model as dmn_file
from tests.dmn.models import text

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PACK = "nmg-2023"
FORM = '{"id": "review", "type": "default", "components": []}'
DECISION = dmn_decision("who", text("1"))


def model(name: str, task: str = "a", form: str = "review", callee: str = "", decision: str = "") -> bytes:
    body = start() + user(task, f'<zeebe:formDefinition formId="{form}"/>' if form else "") + flows(f"s>{task}")
    last = task
    if callee:
        called = f'<zeebe:calledElement processId="{callee}"/>'
        body += f'<callActivity id="call">{extension(called)}</callActivity>'
        body += flows(f"{last}>call")
        last = "call"
    if decision:
        called = f'<zeebe:calledDecision decisionId="{decision}" resultVariable="r"/>'
        body += (
            f'<businessRuleTask id="rule" name="Who"><extensionElements>{called}</extensionElements></businessRuleTask>'
        )
        body += flows(f"{last}>rule")
        last = "rule"
    return process(body + end() + flows(f"{last}>e"), name=name)


def write(folder: Path, **files: bytes | str) -> None:
    (folder / "forms").mkdir(exist_ok=True)
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".", 1)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


async def deployed(stores: Stores, *files: Path, dry_run: bool = False) -> Outcome:
    return await deploy_files(stores, PACK, files, "cli:li", NOW, dry_run=dry_run)


async def versions(stores: Stores, id_: str) -> list[int]:
    async with stores.sessions() as session:
        rows = select(DefinitionVersion.version).where(DefinitionVersion.definition_id == id_)
        return list(await session.scalars(rows.order_by(DefinitionVersion.version)))


async def test_the_same_bytes_make_no_new_version_and_changed_ones_do(stores: Stores, tmp_path: Path) -> None:
    file = tmp_path / "one.bpmn"
    file.write_bytes(model("one", form=""))
    (first,) = (await deployed(stores, file)).deployed
    assert (first.definition_id, first.version, first.new) == ("one", 1, True)
    (again,) = (await deployed(stores, file)).deployed
    assert (again.version, again.new, again.hash) == (1, False, first.hash)
    file.write_bytes(model("one", task="b", form=""))
    (second,) = (await deployed(stores, file)).deployed
    assert (second.version, second.new) == (2, True)
    async with stores.sessions() as session:
        entries = (await session.scalars(select(AuditEntry).where(AuditEntry.act == "deploy"))).all()
        assert [(e.actor, e.facts["id"], e.facts["version"]) for e in entries] == [
            ("cli:li", "one", 1), ("cli:li", "one", 2)
        ]  # fmt: skip
        listed = [(one.id, one.version, one.newest, one.open) for one in await definitions(session, PACK)]
    assert listed == [("one", 2, True, 0), ("one", 1, False, 0)]


async def test_what_a_model_refers_to_goes_along_from_beside_it(stores: Stores, tmp_path: Path) -> None:
    write(
        tmp_path, two_bpmn=model("two", callee="called", decision="who"), called_bpmn=model("called", form="deep"),
        who_dmn=dmn_file(DECISION), forms__review_form=FORM, forms__deep_form=FORM.replace("review", "deep"),
        unrelated_bpmn=model("unrelated", form=""),
    )  # fmt: skip
    outcome = await deployed(stores, tmp_path / "two.bpmn")
    assert sorted(one.path.name for one in outcome.company) == ["called.bpmn", "deep.form", "review.form", "who.dmn"]
    assert sorted(one.definition_id for one in outcome.deployed) == ["called", "deep", "review", "two", "who"]


async def test_what_is_nowhere_is_named_and_nothing_is_deployed(stores: Stores, tmp_path: Path) -> None:
    write(tmp_path, three_bpmn=model("three", form="absent", callee="nobody", decision="none"))
    outcome = await deployed(stores, tmp_path / "three.bpmn")
    assert [(one.kind, one.id, one.node.id) for one in outcome.missing] == [
        ("form", "absent", "a"), ("bpmn", "nobody", "call"), ("dmn", "none", "rule")
    ]  # fmt: skip
    assert outcome.refused
    assert await versions(stores, "three") == []


async def test_every_problem_of_every_file_is_told_and_nothing_is_deployed(stores: Stores, tmp_path: Path) -> None:
    broken = process(start() + user("a") + flows("s>a") + user("lost") + '<task id="a2"/>', name="broken")
    write(tmp_path, bad_bpmn=broken, bad_form="{", bad_dmn="<definitions/>", fine_bpmn=model("fine", form=""), n_txt="")
    names = ("bad.bpmn", "bad.form", "bad.dmn", "n.txt", "fine.bpmn")
    outcome = await deployed(stores, *(tmp_path / name for name in names))
    refused = {one.path.name: len(one.refused) for one in outcome.files if one.refused}
    assert set(refused) == {"bad.bpmn", "bad.form", "bad.dmn", "n.txt"}
    assert refused["bad.bpmn"] >= 2
    assert all(problem.remedy for one in outcome.files for problem in one.refused)
    assert await versions(stores, "fine") == []


async def test_a_dry_run_says_the_versions_and_stores_nothing(stores: Stores, tmp_path: Path) -> None:
    write(tmp_path, dry_bpmn=model("dry", form=""))
    (one,) = (await deployed(stores, tmp_path / "dry.bpmn", dry_run=True)).deployed
    assert (one.definition_id, one.version, one.new) == ("dry", 1, True)
    assert await versions(stores, "dry") == []


async def test_a_pack_with_bad_files_is_refused_with_all_of_them(
    stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, bad_bpmn=process(start() + user("lost"), name="bad"), bad_dmn="<definitions/>")
    files = {path.name: path for path in (tmp_path / "bad.bpmn", tmp_path / "bad.dmn")}
    monkeypatch.setattr("jiannuo.deploy.find_files", lambda pack, pattern: files if pattern == "*.bpmn" else {})
    with pytest.raises(PackRefused) as refused:
        await deploy_pack(stores, PACK, NOW)
    assert "bad.bpmn: [" in str(refused.value)
    assert "bad.dmn: " in str(refused.value)
    assert await versions(stores, "bad") == []


@pytest.mark.usefixtures("command_line")
def test_the_command_says_what_happened(tmp_path: Path) -> None:
    write(tmp_path, cli_bpmn=model("cli", form="form_x"), forms__x_form=FORM.replace("review", "form_x"))
    file = str(tmp_path / "cli.bpmn")
    run = CliRunner().invoke
    assert "process cli: would be deployed as version 1" in run(app, ["deploy", file, "--dry-run"]).output
    told = run(app, ["deploy", file])
    assert told.exit_code == 0
    assert "goes along: " in told.output
    assert "process cli: deployed as version 1" in told.output
    assert "process cli: already deployed version 1" in run(app, ["deploy", file]).output
    plain = json.loads(run(app, ["deploy", file, "--json"]).output)
    assert [(one["id"], one["version"], one["new"]) for one in plain["deployed"]] == [
        ("cli", 1, False), ("form_x", 1, False)
    ]  # fmt: skip
    assert "process  cli version 1" in run(app, ["list"]).output
    rows = json.loads(run(app, ["list", "--all", "--json"]).output)
    assert {(row["kind"], row["id"], row["open_cases"]) for row in rows} >= {
        ("process", "cli", 0),
        ("form", "form_x", None),
    }
    (tmp_path / "forms/x.form").unlink()
    (tmp_path / "cli.bpmn").write_bytes(model("cli", form="form_y"))
    refused = run(app, ["deploy", file])
    assert refused.exit_code == 1
    assert "missing: form 'form_y', which 'a' (a, cli.bpmn line 1) refers to" in refused.output
    assert run(app, ["deploy", str(tmp_path / "none.bpmn")]).exit_code == 2


async def test_a_form_inside_a_process_is_deployed_with_it(stores: Stores, tmp_path: Path) -> None:
    def carrying(label: str) -> bytes:
        form = json.dumps({"type": "default", "components": [{"type": "textfield", "key": "x", "label": label}]})
        inside = f'<zeebe:userTaskForm id="F1">{form}</zeebe:userTaskForm>'
        named = '<zeebe:formDefinition formKey="camunda-forms:bpmn:F1"/>'
        body = extension(inside) + start() + user("a", named) + end() + flows("s>a", "a>e")
        return process(body, name="carrying")

    file = tmp_path / "carrying.bpmn"
    for number, label in enumerate(("意见", "意见", "结论"), start=1):
        file.write_bytes(carrying(label))
        outcome = await deployed(stores, file)
        assert (outcome.missing, outcome.company) == ((), ())
        found = [(one.kind, one.definition_id, one.new) for one in outcome.deployed]
        assert found == [("bpmn", "carrying", number != 2), ("form", "carrying.F1", number != 2)]
        async with stores.sessions() as session:
            shown = await stores.definitions.form(session, PACK, "carrying.F1")
            assert shown is not None
            assert shown["components"][0]["label"] == label
    assert await versions(stores, "carrying.F1") == [1, 2]
