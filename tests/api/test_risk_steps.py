"""What was done about a breach risk: shown to who watches or decides, in words, without the complainant's name."""

from __future__ import annotations

import json
from datetime import timedelta

from cases.access import Actor, Duty
from cases.deadlines.internal import INTERNAL_ACTS
from cases.policy.loader import POLICIES
from cases.queries.risk_steps import FIELDS, concerns
from cases.tables.worklist import Submission, Task
from cases.words import RISK_KINDS, RISK_SUBJECTS
from tests.api.region_builder import BANNER_GOV, FIRM_NAME, RECTIFICATION, place
from tests.api.web_site import NOW, Site

FORMS = POLICIES / "nmg-2023" / "forms"


async def raised(site: Site) -> str:
    async with site.services.transaction() as session:
        _, case = await place(session, site.services.vault, RECTIFICATION, NOW - timedelta(days=20), NOW)
        rows: list[tuple[str, dict[str, str]]] = [
            ("raise_risk", {"subject": "post", "post": "项目岗", "kind": "arrears", "reason": f"拖欠{FIRM_NAME}货款"}),
            ("dismiss_warning", {"reason": "已有付款计划"}),
            ("interview", {"reason": "督办中的约谈", "meeting_at": "2026-09-18T09:00"}),
        ]
        for number, (act, form) in enumerate(rows):
            session.add(
                Submission(
                    id=f"{case}:{act}", instance_id=f"complaint:{case}", act=act, role="discipline", unit=BANNER_GOV,
                    form=form, event="", occurred_at=NOW - timedelta(days=3 - number), recorded_at=NOW, status="done",
                )
            )  # fmt: skip
    return case


async def test_who_watches_reads_the_steps_and_a_party_does_not(site: Site) -> None:
    case = await raised(site)
    page = (await (await site.signed_in("supervisor")).get(f"/cases/{case}")).text
    risk = page.partition('id="risk"')[2].partition("</section>")[0]
    assert risk.index("不警示") < risk.index("发现失信风险")
    assert all(text in risk for text in ("工作人员所任岗位", "项目岗", "恶意拖欠工程款和农民工工资", "已有付款计划"))
    # The interview of a supervision is no step of the risk, and an overseer is not told who complained.
    assert "督办中的约谈" not in risk
    assert FIRM_NAME not in page
    assert "拖欠" in risk
    assert 'id="risk"' not in (await (await site.signed_in("respondent")).get(f"/cases/{case}")).text


def test_a_risk_concerns_the_units_whose_people_may_decide_about_it() -> None:
    task = Task(acts=["end_risk"], candidates=["credit_lead_dept@LEAD", "discipline@DIS"])
    other = Task(acts=["verify"], candidates=["discipline@OTHER"])
    organ, stranger = (Actor("x", 1, (Duty("head", unit, "150000"),)) for unit in ("DIS", "OTHER"))
    assert concerns(organ, [task, other])
    assert not concerns(stranger, [task, other])


def test_the_words_are_those_of_the_forms() -> None:
    form = json.loads((FORMS / "raise_risk.form").read_text(encoding="utf-8"))
    offered = {
        item["key"]: {option["value"]: option["label"] for option in item["values"]}
        for item in form["components"]
        if item.get("values")
    }
    assert (offered["subject"], offered["kind"]) == (RISK_SUBJECTS, RISK_KINDS)
    names = ("raise_risk", "risk", "risk_reminder", "risk_warning", "risk_interview", "end_risk")
    keys = {
        item["key"]
        for name in names
        for item in json.loads((FORMS / f"{name}.form").read_text(encoding="utf-8"))["components"]
    }
    assert keys - {"act"} == set(FIELDS)
    assert "raise_risk" in INTERNAL_ACTS
