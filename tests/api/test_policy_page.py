"""The page that every footer leads to: deadlines in words first, keys of the policy files behind."""

from __future__ import annotations

import re

from cases.policy.loader import load
from tests.api.region_builder import PACK
from tests.api.web_site import Site


async def test_everyone_reads_the_deadlines_in_words(site: Site) -> None:
    page = (await site.browser().get("/policy")).text
    table = page.partition("<details")[0].partition("<main")[2]
    assert "核实" in table
    assert "逾期未答复视为受理" in table
    assert re.findall(r">[^<]*[a-z]+_[a-z_]+[^<]*<", table) == [], "no key of a file among the words"
    limits = {clock.title for clock in load(PACK).deadlines.values() if clock.limit.value is not None}
    assert [title for title in limits if title not in table] == []
    behind = page.partition("<details")[2]
    assert "deadlines.verification.limit" in behind


async def test_law_and_defaults_can_be_told_apart(site: Site) -> None:
    law = (await site.browser().get("/policy?source=law")).text.partition("<details")[0]
    assert '<span class="tag law">' in law
    assert '<span class="tag default">' not in law
