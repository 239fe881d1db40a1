"""The history of a case reads as an officer's: what was done and what it led to, not how the diagram is drawn."""

from __future__ import annotations

import json
import re

from sqlalchemy import select

from bpmn import codec
from bpmn.events import TimerFired
from cases.tables.engine import DefinitionVersion, LoggedStep
from tests.api.region_builder import VERIFICATION, place
from tests.api.web_site import NOW, Site


async def test_names_stand_once_and_gateways_not_at_all(site: Site) -> None:
    async with site.services.transaction() as session:
        _, case = await place(session, site.services.vault, VERIFICATION, NOW, NOW)
        graph = await session.scalar(
            select(DefinitionVersion.hash).where(DefinitionVersion.definition_id == "complaint")
        )
        steps = (["own_rules", "verification", "verification_task"], ["still_time", "accepted_fork"], ["letter_accept"])
        for number, elements in enumerate(steps, 1):
            session.add(
                LoggedStep(
                    instance_id=f"complaint:{case}", number=number, digest="", event=codec.dump_event(TimerFired(1)),
                    trace=json.loads(json.dumps([["entered", element, graph, 0] for element in elements])), at=NOW,
                )
            )  # fmt: skip
    page = (await (await site.signed_in("supervisor")).get(f"/cases/{case}")).text
    told = page[page.index('<ol class="history">') :]
    told = told[: told.index("</ol>")]
    assert re.findall(r"→ ([^<]+)<", told) == ["投诉受理告知书", "核实"]
    assert told.count("<li") == 2
