"""Notices: complete texts in both languages, nothing personal in a subject, one digest per person and day."""

from __future__ import annotations

from datetime import date

import pytest

from notifications.digest import Waiting, daily_digests
from notifications.errors import MissingNoticeFact, UnknownNoticeKind
from notifications.kinds import NOTICE_KINDS
from notifications.notice import needed_facts, write_notice

DAY = date(2026, 9, 23)
KINDS = [kind.id for kind in NOTICE_KINDS]


def facts_of(kind: str) -> dict[str, str]:
    return {name: "YL-2026-000107" if name == "case_no" else f"<{name}>" for name in needed_facts(kind)}


def waiting(key: str, recipient: str, kind: str = "reminder") -> Waiting:
    return Waiting(key, recipient, write_notice(kind, facts_of(kind)))


def test_no_kind_stands_twice() -> None:
    assert len(set(KINDS)) == len(KINDS)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_notice_says_all_its_facts(kind: str, language: str) -> None:
    facts = facts_of(kind)
    body = write_notice(kind, facts, language).body  # type: ignore[arg-type]
    assert all(value in body for value in facts.values())


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_say_the_same_facts(kind: str) -> None:
    assert needed_facts(kind, "zh") == needed_facts(kind, "en")


@pytest.mark.parametrize("kind", KINDS)
def test_a_subject_holds_the_title_and_the_case_number_only(kind: str) -> None:
    assert "<" not in write_notice(kind, facts_of(kind)).subject


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_fact_is_named(kind: str) -> None:
    for name in needed_facts(kind):
        with pytest.raises(MissingNoticeFact, match=name):
            write_notice(kind, facts_of(kind) | {name: " "})


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UnknownNoticeKind, match="greeting"):
        write_notice("greeting", {})


def test_braces_in_a_fact_are_text() -> None:
    assert "{case_no}" in write_notice("joint_result", {"case_no": "YL-1", "result": "{case_no}"}).body


def test_one_person_gets_one_digest_a_day() -> None:
    items = [waiting("a", "zhang"), waiting("b", "li"), waiting("c", "zhang")]
    digests = {plan.recipient: plan for plan in daily_digests(items, DAY)}
    assert set(digests) == {"zhang", "li"}
    assert digests["zhang"].covers == ("a", "c")
    assert digests["zhang"].notice.subject == "今日事项"
    assert "2026年9月23日共2项" in digests["zhang"].notice.body


def test_a_single_item_is_sent_as_itself() -> None:
    (plan,) = daily_digests([waiting("b", "li")], DAY)
    assert plan.notice.kind == "reminder"


def test_what_cannot_wait_is_in_no_digest() -> None:
    items = [waiting("a", "zhang"), waiting("x", "zhang", "overdue_assignee")]
    assert [plan.covers for plan in daily_digests(items, DAY)] == [("a",)]


def test_a_second_run_on_the_same_day_sends_nothing_more() -> None:
    (plan,) = daily_digests([waiting("a", "zhang"), waiting("b", "zhang")], DAY)
    later = [waiting("c", "zhang")]
    assert daily_digests(later, DAY, frozenset({plan.key})) == []
    assert daily_digests(later, date(2026, 9, 24), frozenset({plan.key}))[0].covers == ("c",)
