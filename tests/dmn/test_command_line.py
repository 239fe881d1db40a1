"""`jiannuo feel` and `jiannuo dmn run`."""

import json
from pathlib import Path

from typer.testing import CliRunner

from jiannuo.dmn_cli import app as dmn
from jiannuo.feel_cli import app as feel
from tests.dmn.models import decision, input_data, model, table, text

RUN = CliRunner()


def test_feel_prints_the_value_of_an_expression() -> None:
    shown = RUN.invoke(feel, ["=amount of claim * 2", "--context", '{"amount of claim": 21}'])
    assert (shown.exit_code, shown.stdout) == (0, "42\n")


def test_feel_prints_json_with_warnings() -> None:
    shown = RUN.invoke(feel, ["[1, x]", "--json"])
    assert json.loads(shown.stdout) == {"value": [1, None], "warnings": ["There is no variable 'x'."]}


def test_feel_applies_unary_tests_and_takes_the_instant() -> None:
    assert RUN.invoke(feel, ["< 5", "--unary", "4"]).stdout == "true\n"
    assert RUN.invoke(feel, ["today()", "--now", "2026-09-18T23:30:00Z"]).stdout == "2026-09-19\n"


def test_feel_says_what_is_wrong_and_fails() -> None:
    for arguments, message in (
        (["1 +"], "FEEL line 1, column 4"),
        (["1", "--context", "[]"], "takes a JSON object"),
        (["1", "--context", "{"], "is no JSON"),
        (["1", "--now", "soon"], "ISO 8601"),
        (["for i in 1..99999999 return i"], "was stopped"),
    ):
        failed = RUN.invoke(feel, arguments)
        assert failed.exit_code == 1
        assert message in failed.output


def test_dmn_runs_a_decision(tmp_path: Path) -> None:
    rules = [["< 10", '"low"'], ["-", '"high"']]
    file = tmp_path / "level.dmn"
    file.write_bytes(
        model(input_data("i", "days"), decision("d", table("FIRST", ["days"], ["o"], rules), "i", name="level"))
    )
    shown = RUN.invoke(dmn, ["run", str(file), "--decision", "level", "--input", '{"days": 3}', "--json"])
    assert json.loads(shown.stdout) == {"value": "low", "warnings": [], "matched_rules": [1]}


def test_dmn_tells_a_broken_part_from_a_broken_run(tmp_path: Path) -> None:
    file = tmp_path / "m.dmn"
    file.write_bytes(model(decision("a", text("1 +")), decision("b", text("2"))))
    assert RUN.invoke(dmn, ["run", str(file), "--decision", "b"]).stdout.splitlines()[0] == "2"
    strict = RUN.invoke(dmn, ["run", str(file), "--decision", "b", "--strict"])
    assert strict.exit_code == 1
    assert "feel-syntax" in strict.output
    unknown = RUN.invoke(dmn, ["run", str(file), "--decision", "z"])
    assert unknown.exit_code == 1
    assert "no decision or decision service 'z'" in unknown.output
    missing = RUN.invoke(dmn, ["run", str(tmp_path / "none.dmn"), "--decision", "z"])
    assert missing.exit_code == 1
    assert "cannot be read" in missing.output


def test_dmn_runs_a_decision_of_files_that_import_each_other(tmp_path: Path) -> None:
    merge = '<import name="{0}" namespace="urn:{0}" importType="DMN"/>'
    one, two = tmp_path / "one.dmn", tmp_path / "two.dmn"
    one.write_bytes(model(merge.format("two"), decision("d", text("two.b + 1"), "urn:two#b"), namespace="urn:one"))
    two.write_bytes(model(merge.format("one"), decision("b", text("1")), namespace="urn:two"))
    shown = RUN.invoke(dmn, ["run", str(one), "--import", str(two), "--decision", "d", "--strict"])
    assert (shown.exit_code, shown.stdout) == (0, "2\n")
