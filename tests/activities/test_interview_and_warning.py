"""What the letters of a breach risk say where the organ wrote nothing, and where it gave a day and no hour."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import cast

import pytest

from activities.letter_facts_file import CaseFile
from activities.letter_facts_orders import meeting
from activities.letter_facts_risk import UNEXPLAINED, UNHEEDED, warned
from api.form_fields import fields
from cases.policy.loader import POLICIES
from notifications.letters.context import _meeting_time


def file(letters: list[tuple[str, str | None]], **said: str) -> CaseFile:
    rows = tuple(SimpleNamespace(kind=kind, number=number) for kind, number in letters)
    return cast(CaseFile, SimpleNamespace(letters=rows, words=lambda act, *keys: next(
        (said[key] for key in keys if said.get(key)), None)))  # fmt: skip


@pytest.mark.parametrize(
    ("letters", "why"),
    [
        ([("提醒函", "纪信〔2026〕1号")], UNHEEDED),
        # Declined, or still a draft: the warning speaks of no reminder that nobody got.
        ([], UNEXPLAINED),
        ([("提醒函", None)], UNEXPLAINED),
    ],
)
def test_a_warning_speaks_of_a_reminder_only_if_one_was_issued(letters: list[tuple[str, str | None]], why: str) -> None:
    assert warned(file(letters))[1] == why
    assert warned(file(letters, words="付清；报告")) == ("付清", "报告")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("2026-03-30T09:30", "2026年3月30日9时30分"),
        ("2026-03-30T01:30:00+00:00", "2026年3月30日9时30分"),
        ("2026-03-30", "2026年3月30日，具体时间另行通知"),
        ("", "由我单位另行通知"),
    ],
)
def test_an_interview_names_the_hour_that_was_given_and_no_other(given: str, said: str) -> None:
    assert _meeting_time(meeting(file([], meeting_at=given)).at) == said


@pytest.mark.parametrize("name", ["interview", "order_interview", "risk_interview"])
def test_the_page_asks_for_the_day_and_the_hour(name: str) -> None:
    form = json.loads((POLICIES / "nmg-2023" / "forms" / f"{name}.form").read_text(encoding="utf-8"))
    assert {field.key: field.type for field in fields(form, ["interview"])}["meeting_at"] == "moment"
