"""One after the other: what comes next after a task is done, and the way back to the same place in the same list."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from urllib.parse import quote

import pytest_asyncio
from sqlalchemy import update

from cases.intake import instance_id_of
from cases.tables.worklist import Task
from tests.api.region_builder import BANNER_GOV, REFERRAL, SCREENING, place
from tests.api.web_site import NOW, Site

LIST = "/tasks?stage=referral&sort="


@pytest_asyncio.fixture(scope="module")
async def waiting(site: Site) -> list[str]:
    """Three referrals, the oldest due first, and a screening that is due between them."""
    async with site.services.transaction() as session:
        found = []
        for days, where in ((9, REFERRAL), (8, SCREENING), (7, REFERRAL), (6, REFERRAL)):
            _, case = await place(session, site.services.vault, where, NOW - timedelta(days=days), NOW)
            found += [case] if where is REFERRAL else []
    return found


def link(page: str, words: str) -> str:
    (found,) = re.findall(rf'href="([^"]*)"[^>]*>{words}', page)
    return html.unescape(found)


def name(page: str, hint: str = "f\\.") -> str:
    return re.findall(rf'<input[^>]* name="({hint}[^"]*)"', page)[0]


async def test_the_next_task_of_the_same_list_and_the_way_back_to_its_row(site: Site, waiting: list[str]) -> None:
    first, second, third = waiting
    browser = await site.signed_in("accept")
    listed = (await browser.get(LIST)).text
    assert f'id="t-{second}-11"' in listed
    way = re.findall(rf'href="(/cases/{second}/tasks/11[^"]*)"', listed)[0]
    page = (await browser.get(html.unescape(way))).text
    assert f'href="{html.escape(LIST)}#t-{second}-11"' in page
    form = {"back": LIST, name(page): BANNER_GOV}
    answer = await browser.post(f"/cases/{second}/tasks/11", form)
    assert answer.status_code == 303
    async with site.services.transaction() as session:
        own = (Task.instance_id == instance_id_of(second), Task.key == 11)
        await session.execute(update(Task).where(*own).values(status="completed"))
    done = (await browser.get(answer.headers["location"])).text
    assert link(done, "下一项").startswith(f"/cases/{third}/tasks/11?"), "behind the one done, not the first again"
    assert link(done, "返回列表") == f"{LIST}#t-{third}-11"
    after_last = f"/cases/{third}?done=1&task={quote(instance_id_of(third))}~11&back={quote(LIST)}"
    assert link((await browser.get(after_last)).text, "下一项").startswith(f"/cases/{first}/tasks/11?")


async def test_what_is_wrong_in_the_form_keeps_the_list(site: Site, waiting: list[str]) -> None:
    browser = await site.signed_in("accept")
    await browser.get(f"/cases/{waiting[0]}/tasks/11")
    wrong = await browser.post(f"/cases/{waiting[0]}/tasks/11", {"back": LIST})
    assert wrong.status_code == 422
    assert f'name="back" value="{html.escape(LIST)}"' in wrong.text


async def test_only_a_list_of_ours_is_gone_back_to(site: Site, waiting: list[str]) -> None:
    browser = await site.signed_in("accept")
    for other in ("https://elsewhere.test/tasks", "//elsewhere.test/tasks", "/logout", "/tasks/../logout"):
        page = (await browser.get(f"/cases/{waiting[0]}?done=1&back={quote(other, safe='')}")).text
        assert link(page, "返回列表").startswith("/tasks#t-")
        assert "elsewhere" not in page.replace(html.escape(quote(other, safe="")), "").split("<main")[1]


async def test_who_has_nothing_left_is_told_so(site: Site, waiting: list[str]) -> None:
    browser = await site.signed_in("accept")
    page = (await browser.get(f"/cases/{waiting[0]}?done=1&back={quote('/tasks?whose=mine')}")).text
    assert "没有其他待办了" in page
    assert link(page, "返回列表") == "/tasks?whose=mine"
