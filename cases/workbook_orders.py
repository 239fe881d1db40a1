"""督办台账 as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cases.deadlines.zone import SHANGHAI
from cases.orders.states import KINDS, STATES
from cases.queries.orders import OrderRow
from cases.workbook_xlsx import Value, written

COLUMNS: tuple[tuple[str, int, Callable[[OrderRow], Value]], ...] = (
    ("督办件编号", 18, lambda row: row.order.number),
    ("方式", 10, lambda row: KINDS.get(row.order.kind, row.order.kind)),
    ("文号", 24, lambda row: row.letter_no),
    ("发出单位", 28, lambda row: row.issuer),
    ("被督办单位", 28, lambda row: row.addressee),
    ("涉及案件", 20, lambda row: row.case_no),
    ("案件数", 8, lambda row: row.cases),
    ("督办事由", 40, lambda row: row.order.reason),
    ("督办要求", 40, lambda row: row.order.demand),
    ("登记时间", 18, lambda row: row.order.opened_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")),
    ("状态", 12, lambda row: STATES.get(row.order.state, row.order.state)),
    ("到期日", 14, lambda row: row.due.isoformat() if row.due and row.light != "none" else None),
    ("暂定日期", 10, lambda row: "是" if row.provisional else None),
    ("退回次数", 10, lambda row: row.order.returns),
    ("历时(日历日)", 12, lambda row: row.open_days),
    ("历时(工作日)", 12, lambda row: row.open_working_days),
    ("结束时间", 18, lambda row: row.order.ended_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
     if row.order.ended_at else None),
)  # fmt: skip


def workbook(rows: Sequence[OrderRow], printed: str) -> bytes:
    return written("督办台账", "政府违约失信投诉督办台账", printed, COLUMNS, rows)
