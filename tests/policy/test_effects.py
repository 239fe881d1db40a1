"""Nothing in a policy is a claim without effect: every effect does something, every kind of notice is sent."""

import re
from typing import get_args

import pytest

from activities import answer_jobs, letter_notices, notify_jobs, notify_wording, order_jobs
from cases import message_reminders, standing_still, undelivered
from cases.calendar_changes import missing, readers
from cases.policy.ladders import Effect
from cases.policy.loader import POLICIES, available, load
from jiannuo import courier_digest
from notifications.kinds import NOTICE_KINDS

MODELS = POLICIES / "nmg-2023"
TELLS = re.compile(r'source=(?:\'="|"=&quot;)(\w+)(?:"\'|&quot;") target="(?:notice|told|what)"')
# Which model climbs a ladder, by which table; the ladders of parties tell people and do nothing else.
CLIMBED = {
    "handler": ("supervision", notify_jobs), "respondent": ("supervision", notify_jobs),
    "performance": ("supervision", notify_jobs), "risk": ("risk", notify_jobs), "risk_again": ("risk", notify_jobs),
    "order": ("supervision_order", order_jobs), "order_check": ("supervision_order", order_jobs),
}  # fmt: skip
# Sent by name, not by a table or a model.
BY_NAME = {
    answer_jobs.KIND, letter_notices.KIND, undelivered.KIND, missing.KIND, readers.KIND, standing_still.KIND,
    courier_digest.TASK, message_reminders.KIND, "joint_result", "digest", "report_missing", "report_no_receipt",
}  # fmt: skip


def model(name: str) -> str:
    return (MODELS / f"{name}.bpmn").read_text(encoding="utf-8")


@pytest.mark.parametrize("pack", available())
def test_every_effect_of_a_rung_is_done_by_code_or_proposed_by_the_model_that_climbs_the_ladder(pack: str) -> None:
    for name, ladder in load(pack).ladders.items():
        effects = {str(rung.value.effect) for rung in ladder.rungs.values() if rung.value.effect}
        if name not in CLIMBED:
            assert effects == set(), name
            continue
        file, jobs = CLIMBED[name]
        for effect in effects - {notify_jobs.RAISES_PRIORITY}:
            assert f'proposals = "{jobs.PROPOSALS[effect]}"' in model(file), (name, effect)


def test_the_schema_knows_no_effect_that_is_not_done() -> None:
    assert set(get_args(Effect)) == {
        *notify_jobs.PROPOSALS, *order_jobs.PROPOSALS, notify_jobs.RAISES_PRIORITY
    }  # fmt: skip


def test_every_kind_of_notice_is_sent_by_somebody() -> None:
    told = {kind for file in MODELS.glob("*.bpmn") for kind in TELLS.findall(file.read_text(encoding="utf-8"))}
    of_rungs = {kind for places in notify_wording.KINDS.values() for kind in places.values()}
    kinds = {kind.id for kind in NOTICE_KINDS}
    assert kinds == of_rungs | set(order_jobs.TOLD) | (told & kinds) | BY_NAME
