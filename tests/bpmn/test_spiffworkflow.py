"""The same models in our engine and in SpiffWorkflow: what is open, done and known agrees all the way."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable

import pytest

from tests.bpmn.player import Player
from tests.bpmn.spiff_player import SpiffPlayer, parsed
from tests.bpmn.twin_blocks import VARIABLES, Blocks
from tests.bpmn.twins import ours, theirs

COUNT = 120
MOVES = 60


def both_lived(seed: int) -> tuple[Blocks, Player, SpiffPlayer]:
    blocks = Blocks(seed)
    plan = blocks.whole()
    chance = random.Random(seed + 1_000_000)
    given = {name: chance.random() < 0.5 for name in VARIABLES}
    play, other = Player(ours(plan), given), SpiffPlayer(parsed(theirs(plan)), given)
    spent: set[str] = set()
    for _ in range(MOVES):
        messages = sorted(one.message_name for one in play.messages.values() if one.message_name not in spent)
        assert (play.open, messages) == (other.open, [name for name in other.messages if name not in spent])
        if not play.open and not messages:
            break
        move = chance.choice(play.open + messages)
        if move in messages:
            spent |= {move} & blocks.once
            play.deliver(move)
            other.deliver(move)
        else:
            said = {} if move in blocks.silent else {f"did_{move}": True}
            play.do(move, **said)
            other.do(move, **said)
    return blocks, play, other


def counted(elements: Iterable[str], blocks: Blocks) -> Counter[str]:
    return Counter(element for element in elements if element not in blocks.uncounted)


def agree(seed: int) -> None:
    blocks, play, other = both_lived(seed)
    assert play.rules == []
    assert play.done == other.done
    assert counted(play.visited(), blocks) == counted(other.completed.elements(), blocks)
    if play.done:
        known = {name: value for name, value in play.variables.items() if name in other.variables}
        assert known == other.variables
        assert set(VARIABLES) <= known.keys()


@pytest.mark.parametrize("seed", range(COUNT))
def test_our_engine_and_spiffworkflow_agree(seed: int) -> None:
    agree(seed)


@pytest.mark.nightly
@pytest.mark.timeout(600)
@pytest.mark.parametrize("first", range(1_000, 4_000, 500))
def test_they_agree_on_three_thousand_models(first: int) -> None:
    for seed in range(first, first + 500):
        try:
            agree(seed)
        except AssertionError:
            print(f"seed {seed}")
            raise
