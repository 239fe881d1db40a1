"""The two sides of the core's benchmark: our engine and SpiffWorkflow, started, stepped, stored in the same way."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

from benchmarks.core_courses import Course
from bpmn import codec
from bpmn.commands import CloseSubscription, CloseTask, Command, CreateTask, OpenSubscription
from bpmn.engine import advance
from bpmn.events import Event, GraphRef, InstanceStarted, MessageDelivered, TaskCompleted
from bpmn.reader.read import read
from bpmn.state import State
from tests.bpmn.spiff_player import SpiffPlayer, parsed
from tests.bpmn.twin_blocks import VARIABLES
from tests.bpmn.twins import ours, theirs

GIVEN = {**{name: index % 2 == 0 for index, name in enumerate(VARIABLES)}, "n": 0}

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Side(Protocol):
    """``step`` answers the first thing that waits; seconds that took, None when nothing waits any more."""

    name: str

    def __init__(self, course: Course) -> None: ...

    def start(self, index: int) -> Any: ...

    def step(self, play: Any) -> float | None: ...

    def kept(self, play: Any) -> Any: ...

    def size(self, kept: Any) -> int: ...


@dataclass
class Instance:
    state: State
    open: dict[int, Event]


class Ours:
    name = "Jiannuo"

    def __init__(self, course: Course) -> None:
        self.graphs = [read(ours(plan), "bench.bpmn") for plan in course.plans]

    def start(self, index: int) -> Instance:
        graph = self.graphs[index]
        self.known = {graph.hash: graph}
        step = advance(self.known, None, InstanceStarted(GraphRef(graph.hash, "p"), "case", GIVEN), NOW)
        play = Instance(step.state, {})
        self._keep(play, step.commands)
        return play

    def _keep(self, play: Instance, commands: Iterable[Command]) -> None:
        for command in commands:
            if isinstance(command, CreateTask):
                play.open[command.task_key] = TaskCompleted(command.task_key)
            elif isinstance(command, OpenSubscription):
                play.open[command.subscription_key] = MessageDelivered(command.subscription_key, "m")
            elif isinstance(command, CloseTask):
                del play.open[command.task_key]
            elif isinstance(command, CloseSubscription):
                del play.open[command.subscription_key]

    def step(self, play: Instance) -> float | None:
        # Tasks before messages, as on the other side.
        event = next((one for one in play.open.values() if isinstance(one, TaskCompleted)), None)
        event = event or next(iter(play.open.values()), None)
        if event is None:
            return None
        begun = time.thread_time()
        step = advance(self.known, play.state, event, NOW)
        spent = time.thread_time() - begun
        play.state = step.state
        self._keep(play, step.commands)
        return spent

    def kept(self, play: Instance) -> State:
        return play.state

    def size(self, kept: State) -> int:
        return len(codec.dump_state(kept).encode())


class Theirs:
    name = "SpiffWorkflow"

    def __init__(self, course: Course) -> None:
        self.specs = [parsed(theirs(plan)) for plan in course.plans]
        self.serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())

    def start(self, index: int) -> SpiffPlayer:
        return SpiffPlayer(self.specs[index], dict(GIVEN))

    def step(self, play: SpiffPlayer) -> float | None:
        found = play.tasks[:1]
        if found:
            begun = time.thread_time()
            found[0].run()
            play.workflow.do_engine_steps()
            return time.thread_time() - begun
        if not play.messages:
            return None
        begun = time.thread_time()
        play.deliver(play.messages[0])
        return time.thread_time() - begun

    def kept(self, play: SpiffPlayer) -> Any:
        return play.workflow

    def size(self, kept: Any) -> int:
        """Without the specifications, which a database holds once."""
        whole = json.loads(self.serializer.serialize_json(kept))
        return len(json.dumps({name: part for name, part in whole.items() if "spec" not in name}).encode())
