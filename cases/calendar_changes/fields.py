"""The fields of a calendar table, from text with line numbers, whatever the file's format. All problems at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from cases.calendar_changes.table import FIRST_YEAR, LAST_YEAR, Table, TableProblem, TableRefused
from cases.calendars import NATIONAL
from cases.deadlines.calendar import DayKind, DayRow

KEYS = ("layer", "version", "document", "years")
_LABEL = {"layer": "层级", "version": "版本", "document": "文号", "years": "年度"}
_EXAMPLE = {"layer": "national（全国）", "document": "国办发明电〔2026〕7号", "years": "2027", "version": "gwy-2027-1"}
# As an official writes it; the file's own words are taken too.
KINDS = {"休": "holiday", "放假": "holiday", "班": "workday", "上班": "workday", "补班": "workday"}
_REGION = re.compile(r"\d{6}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_PACK = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class DayCells:
    day: Cell
    kind: Cell
    name: Cell


@dataclass
class Problems:
    found: list[TableProblem] = field(default_factory=list)

    def add(self, line: int, sentence: str, remedy: str) -> None:
        self.found.append(TableProblem(line, sentence, remedy))


def table_of(head: Mapping[str, Cell], years: Iterable[Cell], days: Iterable[DayCells], problems: Problems) -> Table:
    """Raises TableRefused. ``problems`` holds what the format itself got wrong already."""
    for key in KEYS:
        if key not in head or not head[key].text.strip():
            remedy = f"请填写{_LABEL[key]}，例如 {_EXAMPLE[key]}（文件中写在 {key}: 之后）。"
            problems.add(head[key].line if key in head else 1, f"缺少{_LABEL[key]}。", remedy)
    layer, version = _text(head, "layer"), _text(head, "version")
    if layer and layer != NATIONAL and not _REGION.fullmatch(layer) and not _PACK.fullmatch(layer):
        remedy = "请写 national（全国）、政策包名称，或六位行政区划代码，例如 150000。"
        problems.add(head["layer"].line, f"层级“{layer}”无法识别。", remedy)
    # The version becomes part of the calendar's name, in which "+" joins the layers.
    if version and not _VERSION.fullmatch(version):
        remedy = "请只用字母、数字、点、横线和下划线，例如 gwy-2027-1。"
        problems.add(head["version"].line, f"版本“{version}”无法使用。", remedy)
    covered = _years(years, problems)
    rows = _rows(days, covered, problems)
    if problems.found:
        raise TableRefused(problems.found)
    return Table(layer, version, _text(head, "document"), tuple(sorted(covered)), tuple(rows))


def _text(head: Mapping[str, Cell], key: str) -> str:
    return head[key].text.strip() if key in head else ""


def _years(cells: Iterable[Cell], problems: Problems) -> set[int]:
    years: set[int] = set()
    for cell in cells:
        text = cell.text.strip()
        if not text.isdecimal() or not FIRST_YEAR <= int(text) <= LAST_YEAR:
            sentence = f"年度“{text}”不是{FIRST_YEAR}至{LAST_YEAR}之间的年份。"
            problems.add(cell.line, sentence, "请写四位数字，例如 2027。")
        else:
            years.add(int(text))
    return years


def _rows(days: Iterable[DayCells], years: set[int], problems: Problems) -> list[DayRow]:
    rows: dict[date, tuple[DayRow, int]] = {}
    for cells in days:
        day, kind, name = _day(cells.day, problems), _kind(cells.kind, problems), cells.name.text.strip()
        if not name:
            problems.add(cells.name.line, "缺少节日名称。", "请写明，例如 春节放假、春节调休。")
        if day is None:
            continue
        if years and day.year not in years:
            remedy = f"请在年度（years）中加上{day.year}，或删去这一行。"
            problems.add(cells.day.line, f"{day}不在本表的年度内。", remedy)
        if day in rows:
            problems.add(cells.day.line, f"{day}已在第{rows[day][1]}行列出。", "每日只保留一行。")
        elif kind is not None:
            rows[day] = (DayRow(day, kind, name), cells.day.line)
    return [row for row, _ in rows.values()]


def _day(cell: Cell, problems: Problems) -> date | None:
    try:
        return date.fromisoformat(cell.text.strip())
    except ValueError:
        problems.add(cell.line, f"“{cell.text}”不是日期。", "请写作 2027-01-01。")
        return None


def _kind(cell: Cell, problems: Problems) -> DayKind | None:
    try:
        return DayKind(KINDS.get(cell.text.strip(), cell.text.strip()))
    except ValueError:
        problems.add(cell.line, f"“{cell.text}”不是休或班。", "放假写“休”（holiday），调休上班写“班”（workday）。")
        return None
