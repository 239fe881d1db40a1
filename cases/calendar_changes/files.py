"""Reading a calendar table from a file: YAML, or CSV with its head in comment lines."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from cases.calendar_changes.fields import KEYS, Cell, DayCells, Problems, table_of
from cases.calendar_changes.table import Table, TableProblem, TableRefused

MAX_CHARACTERS = 200_000
_DAY_KEYS = ("kind", "name")


def read_table(path: Path) -> Table:
    """By its suffix: .csv is CSV, anything else YAML. Raises TableRefused with every problem."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _refused(f"文件无法读取（{error.strerror}）。", "请检查路径和权限。") from None
    except UnicodeDecodeError:
        raise _refused("文件不是 UTF-8 编码。", "请另存为 UTF-8 后再导入。") from None
    return parse_csv(text) if path.suffix.lower() == ".csv" else parse_yaml(text)


def parse_csv(text: str) -> Table:
    """``# layer: national`` and so on, then ``day,kind,name`` a line. Raises TableRefused."""
    _require_size(text)
    head: dict[str, Cell] = {}
    days: list[DayCells] = []
    problems = Problems()
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#"):
            key, colon, value = line.lstrip("# \t").partition(":")
            if colon and key.strip() in KEYS:
                head[key.strip()] = Cell(value.strip(), number)
        elif line.strip() and [cell.strip() for cell in line.split(",")] != ["day", "kind", "name"]:
            cells = next(csv.reader([line]))
            if len(cells) != 3:
                problems.add(number, f"这一行有{len(cells)}列。", "请写三列：day,kind,name。")
                continue
            days.append(DayCells(*(Cell(cell, number) for cell in cells)))
    listed = head.get("years")
    years = [Cell(part, listed.line) for part in listed.text.strip("[]").replace(",", " ").split()] if listed else []
    return table_of(head, years, days, problems)


def parse_yaml(text: str) -> Table:
    """Keys layer, version, document, years and days. Raises TableRefused."""
    _require_size(text)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise TableRefused([TableProblem(line, "这里不是合法的 YAML。", "请检查缩进、冒号和括号。")]) from None
    except (yaml.YAMLError, RecursionError):
        raise _refused("文件不是合法的 YAML。", "请检查有无不可见字符。") from None
    problems = Problems()
    top = dict(_entries(root, problems, (*KEYS, "days")))
    head = {key: _cell(top[key]) for key in KEYS if key in top}
    listed = top.get("years")
    years = [_cell(item) for item in listed.value] if isinstance(listed, yaml.SequenceNode) else []
    if listed is not None and not isinstance(listed, yaml.SequenceNode):
        problems.add(_line(listed), "年度应为列表。", "请写作 years: [2027]。")
    return table_of(head, years, list(_days(top.get("days"), problems)), problems)


def _days(node: yaml.Node | None, problems: Problems) -> Iterator[DayCells]:
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        remedy = "请写作 2027-01-01: {kind: holiday, name: 元旦放假}；没有写 {}。"
        problems.add(_line(node), "日期（days）应为日期到安排的对应表。", remedy)
        return
    for day, told in node.value:
        said = dict(_entries(told, problems, _DAY_KEYS))
        missing = Cell("", _line(told))
        yield DayCells(_cell(day), *(_cell(said[key]) if key in said else missing for key in _DAY_KEYS))


def _entries(node: yaml.Node | None, problems: Problems, known: tuple[str, ...]) -> Iterator[tuple[str, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        problems.add(_line(node), "这里应为“键: 值”。", f"可用的键：{'、'.join(known)}。")
        return
    seen: Mapping[str, int] = {}
    for key, value in node.value:
        name = _cell(key).text
        if name not in known:
            problems.add(_line(key), f"不认识“{name}”。", f"可用的键：{'、'.join(known)}。")
        elif name in seen:
            problems.add(_line(key), f"“{name}”已在第{seen[name]}行写过。", "只保留一处。")
        else:
            seen = {**seen, name: _line(key)}
            yield name, value


def _cell(node: yaml.Node) -> Cell:
    return Cell(str(node.value) if isinstance(node, yaml.ScalarNode) else "…", _line(node))


def _line(node: yaml.Node | None) -> int:
    return node.start_mark.line + 1 if node is not None else 1


def _require_size(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise _refused(f"文件超过{MAX_CHARACTERS}个字符。", "一份放假安排只有几十行，请确认选对了文件。")


def _refused(sentence: str, remedy: str) -> TableRefused:
    return TableRefused([TableProblem(1, sentence, remedy)])
