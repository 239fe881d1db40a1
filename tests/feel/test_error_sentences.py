"""What is wrong with an expression, for people who read no English."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bpmn.feel
from jiannuo.feel_cli import app
from jiannuo.feel_sentences import sentence
from tests.feel.evaluating import result

FEEL = Path(next(iter(bpmn.feel.__path__)))


def messages() -> Iterator[str]:
    """Every text that the parser raises, with `'x'` for what it fills in."""
    for file in sorted(FEEL.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                text = _text(node.args[0])
                if node.func.attr == "error" and text:
                    yield text
                if node.func.attr in ("expect", "expect_word") and len(node.args) == 2:
                    yield f"Expected 'x' {_text(node.args[1])}, found 'x'."


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    parts = node.values if isinstance(node, ast.JoinedStr) else []
    return "".join(str(part.value) if isinstance(part, ast.Constant) else _filled(part) for part in parts)


def _filled(part: ast.expr) -> str:
    name = ast.unparse(part)
    known = {"{_MAX_TEXT}": "9", "{_MAX_NESTING}": "9", "{name}": "x", "{purpose}": "x", "{expected}": "a key and ':'"}
    return known.get(name, "the end of the expression" if "found()" in name else "x")


@pytest.mark.parametrize("message", sorted(set(messages())))
def test_every_message_of_the_parser_has_a_chinese_sentence(message: str) -> None:
    said = sentence(message)
    assert re.search("[一-龥]", said)
    assert not re.search("[A-Z][a-z]+ [a-z]+|found|expected", said)


def test_the_place_is_marked_below_the_line_in_columns_of_the_screen() -> None:
    shown = CliRunner().invoke(app, ["1 +\n金额 + * 2"])
    assert shown.exit_code == 1
    assert shown.output.splitlines() == [
        "表达式第 2 行第 6 列:此处应为一个值,却是「*」。",
        "金额 + * 2",
        "       ^",
        "FEEL line 2, column 6: Expected a value, found '*'.",
    ]


def test_chinese_punctuation_is_pointed_out() -> None:
    assert "FEEL 中应写 \" 而不是 “。" in CliRunner().invoke(app, ["“高”"]).output
    assert "FEEL 中应写 , 而不是 ，。" in CliRunner().invoke(app, ["[1，2]"]).output
    assert result("金额＞10000").warnings == ("There is no variable '金额＞10000'. FEEL writes > for ＞.",)
    assert result("金额（元） > 1", {"金额（元）": 2}).value is True
