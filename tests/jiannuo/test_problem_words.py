"""Whoever reads no English learns what is wrong with a model and what to do."""

import ast
import re
from pathlib import Path

from typer.testing import CliRunner

import bpmn
from jiannuo.bpmn_cli import app
from jiannuo.problem_rules import BPMN_RULES, DMN_RULES
from jiannuo.problem_words import words

PACKAGE = Path(bpmn.__file__).parent
RULE = re.compile(r"[a-z]+(-[a-z]+)+")
# What reports a problem: the checks' helpers, by the name that they are called by.
REPORTERS = {"problem", "Problem", "at", "_of_flow", "_refusal", "_refused"}


def reported(*folders: str) -> set[str]:
    files = [file for folder in folders for file in (PACKAGE / folder).rglob("*.py")]
    calls = (node for file in files for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call))
    return {
        given.value
        for call in calls
        if ast.unparse(call.func).rpartition(".")[2] in REPORTERS
        for given in call.args
        if isinstance(given, ast.Constant) and isinstance(given.value, str) and RULE.fullmatch(given.value)
    }


def test_every_rule_of_the_deployment_checks_has_its_chinese_sentence() -> None:
    assert len(reported("reader", "lint")) > 80
    assert reported("reader", "lint") - set(BPMN_RULES) == set()
    assert reported("dmn") - set(DMN_RULES) == set()


def test_the_refusal_of_a_tried_migration_speaks_chinese_too() -> None:
    assert words("incident-closed")[0] == "这一异常已经处理"
    assert words("never-heard-of") == ("与规则不符", "按英文提示改正")


def test_a_refused_file_is_explained_in_chinese_and_english(tmp_path: Path) -> None:
    model = tmp_path / "m.bpmn"
    model.write_text(
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p" isExecutable="true">'
        '<startEvent id="s" name="收到"/></process></definitions>',
        encoding="utf-8",
    )
    told = CliRunner().invoke(app, ["check", str(model)])
    assert told.exit_code == 1
    assert "m.bpmn: refused（不能部署）" in told.output
    assert "第1行 s「收到」：开始事件没有流出方向。连到一个元素。" in told.output
    assert "[start-outgoing] s '收到' (line 1): No sequence flow leaves the start event." in told.output
