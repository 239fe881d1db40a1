"""The ledger (台账) as a workbook. Nothing that a user typed becomes a formula."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from cases.deadlines.zone import SHANGHAI
from cases.policy.loader import load
from cases.queries.ledger import LedgerRow
from cases.words import STAGES, STATUSES

Value = str | float | None
Row = TypeVar("Row")
COLUMNS: tuple[tuple[str, int, Callable[[LedgerRow], Value]], ...] = (
    ("投诉编号", 20, lambda row: row.complaint.case_no),
    ("收到时间", 18, lambda row: row.complaint.received_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")),
    ("渠道", 26, lambda row: load(row.complaint.pack).channel(row.complaint.channel).title),
    ("投诉人(代称)", 18, lambda row: row.complaint.complainant_alias),
    ("被投诉主体", 30, lambda row: row.respondent),
    ("地区", 20, lambda row: row.region),
    ("领域", 14, lambda row: domain_title(row.complaint.pack, row.complaint.domain)),
    ("标题", 40, lambda row: row.complaint.title),
    ("合同编号", 22, lambda row: row.complaint.contract_no),
    ("争议金额(元)", 16, lambda row: amount(row)),
    ("核实认定部门", 30, lambda row: row.verifying),
    ("环节", 14, lambda row: STAGES.get(row.complaint.stage, row.complaint.stage)),
    ("状态", 16, lambda row: STATUSES.get(row.complaint.status, row.complaint.status)),
    ("最近到期日", 14, lambda row: row.due.isoformat() if row.due and row.light != "none" else None),
    ("暂定日期", 10, lambda row: "是" if row.provisional else None),
)


def domain_title(pack: str, code: str) -> str:
    found = load(pack).domains.get(code)
    return found.value if found else code


def amount(row: LedgerRow) -> float | None:
    value = row.complaint.disputed_amount_cny
    return None if value is None else float(value)


def workbook(rows: Sequence[LedgerRow], printed: str) -> bytes:
    """``printed`` is the line under the title: who made the list, when, of what."""
    return written("台账", "政府违约失信投诉办理台账", printed, COLUMNS, rows)


def written(
    sheet_name: str,
    title: str,
    printed: str,
    columns: Sequence[tuple[str, int, Callable[[Row], Value]]],
    rows: Sequence[Row],
) -> bytes:
    """One sheet: a title, the line ``printed``, the headings, then a line a row."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_name)
    sheet.freeze_panes = "A4"
    for index, (_, width, _) in enumerate(columns):
        sheet.column_dimensions[chr(ord("A") + index)].width = width
    sheet.append([_cell(sheet, title, bold=True)])
    sheet.append([_cell(sheet, printed)])
    sheet.append([_cell(sheet, heading, bold=True, fill="D9E2EC") for heading, _, _ in columns])
    for row in rows:
        sheet.append([_cell(sheet, value(row)) for _, _, value in columns])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _cell(sheet: WriteOnlyWorksheet, value: Value, *, bold: bool = False, fill: str | None = None) -> Any:
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        # A title that begins with = would be run by the reader's spreadsheet.
        cell.data_type = "s"
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(vertical="top", wrap_text=not bold)
    if fill:
        cell.fill = PatternFill("solid", fgColor=fill)
    return cell
