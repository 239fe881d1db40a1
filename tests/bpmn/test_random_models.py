"""Random models: the engine does what an independent oracle does, and loses or doubles no token."""

from __future__ import annotations

import os
import random

import pytest

from bpmn.commands import CloseTask, CreateTask
from bpmn.engine import advance
from bpmn.events import TaskCompleted
from tests.bpmn.bpmn_models import end, gateway, process, start, user
from tests.bpmn.player import Player
from tests.bpmn.token_oracle import Net, Oracle

# A longer run: BPMN_RANDOM_MODELS=5000
COUNT = int(os.environ.get("BPMN_RANDOM_MODELS", "60"))
VARIABLES = ("v0", "v1", "v2", "v3")


class Builder:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.net = Net()

    def node(self, kind: str) -> str:
        name = f"{kind[0]}{len(self.net.nodes)}"
        self.net.nodes[name] = kind
        return name

    def flow(self, source: str, target: str, condition: str = "") -> None:
        self.net.flows.append((source, target, condition))

    def blocks(self) -> Net:
        first, last = self.node("start"), self.node("end")
        entry, leave = self.block(3)
        self.flow(first, entry)
        self.flow(leave, last)
        return self.net

    def block(self, depth: int) -> tuple[str, str]:
        shape = self.random.choice(
            ("task", "row", "exclusive", "parallel", "inclusive", "loop") if depth else ("task",)
        )
        if shape == "task":
            task = self.node("task")
            return task, task
        if shape == "row":
            (a, b), (c, d) = self.block(depth - 1), self.block(depth - 1)
            self.flow(b, c)
            return a, d
        if shape == "loop":
            merge, split = self.node("exclusive"), self.node("exclusive")
            task = self.node("task")
            a, b = self.block(depth - 1)
            self.flow(merge, a)
            self.flow(b, task)
            self.flow(task, split)
            back = self.random.choice(VARIABLES)
            self.flow(split, merge, back)
            out = self.node("task")
            self.flow(split, out)
            return merge, out
        split, join = self.node(shape), self.node(shape)
        count = self.random.randint(2, 3)
        for index in range(count):
            a, b = self.block(depth - 1)
            self.flow(split, a, "" if shape == "parallel" or index == count - 1 else self.random.choice(VARIABLES))
            self.flow(b, join)
        return split, join

    def tangle(self) -> Net:
        """A random graph without circles: joins may starve, merges may multiply."""
        names = [self.node("start")]
        for _ in range(self.random.randint(4, 12)):
            names.append(self.node(self.random.choice(("task", "task", "exclusive", "parallel", "inclusive"))))
        names.append(self.node("end"))
        for index, name in enumerate(names[1:], 1):
            self.flow(self.random.choice(names[max(0, index - 3) : index]), name)
        for index, name in enumerate(names[1:-2], 1):
            if self.random.random() < 0.45:
                self.flow(name, self.random.choice(names[index + 1 :]))
        for name, kind in self.net.nodes.items():
            outgoing = self.net.out(name)
            if kind in ("exclusive", "inclusive") and len(outgoing) > 1:
                for index in outgoing[:-1]:
                    source, target, _ = self.net.flows[index]
                    self.net.flows[index] = (source, target, self.random.choice(VARIABLES))
        return self.net


def model(net: Net) -> bytes:
    make = {"start": start, "end": end, "task": user}
    body = ""
    for name, kind in net.nodes.items():
        if kind in make:
            body += make[kind](name)
        else:
            default = [f"f{i}" for i in net.out(name) if not net.flows[i][2]]
            several = len(net.out(name)) > 1 and kind != "parallel"
            body += gateway(kind, name, **({"default": default[0]} if several else {}))
    for index, (source, target, condition) in enumerate(net.flows):
        inner = f"<conditionExpression>={condition}</conditionExpression>" if condition else ""
        body += f'<sequenceFlow id="f{index}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'
    return process(body)


@pytest.mark.parametrize("seed", range(COUNT))
@pytest.mark.parametrize("shape", ["blocks", "tangle"])
def test_the_engine_agrees_with_the_oracle_and_ends_empty(shape: str, seed: int) -> None:
    builder = Builder(seed)
    net: Net = getattr(builder, shape)()
    variables = {name: builder.random.random() < 0.5 for name in VARIABLES}
    play, oracle = Player(model(net), variables), Oracle(net, variables)
    for _ in range(80):
        assert play.open == sorted(oracle.at_tasks)
        assert play.rules == ([] if oracle.at_tasks or oracle.done else ["join-starved"])
        if not play.open:
            break
        task = builder.random.choice(play.open)
        change = {builder.random.choice(VARIABLES): builder.random.random() < 0.3}
        play.do(task, **change)
        oracle.complete(task, change)
    assert play.done == oracle.done
    if play.done:
        state = play.state
        assert state is not None
        assert (state.tokens, state.scopes, state.waits, state.deadlines) == ({}, {}, {}, {})
        tasks = [name for name, kind in net.nodes.items() if kind == "task"]
        for task in tasks:
            assert play.visited("entered").count(task) == play.visited("completed").count(task)


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_simultaneous_completions_does_not_change_what_is_open_after_all(seed: int) -> None:
    net = Builder(seed).blocks()
    variables = dict.fromkeys(VARIABLES, False)
    results = []
    for reverse in (False, True):
        play = Player(model(net), variables, round_trip=False)
        for key in sorted(play.tasks, reverse=reverse):
            play.send(TaskCompleted(key))
        results.append((play.open, play.done))
    assert results[0] == results[1]


def test_a_step_is_a_function_of_its_arguments() -> None:
    play = Player(model(Builder(7).blocks()), dict.fromkeys(VARIABLES, True))
    assert play.state is not None
    event = TaskCompleted(next(iter(play.tasks)))
    first, second = (advance(play.graphs, play.state, event, play.now) for _ in range(2))
    assert (first.state, first.commands, first.trace) == (second.state, second.commands, second.trace)
    assert any(isinstance(command, (CreateTask, CloseTask)) for command in first.commands)
