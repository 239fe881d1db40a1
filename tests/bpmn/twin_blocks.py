"""Random block-structured plans of what both our engine and SpiffWorkflow support.

Variables: SpiffWorkflow gives each token a copy of the data and merges copies at joins; ours belong to the scope. So a
plan writes what a condition reads only where one token runs, and constants under names of their own elsewhere.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.bpmn.twins import Formula, Loop, Part, Plan, Text

VARIABLES = ("v0", "v1", "v2", "v3")
Ends = tuple[str, str]


class Blocks:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.count = 0
        self.shared: dict[str, str] = {}
        # Where SpiffWorkflow is known to depart from the standard: an activity that an error or escalation interrupts
        # counts as completed there (§13.3.2: it is terminated) ...
        self.uncounted: set[str] = set()
        # ... what a token wrote is gone when its scope is terminated (§10.4.1: the data belong to the scope) ...
        self.silent: set[str] = set()
        # ... and a non-interrupting boundary event fires once (§13.5.3: as often as it occurs).
        self.once: set[str] = set()
        # Its joins, in a circle, take a token of the round before for one of this round (§13.4.1: one token each flow).
        self.circling = False
        # Its inclusive join does not see a token that is on its way from a boundary event, and fires twice.
        self.choosing = False
        self.shapes: tuple[Callable[[Plan, int, bool], Ends], ...] = (
            self.task, self.script, self.row, self.row, self.exclusive, self.parallel, self.inclusive, self.circle,
            self.subprocess, self.repeated, self.errors, self.interrupted, self.raced, self.escalated, self.stopped,
        )  # fmt: skip

    def whole(self, depth: int = 3) -> Plan:
        plan = self.scope(depth, alone=True)
        plan.shared = self.shared
        return plan

    def scope(self, depth: int, alone: bool, last: Part | None = None) -> Plan:
        plan = Plan()
        first, end = self.add(plan, "startEvent"), ""
        entry, leave = self.block(plan, depth, alone)
        if last is None:
            end = self.add(plan, "endEvent")
        else:
            plan.parts.append(last)
            end = last.id
        plan.flows += [(first, entry, ""), (leave, end, "")]
        return plan

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind[0]}{self.count}"

    def add(self, plan: Plan, kind: str, **fields: object) -> str:
        part = Part(self.name(kind), kind, **fields)  # type: ignore[arg-type]
        plan.parts.append(part)
        return part.id

    def condition(self) -> Text:
        name, other = self.random.sample(VARIABLES, 2)
        same = Formula(f"{name} = {other}", f"{name} == {other}")
        return self.random.choice((name, f"not({name})", f"{name} and {other}", f"{name} or {other}", same))

    def block(self, plan: Plan, depth: int, alone: bool) -> Ends:
        shapes = self.shapes if depth > 0 else self.shapes[:2]
        return self.random.choice(shapes)(plan, depth - 1, alone)

    def task(self, plan: Plan, depth: int, alone: bool) -> Ends:
        task = self.add(plan, "userTask")
        return task, task

    def script(self, plan: Plan, depth: int, alone: bool) -> Ends:
        name, other = self.random.sample(VARIABLES, 2)
        if alone:
            chosen = Formula(f"if {other} then {name} else not({name})", f"{name} if {other} else not({name})")
            task = self.add(plan, "scriptTask", formula=chosen, result=name)
        else:
            task = self.add(plan, "scriptTask", formula="1 + 1", result=f"made{self.count}")
        return task, task

    def row(self, plan: Plan, depth: int, alone: bool) -> Ends:
        (a, b), (c, d) = self.block(plan, depth, alone), self.block(plan, depth, alone)
        plan.flows.append((b, c, ""))
        return a, d

    def _branches(self, plan: Plan, depth: int, alone: bool, kind: str, *, conditions: bool) -> Ends:
        if self.circling and kind != "exclusiveGateway":
            return self.task(plan, depth, alone)
        split, join = self.name(kind), self.add(plan, kind)
        branches = [self.block(plan, depth, alone) for _ in range(self.random.randint(2, 3))]
        default = branches[-1][0] if conditions else ""
        plan.parts.append(Part(split, kind, default=default))
        for first, last in branches:
            plan.flows.append((split, first, "" if not conditions or first == default else self.condition()))
            plan.flows.append((last, join, ""))
        return split, join

    def exclusive(self, plan: Plan, depth: int, alone: bool) -> Ends:
        return self._branches(plan, depth, alone, "exclusiveGateway", conditions=True)

    def parallel(self, plan: Plan, depth: int, alone: bool) -> Ends:
        return self._branches(plan, depth, False, "parallelGateway", conditions=False)

    def inclusive(self, plan: Plan, depth: int, alone: bool) -> Ends:
        within, self.choosing = self.choosing, True
        ends = self._branches(plan, depth, False, "inclusiveGateway", conditions=True)
        self.choosing = within
        return ends

    def circle(self, plan: Plan, depth: int, alone: bool) -> Ends:
        """Back to the beginning while a condition holds, which only answers of tasks change."""
        merge, split, out = (
            self.add(plan, "exclusiveGateway"),
            self.name("exclusiveGateway"),
            self.add(plan, "userTask"),
        )
        within, self.circling = self.circling, True
        first, last = self.block(plan, depth, alone)
        self.circling = within
        task = self.add(plan, "userTask")
        plan.parts.append(Part(split, "exclusiveGateway", default=out))
        plan.flows += [
            (merge, first, ""),
            (last, task, ""),
            (task, split, ""),
            (split, merge, self.condition()),
            (split, out, ""),
        ]
        return merge, out

    def subprocess(self, plan: Plan, depth: int, alone: bool) -> Ends:
        inside = self.scope(depth, alone)
        sub = self.add(plan, "subProcess", inside=inside)
        return sub, sub

    def repeated(self, plan: Plan, depth: int, alone: bool) -> Ends:
        shape = self.random.choice(("parallel", "sequential", "standard"))
        if shape == "standard":
            loop = Loop(
                shape, condition=self.condition(), maximum=self.random.randint(1, 3), before=self.random.random() < 0.5
            )
        else:
            loop = Loop(shape, count=self.random.randint(0, 3))
        if depth > 0 and self.random.random() < 0.4:
            sub = self.add(plan, "subProcess", inside=self.scope(depth - 1, False), loop=loop)
            return sub, sub
        task = self.add(plan, "userTask", loop=loop)
        return task, task

    def errors(self, plan: Plan, depth: int, alone: bool) -> Ends:
        """A subprocess that ends in an error; its boundary event leads on."""
        return self._leaving(plan, depth, alone, "error")

    def escalated(self, plan: Plan, depth: int, alone: bool) -> Ends:
        return self._leaving(plan, depth, alone, "escalation")

    def _leaving(self, plan: Plan, depth: int, alone: bool, event: str) -> Ends:
        if self.choosing:
            return self.task(plan, depth, alone)
        code = f"code{self.count}"
        self.shared[code] = event
        inside = self.scope(depth, alone, Part(self.name("endEvent"), "endEvent", event=event, reference=code))
        sub = self.add(plan, "subProcess", inside=inside)
        self.uncounted |= {sub, inside.parts[-1].id}
        # A catch-all would also take what a subprocess beside this one throws (§10.5.1: of its own activity only).
        reference = "" if alone and self.random.random() < 0.5 else code
        caught = self.add(plan, "boundaryEvent", host=sub, event=event, reference=reference)
        # A multi-instance activity after such an event makes SpiffWorkflow raise ("non-predicted child").
        first, last = self.block(plan, 0, alone)
        merge = self.add(plan, "exclusiveGateway")
        plan.flows += [(sub, merge, ""), (caught, first, ""), (last, merge, "")]
        return sub, merge

    def stopped(self, plan: Plan, depth: int, alone: bool) -> Ends:
        """A subprocess that a terminate end takes down while another token of it waits."""
        inside = Plan()
        first, split = self.add(inside, "startEvent"), self.add(inside, "parallelGateway")
        self.silent.add(stays := self.add(inside, "userTask"))
        ends = self.add(inside, "userTask")
        end, stop = self.add(inside, "endEvent"), self.add(inside, "endEvent", event="terminate")
        inside.flows += [
            (first, split, ""), (split, stays, ""), (split, ends, ""), (stays, end, ""), (ends, stop, ""),
        ]  # fmt: skip
        sub = self.add(plan, "subProcess", inside=inside)
        return sub, sub

    def interrupted(self, plan: Plan, depth: int, alone: bool) -> Ends:
        """A task or subprocess with a message boundary event; where tokens may meet it twice, only a task."""
        if not alone:
            return self.task(plan, depth, alone)
        name = f"message{self.count}"
        self.shared[name] = "message"
        host = self.random.choice((self.subprocess, self.task))(plan, depth, False)[0]
        interrupting = self.random.random() < 0.6
        caught = self.add(plan, "boundaryEvent", host=host, event="message", reference=name, interrupting=interrupting)
        if not interrupting:
            self.once.add(name)
            aside, end = self.add(plan, "userTask"), self.add(plan, "endEvent")
            plan.flows += [(caught, aside, ""), (aside, end, "")]
            return host, host
        first, last = self.block(plan, depth, alone)
        merge = self.add(plan, "exclusiveGateway")
        plan.flows += [(host, merge, ""), (caught, first, ""), (last, merge, "")]
        return host, merge

    def raced(self, plan: Plan, depth: int, alone: bool) -> Ends:
        """An event-based gateway before two messages."""
        if not alone:
            return self.task(plan, depth, alone)
        split, merge = self.add(plan, "eventBasedGateway"), self.add(plan, "exclusiveGateway")
        for _ in range(2):
            name = f"message{self.count}"
            self.shared[name] = "message"
            caught = self.add(plan, "intermediateCatchEvent", event="message", reference=name)
            first, last = self.block(plan, depth, alone)
            plan.flows += [(split, caught, ""), (caught, first, ""), (last, merge, "")]
        return split, merge
