"""Who refuses, dismisses, sends back or withdraws says why: no form lets such an act go without a reason."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cases.forms import check, components
from cases.policy.loader import POLICIES
from cases.words import ACTS

MODELS = POLICIES / "nmg-2023"
REFUSING = re.compile(r"^(dismiss|decline|refuse|return|reject|withdraw|insist|leave|dispute|not|send_back)(_|$)")
ACTS_AND_FORM = re.compile(r'formDefinition formId="(\w+)".*?jiannuo:acts" value="([^"]+)"')
OPEN_ACT = re.compile(r'jiannuo:acts" value="([^"]+)"')
# Act: the field that is its reason. A refusal to rectify is recorded with its kind, which decides the ground (R11).
REASONS = {
    "reject": "reason", "send_back": "reason", "return_referral": "reason", "insist_referral": "reason",
    "decline_extension": "reason", "reject_rectification": "reason", "dispute_rectification": "words",
    "refuse": "kind", "not_determine": "reason", "reject_performance": "reason", "refuse_repair": "reason",
    "withdraw": "reason", "continue_case": "reason", "decline_escalation": "reason", "withdraw_escalation": "reason",
    "dismiss_urge": "reason", "dismiss_order": "reason", "leave_platform": "reason", "return_reply": "reason",
    "withdraw_order": "reason", "dismiss_interview": "reason", "dismiss_raise_order": "reason",
    "dismiss_risk": "reason", "dismiss_reminder": "reason", "dismiss_warning": "reason",
    "find_no_retaliation": "reason",
}  # fmt: skip

# 不服认定: who appeals asks for something; the reasons may follow within the time for the appeal.
ASKING = {"appeal"}


def form(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((MODELS / "forms" / f"{name}.form").read_text(encoding="utf-8"))
    return found


def offered() -> set[tuple[str, str]]:
    """Act and form, as the models offer them; an open act's form has its name."""
    found: set[tuple[str, str]] = set()
    for file in MODELS.glob("*.bpmn"):
        for line in file.read_text(encoding="utf-8").splitlines():
            tasks = ACTS_AND_FORM.findall(line)
            found |= {(act, name) for name, acts in tasks for act in acts.split()}
            if not tasks:
                found |= {(act, act) for acts in OPEN_ACT.findall(line) for act in acts.split()}
    return found


def is_refusal(act: str) -> bool:
    return bool(REFUSING.match(act)) or (act not in ASKING and ACTS[act].startswith(("不", "未", "退", "拒")))


def test_the_table_knows_every_refusal_that_a_model_offers() -> None:
    assert {act for act, _ in offered() if is_refusal(act)} <= set(REASONS)
    assert set(REASONS) <= {act for act, _ in offered()}


@pytest.mark.parametrize(("act", "name"), sorted(pair for pair in offered() if pair[0] in REASONS))
@pytest.mark.parametrize("blank", [None, "", "   "])
def test_a_refusal_without_its_reason_is_refused(act: str, name: str, blank: str | None) -> None:
    field = next(item for item in components(form(name), act) if item["key"] == REASONS[act])
    assert check(form(name), act, {field["key"]: blank}).problems[field["key"]] == f"请填写“{field['label']}”。"


@pytest.mark.parametrize("path", sorted((MODELS / "forms").glob("*.form")), ids=lambda path: path.stem)
def test_no_form_that_a_model_does_not_use_is_laxer(path: Path) -> None:
    """A form of a single act stands ready for models of other places."""
    for act in {path.stem} & set(REASONS):
        assert REASONS[act] in check(form(path.stem), act, {}).problems
