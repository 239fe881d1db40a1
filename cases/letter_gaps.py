"""A gap in a draft, and the guard that keeps a letter with one from being issued."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from cases.tables.letters import Letter

if TYPE_CHECKING:
    # The table of guards imports this one.
    from cases.guards import Attempt, Problems

_GAP = re.compile(r"【待填写：([^】]*)】")


def gap(label: str) -> str:
    return f"【待填写：{label}】"


def gaps_in(text: str) -> tuple[str, ...]:
    """The labels of the gaps that are left, each once, in the order of the text."""
    return tuple(dict.fromkeys(_GAP.findall(text)))


async def no_gap_left(session: AsyncSession, attempt: Attempt) -> Problems:
    """签发 only what is complete: the text of the form, else the draft."""
    letter = await session.get(Letter, str(attempt.content.get("letter_id") or ""))
    text = str(attempt.content.get("body") or "").strip() or (letter.body if letter else None) or ""
    left = gaps_in(text)
    return {"body": f"文稿还有待填写的内容：{'、'.join(left)}。请填写后再签发。"} if left else {}
