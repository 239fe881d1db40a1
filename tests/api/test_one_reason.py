"""One date and one reason, wherever it is read: the command line, the API and the page."""

from __future__ import annotations

import html
import json
from datetime import datetime, timedelta

from typer.testing import CliRunner

from jiannuo.deadline_cli import app
from tests.api.region_builder import VERIFICATION, place
from tests.api.web_site import NOW, Site


async def test_command_line_api_and_page_tell_the_same_date_for_the_same_reasons(site: Site) -> None:
    async with site.services.transaction() as session:
        _, case = await place(session, site.services.vault, VERIFICATION, NOW - timedelta(days=3), NOW)
    browser = await site.signed_in("verify")
    answer = (await browser.client.get(f"/api/v1/cases/{case}", headers=await site.token("verify"))).json()
    (clock,) = [row for row in answer["deadlines"] if row["name"] == "verification"]
    start = clock["derivation"][0]["day"]
    words = [start, "--rule", "verification", "--channel", "CREDIT_NM", "--policy", "nmg-2023", "--json"]
    said = json.loads(CliRunner().invoke(app, words).output)
    assert said["due"] == clock["due"]
    assert datetime.fromisoformat(said["due_at"]) == datetime.fromisoformat(clock["due_at"])
    assert [line["text_zh"] for line in said["derivation"]] == [line["zh"] for line in clock["derivation"]]
    page = html.unescape((await browser.get(f"/cases/{case}")).text)
    for line in clock["derivation"]:
        assert line["zh"] in page
