"""A case keeps the rules that it began with until an upgrade raises them; a stored state of any version loads."""

from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from bpmn import codec, semantics
from bpmn.commands import Command, CreateTask
from bpmn.engine import advance
from bpmn.events import GraphRef, InstanceStarted, SemanticsRaised
from bpmn.instance.migrations import MIGRATIONS, migrate
from bpmn.reader.read import read
from bpmn.run.settle import settle
from bpmn.semantics import BEGUN, RULES, Rules, UnknownSemantics
from bpmn.state import STATE_VERSION
from tests.bpmn.bpmn_models import end, flows, gateway, process, start, user
from tests.bpmn.player import START, Player

NEXT = BEGUN + 1
STATES = Path(__file__).parent / "states"
MODEL = process(
    start()
    + gateway("parallel", "f")
    + user("a")
    + user("b")
    + user("c")
    + end()
    + flows("s>f", "f>a", "f>b", "a>c", "b>e", "c>e")
)


def backwards(found: Sequence[Command], first_key: int) -> tuple[Command, ...]:
    return settle(found, first_key)[::-1]


@pytest.fixture
def two_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semantics, "RULES", MappingProxyType({BEGUN: Rules(), NEXT: Rules(backwards)}))


def tasks_of(number: int) -> list[str]:
    graph = read(MODEL, "m.bpmn")
    event = InstanceStarted(GraphRef(graph.hash, "p"), "k", semantics=number)
    step = advance({graph.hash: graph}, None, event, START)
    return [one.element_id for one in step.commands if isinstance(one, CreateTask)]


@pytest.mark.usefixtures("two_sets")
def test_the_number_in_the_state_selects_the_rules() -> None:
    assert (tasks_of(BEGUN), tasks_of(NEXT)) == (["a", "b"], ["b", "a"])


@pytest.mark.usefixtures("two_sets")
def test_a_case_is_raised_once_and_goes_on_by_the_new_rules() -> None:
    play = Player(MODEL)
    play.send(SemanticsRaised(NEXT))
    assert play.last == ()
    assert play.state is not None
    assert play.state.semantics == NEXT
    assert play.refusal(SemanticsRaised(NEXT)) == "semantics"
    assert play.refusal(SemanticsRaised(BEGUN)) == "semantics"
    play.do("a")
    assert [type(one).__name__ for one in play.last] == ["CreateTask", "CloseTask"]
    assert play.do("b").do("c").done


def test_a_number_of_a_newer_release_is_no_incident_but_refused_by_this_one() -> None:
    with pytest.raises(UnknownSemantics, match="semantics 7; this release knows 1, 2, 3"):
        tasks_of(7)
    with pytest.raises(UnknownSemantics):
        Player(MODEL).send(SemanticsRaised(7))


def test_new_cases_begin_with_rules_that_the_release_before_knows() -> None:
    assert min(RULES) <= BEGUN <= max(RULES)
    assert max(RULES) - 1 <= BEGUN


def test_a_number_that_is_left_out_of_a_stored_text_means_the_first_for_ever() -> None:
    graph = read(MODEL, "m.bpmn")
    old = InstanceStarted(GraphRef(graph.hash, "p"), "k", semantics=1)
    new = InstanceStarted(GraphRef(graph.hash, "p"), "k")
    assert '"semantics"' not in codec.dump_event(old)
    assert '"semantics"' not in codec.dump_state(advance({graph.hash: graph}, None, old, START).state)
    assert [codec.load_event(codec.dump_event(one)) for one in (old, new)] == [old, new]
    assert new.semantics == BEGUN


def test_a_stored_state_of_every_version_loads_and_goes_on() -> None:
    stored = sorted(STATES.glob("version-*.json"))
    assert [path.stem for path in stored] == [f"version-{n}" for n in range(1, STATE_VERSION + 1)]
    for path in stored:
        play = Player(MODEL)
        play.state = codec.load_state(path.read_text())
        assert play.state.version == STATE_VERSION
        assert play.do("a").do("b").do("c").done


def test_migrations_lead_step_by_step_to_this_version() -> None:
    assert sorted(MIGRATIONS) == list(range(1, STATE_VERSION))

    def rename(plain: dict[str, Any]) -> dict[str, Any]:
        return {**plain, "case": plain["key"]}

    def drop(plain: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in plain.items() if name != "key"}

    assert migrate({"version": 1, "key": 5}, {1: rename, 2: drop}, 3) == {"version": 3, "case": 5}
    assert migrate({"version": 3, "case": 5}, {1: rename, 2: drop}, 3) == {"version": 3, "case": 5}
    with pytest.raises(ValueError, match="version 4"):
        migrate({"version": 4}, {1: rename, 2: drop}, 3)
