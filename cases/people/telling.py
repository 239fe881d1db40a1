"""Notices to a person about the work that others gave or took: in the inbox, by mail where there is an address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from cases.notices import Reader, Written, put
from cases.tables.organisations import Account

# Kind of notice → subject, text. Names are said to the reader only; ``facts`` of the row hold ids.
TEXTS: Mapping[str, tuple[str, str]] = {
    "stand_in_named": (
        "委托办理",
        "{name}委托您自{since}至{until}代为办理：{scope}。事由：{reason}。"
        "代办的任务在待办中标有“代 {name}”。",
    ),
    "stand_in_ended": ("委托终止", "{name}对您的委托（{since}至{until}）已终止：{reason}。"),
    "task_urged": ("催办", "催办：投诉{case_no}的“{task}”{due}。{words}"),
    "task_given": ("转入任务", "投诉{case_no}的“{task}”已转由您办理。理由：{reason}。"),
    "recusal_decided": ("回避决定", "您已回避投诉{case_no}，名下的任务已退回单位待办。"),
}  # fmt: skip


async def tell(
    session: AsyncSession, key: str, account: Account, kind: str, at: datetime, case_id: str | None = None,
    **words: str,
) -> None:  # fmt: skip
    """The same ``key`` again tells nobody twice."""
    title, text = TEXTS[kind]
    case_no = words.get("case_no")
    subject = f"{title}：{case_no}" if case_no else title
    written = Written(kind, subject, text.format(**words), {"case_no": case_no} if case_no else {})
    await put(session, key, case_id, Reader(account.id, bool(account.email)), written, at)
