"""Messages between processes, and who waits for one, as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from cases.deadlines.zone import SHANGHAI
from cases.engine_words import MESSAGE_KINDS, MESSAGE_STATUSES
from cases.queries.messages import CatchRow, MessageRow
from cases.workbook_xlsx import Value, written


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if at else None


MESSAGES: tuple[tuple[str, int, Callable[[MessageRow], Value]], ...] = (
    ("编号", 22, lambda row: row.id),
    ("种类", 8, lambda row: MESSAGE_KINDS[row.kind]),
    ("名称", 26, lambda row: row.name),
    ("关联键", 30, lambda row: row.key),
    ("状态", 12, lambda row: MESSAGE_STATUSES[row.status]),
    ("发出流程", 30, lambda row: row.instance_id or row.sender),
    ("发出案件", 20, lambda row: row.case_no),
    ("起始时间", 18, lambda row: _moment(row.since)),
    ("保留到", 18, lambda row: _moment(row.until)),
    ("了结时间", 18, lambda row: _moment(row.settled_at)),
    ("变量名", 30, lambda row: "、".join(row.variables)),
    ("送往流程", 30, lambda row: row.to_instance),
    ("送往案件", 20, lambda row: row.to_case_no),
    ("最近一次送达", 18, lambda row: _moment(row.tried_at)),
    ("已送次数", 10, lambda row: row.tries),
)
CATCHES: tuple[tuple[str, int, Callable[[CatchRow], Value]], ...] = (
    ("种类", 8, lambda row: MESSAGE_KINDS[row.kind]),
    ("名称", 26, lambda row: row.name),
    ("关联键", 30, lambda row: row.key),
    ("等待的流程", 30, lambda row: row.instance_id),
    ("案件", 20, lambda row: row.case_no),
    ("环节", 30, lambda row: row.element_name or row.element),
    ("起始时间", 18, lambda row: _moment(row.since)),
)


def messages_workbook(rows: Sequence[MessageRow], printed: str) -> bytes:
    return written("消息", "流程间的消息", printed, MESSAGES, rows)


def catches_workbook(rows: Sequence[CatchRow], printed: str) -> bytes:
    return written("等待", "等待消息或信号的流程", printed, CATCHES, rows)
