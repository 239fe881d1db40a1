"""The supervisor's board: every number opens the list that it counts; heat; queries kept and shared."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import update

from cases import positions
from cases.tables.positions import CasePosition
from cases.tables.worklist import Submission
from tests.api.region_builder import LEAD, RECTIFICATION, SCREENING, VERIFICATION, place
from tests.api.web_site import NOW, Site


@pytest_asyncio.fixture(autouse=True, scope="module")
async def cases(site: Site) -> list[str]:
    found = []
    async with site.services.transaction() as session:
        for where, days in ((SCREENING, 20), (VERIFICATION, 12), (VERIFICATION, 0), (RECTIFICATION, 0)):
            _, case = await place(session, site.services.vault, where, NOW - timedelta(days=days, hours=3), NOW)
            found.append(case)
        session.add(
            Submission(
                id="returned-once", instance_id=f"complaint:{found[1]}", act="return_referral", role="verifying_dept",
                unit=LEAD, form={}, event="", occurred_at=NOW - timedelta(days=3), recorded_at=NOW, status="done",
            )
        )  # fmt: skip
        await positions.refresh(session, found)
        await session.execute(update(CasePosition).where(CasePosition.id == found[3]).values(blocked=True))
    return found


def figures(page: str) -> dict[str, int]:
    found = re.findall(r'<a class="figure[^"]*" href="([^"]+)"><b>(\d+)</b>', page)
    return {href.replace("&amp;", "&"): int(number) for href, number in found}


def listed(page: str) -> int:
    return len(set(re.findall(r'<a class="no go" href="/cases/(\w+)[?"]', page)))


async def test_every_figure_of_the_board_is_the_length_of_its_list(site: Site) -> None:
    person = await site.signed_in("supervisor")
    board = (await person.get("/board")).text
    links = {href: number for href, number in figures(board).items() if href.startswith("/cases")}
    assert {"/cases?stalled=1", "/cases?blocked=1", "/cases?due=today", "/cases?due=soon"} <= set(links)
    assert links["/cases?blocked=1"] == 1
    cells = re.findall(r'<a href="(/cases\?[^"]+)">(\d+)</a>', board)
    assert any("region=" in href for href, _ in cells)
    assert any("act=return_referral" in href for href, _ in cells)
    for href, number in [*links.items(), *((href.replace("&amp;", "&"), int(number)) for href, number in cells)]:
        assert listed((await person.get(href)).text) == number, href


async def test_the_heat_map_counts_what_waits_where(site: Site) -> None:
    person = await site.signed_in("supervisor")
    data = (await person.client.get("/board/diagram.json")).json()
    assert "<bpmn:definitions" in data["xml"] or "<definitions" in data["xml"]
    by_element = {one["element_id"]: one for one in data["heat"]}
    assert by_element[VERIFICATION.element]["waiting"] == 2
    assert by_element[VERIFICATION.element]["late"] == 1
    page = (await person.get("/board/diagram")).text
    assert VERIFICATION.name in page
    found = await person.get(f"/cases?status=all_open&element={VERIFICATION.element}")
    assert listed(found.text) == 2
    late = await person.get(f"/cases?status=all_open&light=red&element={VERIFICATION.element}")
    assert listed(late.text) == 1


@pytest.mark.parametrize("path", ["/board/diagram", "/board/diagram.json"])
async def test_the_heat_map_is_for_supervisors(site: Site, path: str) -> None:
    assert (await (await site.signed_in("accept")).get(path)).status_code == 403


async def test_a_query_is_kept_shared_with_the_unit_and_dropped_by_its_owner_alone(site: Site) -> None:
    owner, colleague, stranger = [await site.signed_in(login) for login in ("accept", "accept2", "other")]
    await owner.get("/cases?stage=screening")
    given = {"name": "待受理 ", "query": "stage=screening&firm=某公司&after=x", "shared": "on"}
    kept = await owner.post("/cases/saved", given)
    assert kept.headers["location"] == "/cases?stage=screening", "neither the firm nor the page is kept"
    assert "待受理" in (await owner.get("/cases")).text
    assert "待受理" in (await colleague.get("/cases")).text
    assert "待受理" not in (await stranger.get("/cases")).text
    number = re.findall(r"/cases/saved/(\d+)/delete", (await owner.get("/cases")).text)[0]
    assert "/delete" not in (await colleague.get("/cases")).text
    assert (await colleague.post(f"/cases/saved/{number}/delete")).status_code == 404
    await owner.get("/cases")
    assert (await owner.post(f"/cases/saved/{number}/delete")).status_code == 303
    assert "待受理" not in (await owner.get("/cases")).text


async def test_a_query_needs_a_name_and_conditions(site: Site) -> None:
    person = await site.signed_in("accept")
    await person.get("/cases?stage=screening")
    nameless = await person.post("/cases/saved", {"name": " ", "query": "stage=screening"})
    assert (nameless.status_code, "名称" in nameless.text) == (422, True)
    empty = await person.post("/cases/saved", {"name": "空", "query": "firm=x"})
    assert (empty.status_code, "没有可以保存的条件" in empty.text) == (422, True)
