"""Load per person as a workbook. Nothing that a user typed becomes a formula."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from cases.queries.load import Load
from cases.words import LEAVES

Value = str | int | float | None
COLUMNS: tuple[tuple[str, int, Callable[[Load], Value]], ...] = (
    ("人员", 20, lambda row: row.name or ("（投诉人）" if row.complainants else "（无人认领）")),
    ("单位", 40, lambda row: "、".join(row.units)),
    ("未办结", 10, lambda row: row.counts["all"]),
    ("已逾期", 10, lambda row: row.counts["late"]),
    ("今日到期", 10, lambda row: row.counts["today"]),
    ("3个工作日内到期", 16, lambda row: row.counts["soon"]),
    ("平均在办天数", 14, lambda row: round(row.age, 1) if row.age is not None else None),
    ("不在岗", 30, lambda row: away(row)),
    ("代办人", 24, lambda row: "、".join(row.stand_ins) or None),
    ("不在岗且无人代办的任务", 24, lambda row: row.counts["uncovered"]),
)


def away(row: Load) -> str | None:
    return f"{LEAVES[row.away.kind]} {row.away.since}—{row.away.until}" if row.away else None


def people_workbook(rows: Sequence[Load], printed: str) -> bytes:
    """``printed`` is the line under the title: who made the list, when, of what."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("人员任务量")
    sheet.freeze_panes = "A4"
    for index, (_, width, _) in enumerate(COLUMNS):
        sheet.column_dimensions[chr(ord("A") + index)].width = width
    sheet.append([_cell(sheet, "人员任务量", bold=True)])
    sheet.append([_cell(sheet, printed)])
    sheet.append([_cell(sheet, title, bold=True) for title, _, _ in COLUMNS])
    for row in rows:
        sheet.append([_cell(sheet, value(row)) for _, _, value in COLUMNS])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _cell(sheet: WriteOnlyWorksheet, value: Value, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        # A name that begins with = would be run by the reader's spreadsheet.
        cell.data_type = "s"
    cell.font = Font(bold=bold)
    return cell
