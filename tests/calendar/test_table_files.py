"""A table's file: two formats that say the same, and every problem at once with its line."""

from pathlib import Path

import pytest

from cases.calendar_changes.files import parse_csv, parse_yaml, read_table
from cases.calendar_changes.table import Table, TableRefused
from cases.deadlines.calendar import DayKind
from jiannuo.cli import main

EXAMPLES = sorted((Path(__file__).parents[2] / "policies" / "calendars").iterdir())
YAML = """layer: national
version: gwy-2027-1
document: 国办发明电〔2026〕7号
years: [2027]
days:
  2027-01-01: {kind: holiday, name: 元旦放假}
  2027-01-02: {kind: workday, name: 元旦调休}
"""
CSV = """# layer: national
# version: gwy-2027-1
# document: 国办发明电〔2026〕7号
# years: 2027
day,kind,name
2027-01-02,workday,元旦调休
2027-01-01,holiday,元旦放假
"""


def problems(text: str) -> list[tuple[int, str]]:
    with pytest.raises(TableRefused) as refused:
        parse_yaml(text)
    return [(one.line, one.sentence) for one in refused.value.problems]


def test_both_formats_say_the_same() -> None:
    table: Table = parse_yaml(YAML)
    assert table.content == parse_csv(CSV).content
    assert [(row.day.isoformat(), row.kind) for row in table.rows] == [
        ("2027-01-01", DayKind.HOLIDAY),
        ("2027-01-02", DayKind.WORKDAY),
    ]


def test_all_problems_are_told_at_once_with_their_lines() -> None:
    text = """layer: 全国
version: a b
years: [27]
days:
  2027-02-30: {kind: holiday, name: 春节}
  2027-01-01: {kind: off, name: 元旦}
  2027-01-02: {kind: holiday}
  2027-01-02: {kind: holiday, name: 元旦, note: x}
colour: red
"""
    lines = [line for line, _ in problems(text)]
    assert lines == sorted(lines)
    assert {1, 2, 3, 5, 6, 7, 8, 9} <= set(lines)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("- a\n- b\n", 1),
        ("layer: national\n  version: [\n", 2),
        (YAML.replace("[2027]", "2027"), 4),
        (YAML.replace("days:\n", "days: none\nwords:\n"), 5),
        (YAML.replace("2027-01-02", "2028-01-02"), 7),
        (YAML + "layer: national\n", 8),
    ],
)
def test_what_is_not_a_table_is_refused_with_a_line(text: str, line: int) -> None:
    assert line in [number for number, _ in problems(text)]


def test_every_problem_names_a_remedy() -> None:
    with pytest.raises(TableRefused) as refused:
        parse_csv("# layer: national\n2027-01-01,holiday\n2027-01-01,rest,\nx,holiday,y\n")
    assert all(problem.remedy for problem in refused.value.problems)
    assert {2, 3, 4} <= {problem.line for problem in refused.value.problems}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_can_be_read(path: Path) -> None:
    assert read_table(path).rows


def test_the_command_checks_a_file_without_servers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.csv"
    good.write_text(YAML, encoding="utf-8")
    bad.write_bytes("# layer: national\n".encode("utf-16"))
    assert main(["calendar", "check", str(good), "--json"]) == 0
    assert '"days": 2' in capsys.readouterr().out
    for path in (bad, tmp_path / "none.yaml"):
        assert main(["calendar", "check", str(path)]) == 1
        assert "第1行" in capsys.readouterr().err
