"""A notice in words: title and text of its kind, filled with facts."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from notifications.errors import MissingNoticeFact
from notifications.kinds import notice_kind

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Notice:
    """``subject`` may be shown on a locked screen: title and case number, nothing else."""

    kind: str
    subject: str
    body: str = field(repr=False)


def needed_facts(kind_id: str, language: Language = "zh") -> frozenset[str]:
    """The facts that ``kind_id`` must be given. Raises UnknownNoticeKind."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(_text(kind_id, language)) if name)


def write_notice(kind_id: str, facts: Mapping[str, str], language: Language = "zh") -> Notice:
    """Raises UnknownNoticeKind or MissingNoticeFact."""
    kind = notice_kind(kind_id)
    for name in sorted(needed_facts(kind_id, language)):
        if not facts.get(name, "").strip():
            raise MissingNoticeFact(f"通知“{kind.title_zh}”缺少“{name}”，请补充后再发送。")
    title = kind.title_zh if language == "zh" else kind.title_en
    number = facts.get("case_no")
    separator = "：" if language == "zh" else ": "
    subject = f"{title}{separator}{number}" if number else title
    return Notice(kind_id, subject, _text(kind_id, language).format_map(facts))


def _text(kind_id: str, language: Language) -> str:
    kind = notice_kind(kind_id)
    return kind.text_zh if language == "zh" else kind.text_en
