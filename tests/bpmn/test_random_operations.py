"""Random models at random moments: a migration to the same model is nothing, and an act that is undone has not been."""

from __future__ import annotations

import random

import pytest

from bpmn import codec
from bpmn.events import ElementSkipped, Event, GraphRef, InstanceMigrated, OperationUndone, TokenMoved
from bpmn.reader.read import read
from tests.bpmn.player import Player
from tests.bpmn.test_random_models import VARIABLES, Builder, model
from tests.bpmn.test_undo import seen

SEEDS = range(60)


def somewhere(seed: int) -> tuple[random.Random, bytes, Player]:
    """A case in the middle of a random model."""
    builder = Builder(seed)
    source = model(builder.blocks())
    play = Player(source, {name: builder.random.random() < 0.5 for name in VARIABLES})
    for _ in range(builder.random.randint(0, 6)):
        if len(play.open) < 2 and play.state is not None and play.state.steps > 3:
            break
        if play.open:
            task, name = builder.random.choice(play.open), builder.random.choice(VARIABLES)
            play.do(task, **{name: builder.random.random() < 0.3})
    return builder.random, source, play


@pytest.mark.parametrize("seed", SEEDS)
def test_a_migration_to_the_same_model_changes_nothing(seed: int) -> None:
    chance, source, play = somewhere(seed)
    _, _, twin = somewhere(seed)
    graph = read(source + b"<!-- saved again -->", "again.bpmn")
    if play.done:
        return
    assert play.state is not None
    play.graphs[graph.hash] = graph
    play.send(InstanceMigrated(play.state.root, GraphRef(graph.hash, "p"), {}))
    assert play.last == ()
    for _ in range(40):
        assert (play.open, play.rules, play.done) == (twin.open, twin.rules, twin.done)
        if not play.open:
            break
        task, name, value = chance.choice(play.open), chance.choice(VARIABLES), chance.random() < 0.3
        play.do(task, **{name: value})
        twin.do(task, **{name: value})


@pytest.mark.parametrize("seed", SEEDS)
def test_an_act_that_is_undone_has_not_been(seed: int) -> None:
    chance, _, play = somewhere(seed)
    for _ in range(8):
        state = play.state
        if play.done or state is None or not state.tokens:
            break
        token = chance.choice(list(state.tokens))
        target = chance.choice(list(play.graph.nodes))
        event: Event = chance.choice([ElementSkipped(token, {"v0": True}), TokenMoved(token, target)])
        if play.refusal(event) is not None:
            continue
        before, text = seen(play), codec.dump_state(state)
        play.send(event)
        back = OperationUndone(text, event, play.now.isoformat())  # type: ignore[arg-type]
        if play.done:
            assert play.refusal(back) == "ended"
            break
        assert play.refusal(back) is None
        play.send(back)
        assert seen(play) == before
