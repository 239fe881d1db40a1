"""States at rest as a release stores them, each with the next event and the commands that it gave rise to."""

import json
from datetime import datetime
from pathlib import Path

from bpmn import codec
from bpmn.engine import advance
from bpmn.events import Event, MessageDelivered, TaskCompleted
from bpmn.reader.read import load
from tests.bpmn.player import START, Player
from tests.bpmn.twin_blocks import VARIABLES, Blocks
from tests.bpmn.twins import ours

# Seeds of random models that together hold loops, joins, subprocesses, boundary events and messages.
SEEDS = (3, 11, 17, 24, 36, 42, 57)
RESTS = 3


def next_event(play: Player) -> Event | None:
    if play.tasks:
        return TaskCompleted(min(play.tasks), {"v0": False, "v1": True})
    if play.messages:
        return MessageDelivered(min(play.messages), "golden")
    return None


def record_states(folder: Path) -> None:
    for seed in SEEDS:
        model = ours(Blocks(seed).whole())
        play = Player(model, dict.fromkeys(VARIABLES, True))
        rests = []
        for _ in range(RESTS):
            event = next_event(play)
            if event is None or play.state is None:
                break
            before = codec.dump_state(play.state)
            play.send(event)
            commands = codec.dump_commands(play.last)
            rests.append({"state": before, "event": codec.dump_event(event), "commands": commands})
        text = json.dumps({"model": model.decode(), "rests": rests}, ensure_ascii=False, indent=1)
        (folder / f"{seed}.json").write_text(text + "\n")


def replay_states(path: Path) -> int:
    """Raises AssertionError where today's code answers otherwise; the number of states that it went through."""
    stored = json.loads(path.read_text())
    graph = load(stored["model"].encode(), path.name)
    for rest, following in zip(stored["rests"], [*stored["rests"][1:], None], strict=True):
        state, event = codec.load_state(rest["state"]), codec.load_event(rest["event"])
        assert codec.dump_state(state) == rest["state"], f"{path.name}: what that release stored is stored so again"
        step = advance({graph.hash: graph}, state, event, datetime.fromisoformat(rest.get("at", START.isoformat())))
        assert codec.dump_commands(step.commands) == rest["commands"], path.name
        if following is not None:
            assert codec.dump_state(step.state) == following["state"], path.name
    return len(stored["rests"])
