"""The core against SpiffWorkflow: steps per second, memory and bytes per idle instance, as ratios of one run.

    python -m benchmarks.core_speed [--rounds 5] [--ours]

A step is one answer from outside and all that follows, until the instance waits again; finding what to answer is not
counted for either side. Processor time, not that of the clock, so that neighbours do not count. Runs alternate A-B-B-A;
shown are medians, in brackets the quartiles. An idle instance is a
row of 50 tasks at its 25th. `--ours` leaves SpiffWorkflow out, for a profiler.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import tracemalloc
from typing import Any

from benchmarks.core_courses import COURSES, ROW, Course
from benchmarks.core_sides import Ours, Side, Theirs

IDLE, HALF = 100, 25


def microseconds(side: Side, course: Course) -> float:
    """Mean of a step, over one run of each model."""
    spent, steps = 0.0, 0
    for index in range(len(course.plans)):
        play = side.start(index)
        for _ in range(course.moves):
            took = side.step(play)
            if took is None:
                break
            spent += took
            steps += 1
    return spent / steps * 1e6


def idle(side: Side) -> tuple[float, int]:
    """Bytes in memory and bytes stored of an instance that waits."""
    kept: list[Any] = []
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(IDLE):
        play = side.start(0)
        for _ in range(HALF):
            side.step(play)
        kept.append(side.kept(play))
        del play
    gc.collect()
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return used / IDLE, side.size(kept[0])


def shown(values: list[float]) -> str:
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:8.1f} us ({low:.1f}-{high:.1f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ours", action="store_true")
    given = parser.parse_args()
    kinds: tuple[type[Side], ...] = (Ours,) if given.ours else (Ours, Theirs)
    ratios = []
    for course in COURSES:
        sides = [kind(course) for kind in kinds]
        taken: dict[str, list[float]] = {side.name: [] for side in sides}
        for turn in range(2 * given.rounds):
            for side in sides if turn % 2 == 0 else sides[::-1]:
                taken[side.name].append(microseconds(side, course))
        text = "   ".join(f"{name} {shown(values)}" for name, values in taken.items())
        if not given.ours:
            first, second = (statistics.median(values) for values in taken.values())
            ratios.append(second / first)
            text += f"   {second / first:.1f} times as fast"
        print(f"{course.name:36s} {text}", flush=True)
    if given.ours:
        return
    print(f"geometric mean of the ratios: {statistics.geometric_mean(ratios):.1f}; least: {min(ratios):.1f}")
    (memory, stored), (their_memory, their_stored) = (idle(kind(ROW)) for kind in kinds)
    print(f"memory of an idle instance: {memory:.0f} bytes; {their_memory:.0f}; a {their_memory / memory:.0f}th")
    print(f"stored as JSON:             {stored} bytes; {their_stored}; a {their_stored / stored:.0f}th")


if __name__ == "__main__":
    main()
