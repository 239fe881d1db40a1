"""The order of stages and the limits are data: change the diagram or the policy and the rehearsal ends otherwise."""

import shutil
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from cases.policy import files, loader
from jiannuo.rehearsal.sample import SampleFile
from jiannuo.rehearsal.stage import Rehearsal, Result
from tests.rehearsal.variants import shared_samples

_references = count(1)
pytestmark = pytest.mark.timeout(600)
WATCH_DUE = '=deadline("performance","due")'


@pytest.fixture
def policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of all packs that a test may change."""
    copy = tmp_path / "policies"
    shutil.copytree(loader.POLICIES, copy)
    monkeypatch.setattr(loader, "POLICIES", copy)
    monkeypatch.setattr(files, "POLICIES", copy)
    return copy


async def play(rehearsal: Rehearsal, ending: str) -> Result:
    file = shared_samples()
    # A reference of its own: the same submission twice is one case, also across tests.
    chosen = tuple(
        replace(sample, raw={**sample.raw, "external_ref": f"{sample.no}-{next(_references)}"})
        for sample in file.samples
        if sample.no.endswith(ending)
    )
    (result,) = await rehearsal.run(SampleFile(chosen, file.sealed))
    return result


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


async def test_without_a_sequence_flow_the_case_takes_another_way(rehearsal: Rehearsal, policies: Path) -> None:
    """The letter of rejection no longer leads to the end: the case is never closed."""
    model = policies / "nmg-2023" / "complaint.bpmn"
    change(model, "<bpmn:outgoing>f_letter_reject__closed_short</bpmn:outgoing>", "")
    change(model, "<bpmn:incoming>f_letter_reject__closed_short</bpmn:incoming>", "")
    change(
        model,
        '<bpmn:sequenceFlow id="f_letter_reject__closed_short" sourceRef="letter_reject" targetRef="closed_short"/>',
        "",
    )
    diagram = model.read_text(encoding="utf-8")
    start = diagram.index('<bpmndi:BPMNEdge id="f_letter_reject__closed_short_di"')
    end = diagram.index("</bpmndi:BPMNEdge>", start) + len("</bpmndi:BPMNEdge>")
    model.write_text(diagram[:start] + diagram[end:], encoding="utf-8")
    result = await play(rehearsal, "109")
    assert "stages" in {difference.key for difference in result.differences}


async def test_another_limit_in_the_policy_moves_the_due_date(rehearsal: Rehearsal, policies: Path) -> None:
    change(
        policies / "nmg-2023" / "policy.yaml",
        "{value: 5wd, source: law, basis: S2§3}",
        "{value: 7wd, source: law, basis: S2§3}",
    )
    result = await play(rehearsal, "102")
    assert result.actual["due"]["verification"] == "2026-07-16"
    assert not result.passed


async def test_another_row_of_a_decision_table_is_another_scope(rehearsal: Rehearsal, policies: Path) -> None:
    """A respondent that is no public body: out of scope by the table, until the table leaves it to a person."""
    change(policies / "nmg-2023" / "scope.dmn", '"out"', '"ask"')
    result = await play(rehearsal, "109")
    assert result.actual["scope"] == "ask"
    assert not result.passed
