"""What the core is timed on: models that our engine and SpiffWorkflow both run."""

from __future__ import annotations

from dataclasses import dataclass

from tests.bpmn.twin_blocks import Blocks
from tests.bpmn.twins import Formula, Loop, Part, Plan, row


@dataclass(frozen=True)
class Course:
    """Models that are run one after the other, each at most ``moves`` steps far."""

    name: str
    plans: tuple[Plan, ...]
    moves: int = 2_000


def tasks(count: int) -> Plan:
    return row([Part(f"t{index}", "userTask") for index in range(count)])


def turning(rounds: int) -> Plan:
    """A circle of conditions, scripts and a task, round and round: many elements a step."""
    plan = Plan()
    plan.parts = [
        Part("s", "startEvent"), Part("merge", "exclusiveGateway"),
        Part("count", "scriptTask", formula="n + 1", result="n"),
        Part("which", "exclusiveGateway", default="odd"),
        Part("even", "scriptTask", formula="n * 2", result="twice"),
        Part("odd", "scriptTask", formula="n * 3", result="thrice"),
        Part("meet", "exclusiveGateway"), Part("task", "userTask"),
        Part("again", "exclusiveGateway", default="e"), Part("e", "endEvent"),
    ]  # fmt: skip
    plan.flows = [
        ("s", "merge", ""), ("merge", "count", ""), ("count", "which", ""),
        ("which", "even", Formula("modulo(n, 2) = 0", "n % 2 == 0")), ("which", "odd", ""), ("even", "meet", ""),
        ("odd", "meet", ""), ("meet", "task", ""), ("task", "again", ""), ("again", "merge", f"n < {rounds}"),
        ("again", "e", ""),
    ]  # fmt: skip
    return plan


def nested(depth: int) -> Plan:
    """Subprocesses in each other, each with a boundary event, a task before it and one after."""
    plan = tasks(1)
    for level in range(depth, 0, -1):
        sub = Part(f"sub{level}", "subProcess", inside=plan)
        outer = row([Part(f"in{level}", "userTask"), sub, Part(f"out{level}", "userTask")], str(level))
        outer.parts += [
            Part(f"b{level}", "boundaryEvent", host=sub.id, event="message", reference=f"m{level}"),
            Part(f"x{level}", "endEvent"),
        ]
        outer.flows.append((f"b{level}", f"x{level}", ""))
        outer.shared = {**plan.shared, f"m{level}": "message"}
        plan = outer
    return plan


def forked(width: int) -> Plan:
    plan = Plan([Part("s", "startEvent"), Part("fork", "parallelGateway"), Part("join", "parallelGateway")])
    plan.flows = [("s", "fork", ""), ("join", "e", "")]
    for index in range(width):
        plan.parts.append(Part(f"t{index}", "userTask"))
        plan.flows += [("fork", f"t{index}", ""), (f"t{index}", "join", "")]
    plan.parts.append(Part("e", "endEvent"))
    return plan


ROW = Course("50 tasks in a row", (tasks(50),))
COURSES = (
    ROW,
    Course("circle of conditions and scripts", (turning(50),)),
    Course("6 subprocesses in each other", (nested(6),)),
    Course("20 parallel branches", (forked(20),)),
    Course("100 parallel instances", (row([Part("t", "userTask", loop=Loop("parallel", 100))]),)),
    Course("100 instances in sequence", (row([Part("t", "userTask", loop=Loop("sequential", 100))]),)),
    Course("40 random models", tuple(Blocks(seed).whole() for seed in range(40)), 30),
)
