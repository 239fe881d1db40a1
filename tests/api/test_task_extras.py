"""What a task carries besides its form: a priority with a reason, and notes that stay inside."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from cases.intake import instance_id_of
from cases.people.priority import raise_for
from cases.tables.ledger import AuditEntry
from tests.api.people_site import ask, people, put, task_of
from tests.api.region_builder import BANNER_GOV, RECTIFICATION, place
from tests.api.web_site import NOW, Site

__all__ = ["people"]

async def test_priority_is_raised_with_a_reason_and_sorts_equals(site: Site, people: dict[str, int]) -> None:
    first, second = [await put(site, people, None, 2) for _ in range(2)]
    path = f"/cases/{second}/tasks/11/priority"
    assert (await ask(site, "verify", "POST", path, {"row_version": 1, "priority": 90, "reason": "急"}))[0] == 403
    status, wrong = await ask(site, "head", "POST", path, {"row_version": 1, "priority": 91, "reason": " "})
    assert (status, set(wrong["fields"])) == (422, {"priority", "reason"})  # type: ignore[index]
    given = {"row_version": 1, "priority": 90, "reason": "企业面临停产"}
    assert (await ask(site, "head", "POST", path, given))[0] == 204
    assert (await ask(site, "head", "POST", path, given))[0] == 409
    _, page = await ask(site, "verify", "GET", "/tasks?size=200")
    order = [row["case_id"] for row in page["items"] if row["case_id"] in (first, second)]  # type: ignore[index]
    assert order == [second, first]
    _, urgent = await ask(site, "verify", "GET", "/tasks?urgent=true")
    assert [row["case_id"] for row in urgent["items"]] == [second]  # type: ignore[index]
    async with site.services.transaction() as session:
        raised = await raise_for(
            session, instance_id_of(first), first, f"verifying_dept@{BANNER_GOV}", "overdue_3", NOW
        )
        untouched = await raise_for(
            session, instance_id_of(second), second, f"verifying_dept@{BANNER_GOV}", "overdue_3", NOW
        )
    assert (raised, untouched) == ([11], [])
    assert (await task_of(site, first)).priority == 70


async def test_notes_on_a_task_stay_inside(site: Site, people: dict[str, int]) -> None:
    async with site.services.transaction() as session:
        receipt, case = await place(session, site.services.vault, RECTIFICATION, NOW - timedelta(days=4), NOW)
    path = f"/cases/{case}/tasks/11/notes"
    assert (await ask(site, "verify", "POST", path, {"body": "内部：先核对付款凭证"}))[0] == 201
    assert (await ask(site, "verify", "POST", path, {"body": "  "}))[0] == 422
    assert (await ask(site, "respondent", "POST", path, {"body": "x"}))[0] == 403
    assert (await ask(site, "respondent", "GET", path))[0] == 403
    _, notes = await ask(site, "head", "GET", path)
    assert [(note["author"], note["body"]) for note in notes] == [("核实 乌兰", "内部：先核对付款凭证")]  # type: ignore[attr-defined,union-attr]
    for login, seen in (("verify", True), ("respondent", False)):
        browser = await site.signed_in(login)
        for address in (f"/cases/{case}", f"/cases/{case}/tasks/11"):
            assert ("先核对付款凭证" in (await browser.get(address)).text) is seen, (login, address)
    visitor = site.browser()
    await visitor.get("/follow")
    await visitor.post("/follow", {"case_no": receipt.case_no, "code": receipt.access_code or ""})
    followed = await visitor.get("/follow/case")
    assert (followed.status_code, "先核对付款凭证" in followed.text) == (200, False)
    async with site.services.transaction() as session:
        acts = await session.scalars(select(AuditEntry.act).where(AuditEntry.complaint_id == case))
        assert list(acts).count("task_note") == 1
