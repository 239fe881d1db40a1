"""The command line for people who write models."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jiannuo.bpmn_cli import app
from tests.bpmn.bpmn_models import (
    boundary,
    catch,
    definitions,
    end,
    error,
    flows,
    gateway,
    io,
    message,
    process,
    service,
    signal,
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


def test_run_begins_a_process_at_the_instant_of_its_only_timer_start(tmp_path: Path) -> None:
    model = process(start("s", timer("R/2026-12-01T09:00:00+08:00/P1D", "timeCycle")) + end() + flows("s>e"))
    now = ("--now", "2026-11-22T12:00:00+08:00")
    code, output = invoke(tmp_path, "run", "MODEL", "--json", *now, model=model)
    found = json.loads(output)
    assert (code, found["status"], len(found["instances"])) == (0, "completed", 1)
    assert {entry["at"] for entry in found["trace"]} == {"2026-12-01T09:00:00+08:00"}


def test_run_lets_what_comes_before_a_timer_start_happen_before(tmp_path: Path) -> None:
    def one(name: str, inside: str, further: str) -> str:
        text = process(start("s", inside) + further + end() + flows("s>c", "c>e"), name=name).decode()
        return text[text.index("<process") : text.index("</definitions>")]

    first = one("a", "", catch("c", timer("PT1H")))
    second = one("b", timer("PT30M"), catch("c", timer("PT15M")))
    for id_ in ("s", "c", "e", "s_c", "c_e"):
        second = second.replace(f'"{id_}"', f'"b_{id_}"')
    now = ("--now", "2026-11-22T12:00:00+08:00")
    words = ("run", "MODEL", "--json", "--process", "a", "--process", "b", *now)
    code, output = invoke(tmp_path, *words, model=definitions(first + second))
    ends = {e["element_id"]: e["at"][11:16] for e in json.loads(output)["trace"] if e["kind"] == "completed"}
    assert (code, ends["b_s"], ends["b_e"], ends["e"]) == (0, "12:30", "12:45", "13:00")


def test_run_begins_by_each_of_several_timer_starts_and_by_all_that_must_come_together(tmp_path: Path) -> None:
    now = ("--now", "2026-11-22T12:00:00+08:00")
    either = process(start("s", timer("PT2H")) + start("t", timer("PT1H")) + end() + flows("s>e", "t>e"))
    output = invoke(tmp_path, "run", "MODEL", "--json", *now, model=either)[1]
    begun = [(e["element_id"], e["at"][11:16]) for e in json.loads(output)["trace"] if e["element_id"] in "st"]
    assert list(dict.fromkeys(begun)) == [("t", "13:00"), ("s", "14:00")]
    both = process(start("s", timer("PT2H") + timer("PT1H"), parallelMultiple="true") + end() + flows("s>e"))
    code, output = invoke(tmp_path, "run", "MODEL", "--json", *now, model=both)
    assert (code, json.loads(output)["trace"][-1]["at"][11:16]) == (0, "15:00")


def test_run_says_that_a_timer_never_comes(tmp_path: Path) -> None:
    model = process(start("s", timer("R0/P1D", "timeCycle")) + end() + flows("s>e"))
    code, output = invoke(tmp_path, "run", "MODEL", "--json", model=model)
    assert (code, json.loads(output)["status"]) == (3, "waiting")


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


def pools(first: str, second: str) -> bytes:
    both = f'<process id="p" isExecutable="true">{first}</process><process id="q">{second}</process>'
    shared = '<message id="M" name="order"/><message id="N" name="bill"/><signal id="S" name="stop"/>'
    drawn = '<participant id="A" processRef="p"/><participant id="B" processRef="q"/>'
    return definitions(both, f'{shared}<collaboration id="both">{drawn}</collaboration>')


ASKS = start() + throw("t", message("M"), io({"n": "=3"})) + catch("c", message("N")) + end()
ASKS += flows("s>t", "t>c", "c>e")
ANSWERS = start("i", message("M")) + throw("u", message("N"), io({"sum": "=n * 2"})) + end("o") + flows("i>u", "u>o")


@pytest.mark.parametrize("swapped", [False, True])
def test_run_plays_the_pools_of_a_collaboration_together(tmp_path: Path, swapped: bool) -> None:
    model = pools(ANSWERS, ASKS) if swapped else pools(ASKS, ANSWERS)
    code, output = invoke(tmp_path, "run", "MODEL", "--json", model=model)
    found = json.loads(output)
    assert (code, found["status"], found["variables"]) == (0, "completed", {"sum": 6})
    assert [one["status"] for one in found["instances"]] == ["completed", "completed"]
    assert {entry["instance"] for entry in found["trace"]} == {1, 2}


def test_run_begins_each_process_that_is_named(tmp_path: Path) -> None:
    waits = start("i") + catch("w", signal("S")) + end("o") + flows("i>w", "w>o")
    model = pools(start() + throw("t", signal("S")) + end() + flows("s>t", "t>e"), waits)
    code, output = invoke(tmp_path, "run", "MODEL", "--json", "--process", "q", "--process", "p", model=model)
    assert (code, [one["process"] for one in json.loads(output)["instances"]]) == (0, ["q", "p"])


def test_run_starts_what_begins_by_a_signal(tmp_path: Path) -> None:
    begins = start("i", signal("S")) + user("a") + end("o") + flows("i>a", "a>o")
    model = pools(start() + throw("t", signal("S")) + end() + flows("s>t", "t>e"), begins)
    code, output = invoke(tmp_path, "run", "MODEL", "--json", model=model)
    assert (code, json.loads(output)["tasks"]) == (3, ["a"])


def test_run_tells_a_start_that_waits_for_two_messages_which_one_it_met(tmp_path: Path) -> None:
    both = message("M") + message("N")
    begins = start("i", both, parallelMultiple="true") + user("a") + end("o") + flows("i>a", "a>o")
    for first, second in (("M", "N"), ("N", "M")):
        sends = start() + throw("t", message(first)) + throw("u", message(second)) + end() + flows("s>t", "t>u", "u>e")
        found = json.loads(invoke(tmp_path, "run", "MODEL", "--json", model=pools(sends, begins))[1])
        assert (found["tasks"], len(found["instances"])) == (["a"], 2)


def test_a_process_that_starts_itself_by_its_own_signal_is_stopped(tmp_path: Path) -> None:
    again = start("s", signal("S")) + throw("t", signal("S")) + end() + flows("s>t", "t>e")
    waits = start("i") + user("a") + end("o") + flows("i>a", "a>o")
    code, output = invoke(tmp_path, "run", "MODEL", "--json", "--process", "p", model=pools(again, waits))
    assert (code, json.loads(output)["status"]) == (4, "limit")
