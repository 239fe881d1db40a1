"""Models belong to packs, and speak of the clocks and facts that the packs know."""

import re

import pytest

from cases.policy.files import find_files
from cases.policy.loader import POLICIES, available, load

DEADLINE = re.compile(r"jiannuo:(?:deadline|startsDeadline)\" value=\"([a-z_]+)\"")
FACTS = re.compile(r"jiannuo:deadlineFrom\" value=(?:\"([^\"]*)\"|'([^']*)')")
FACT = re.compile(r"[{,]\s*([a-z_]+):")


@pytest.mark.parametrize("name", available())
def test_every_pack_finds_the_models_of_its_procedure(name: str) -> None:
    found = find_files(load(name), "*.bpmn")
    assert found["complaint.bpmn"] == POLICIES / "nmg-2023" / "complaint.bpmn"


@pytest.mark.parametrize("name", available())
def test_every_deadline_and_fact_of_a_model_is_known_to_the_pack(name: str) -> None:
    pack = load(name)
    facts = {
        fact
        for clocks in (pack.deadlines, *(channel.deadlines for channel in pack.channels.values()))
        for clock in clocks.values()
        for fact in clock.starts_from.value
    }
    for file in find_files(pack, "*.bpmn").values():
        text = file.read_text(encoding="utf-8")
        assert set(DEADLINE.findall(text)) <= set(pack.deadlines), file.name
        used = {fact for pair in FACTS.findall(text) for fact in FACT.findall("".join(pair))}
        assert used <= facts, file.name
