"""The command line for people who write models."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jiannuo.bpmn_cli import app
from tests.bpmn.bpmn_models import (
    boundary,
    catch,
    end,
    error,
    flows,
    gateway,
    message,
    process,
    service,
    start,
    throw,
    timer,
    user,
)

SAID = '<message id="M" name="m"/>'
SHARED = '<error id="E1" errorCode="bad"/>'
MODEL = process(
    start()
    + user("a")
    + boundary("late", "a", timer("P1D"))
    + service("w")
    + boundary("bad", "w", error("E1"))
    + gateway("exclusive", "g", default="g_e")
    + end()
    + user("z")
    + end("e2")
    + flows("s>a", "a>w", "late>w", "bad>z", "w>g", "g>z ? again", "g>e", "z>e2"),
    SHARED,
)


def invoke(tmp_path: Path, *arguments: str, model: bytes = MODEL, script: str = "") -> tuple[int, str]:
    path = tmp_path / "m.bpmn"
    path.write_bytes(model)
    (tmp_path / "answers.yaml").write_text(script, encoding="utf-8")
    words = [word.replace("MODEL", str(path)).replace("SCRIPT", str(tmp_path / "answers.yaml")) for word in arguments]
    result = CliRunner().invoke(app, words)
    return result.exit_code, result.output


def test_run_hears_what_the_instance_itself_has_published(tmp_path: Path) -> None:
    body = start() + gateway("parallel", "g") + throw("t", message("M")) + catch("c", message("M")) + end()
    model = process(body + flows("s>g", "g>t", "g>c", "t>e", "c>e"), SAID)
    code, output = invoke(tmp_path, "run", "MODEL", "--json", model=model)
    assert (code, json.loads(output)["status"]) == (0, "completed")
    early = process(start() + throw("t", message("M")) + catch("c", message("M")) + flows("s>t", "t>c"), SAID)
    assert invoke(tmp_path, "run", "MODEL", "--json", model=early)[0] == 0


def test_run_begins_by_the_only_event_that_the_process_begins_by(tmp_path: Path) -> None:
    model = process(start("s", timer("P1D")) + end() + flows("s>e"))
    assert invoke(tmp_path, "run", "MODEL", "--json", model=model)[0] == 0


def test_check_says_what_is_wrong(tmp_path: Path) -> None:
    assert invoke(tmp_path, "check", "MODEL")[0] == 0
    broken = process(start() + user("a") + end() + flows("a>s", "s>e"))
    code, output = invoke(tmp_path, "check", "MODEL", "--json", model=broken)
    found = json.loads(output)
    assert (code, found["ok"]) == (1, False)
    assert {problem["rule"] for problem in found["files"][0]["problems"]} == {"start-incoming", "unreachable"}


@pytest.mark.parametrize(
    ("script", "code", "status", "tasks"),
    [
        ("tasks: {a: {variables: {again: false}}}", 0, "completed", []),
        ("tasks: {a: {variables: {again: true}}}", 3, "waiting", ["z"]),
        ("tasks: {a: {variables: {again: false}, after: P2D}}", 4, "incident", []),
        ("tasks: {a: {}, z: {}}\njobs: {w: {error: bad}}", 0, "completed", []),
        ("tasks: {a: {}}\njobs: {work: {fail: no line}}", 4, "incident", []),
    ],
)
def test_run_answers_from_a_script_on_a_virtual_clock(
    tmp_path: Path, script: str, code: int, status: str, tasks: list[str]
) -> None:
    found, output = invoke(tmp_path, "run", "MODEL", "--script", "SCRIPT", "--json", script=script)
    result = json.loads(output)
    assert (found, result["status"], result["tasks"]) == (code, status, tasks)
    assert result["trace"][0]["element_id"] == "s"


def test_run_prints_a_trace_that_people_can_read(tmp_path: Path) -> None:
    code, output = invoke(tmp_path, "run", "MODEL", "--now", "2026-03-02T09:00", "--vars", '{"again": false, "x": 0.1}')
    assert code == 0
    assert "2026-03-03 09:00:00  caught     late" in output
    assert '"x":0.1' in output


def test_diff_lists_changes(tmp_path: Path) -> None:
    other = tmp_path / "o.bpmn"
    other.write_bytes(MODEL.replace(b'<userTask id="z">', b'<userTask id="z" name="new">').replace(b"P1D", b"P2D"))
    code, output = invoke(tmp_path, "diff", "MODEL", str(other), "--json")
    changes = {(change["id"], change["attribute"]) for change in json.loads(output)["changes"]}
    assert (code, changes) == (1, {("z", "name"), ("late", "events")})
    assert invoke(tmp_path, "diff", "MODEL", "MODEL")[0] == 0
