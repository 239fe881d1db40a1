"""sort() by a FEEL function: a bottom-up merge sort, since the comparison counts steps and may give up with null."""

from collections.abc import Sequence

from bpmn.feel.compare import less
from bpmn.feel.invoke import invoke
from bpmn.feel.runtime import Runtime
from bpmn.feel.values import Function, Value


def merge_sort(items: Sequence[Value], precedes: Function | None, runtime: Runtime) -> list[Value] | None:
    runs: list[list[Value]] = [[item] for item in items]
    while len(runs) > 1:
        merged: list[list[Value]] = []
        for start in range(0, len(runs) - 1, 2):
            run = _merge(runs[start], runs[start + 1], precedes, runtime)
            if run is None:
                return None
            merged.append(run)
        runs = merged + runs[len(merged) * 2 :]
    return runs[0] if runs else []


def _merge(left: list[Value], right: list[Value], precedes: Function | None, runtime: Runtime) -> list[Value] | None:
    """Stable: the right one goes first only when it must precede the left one."""
    result: list[Value] = []
    one = other = 0
    while one < len(left) and other < len(right):
        runtime.meter.step()
        a, b = right[other], left[one]
        verdict = less(a, b) if precedes is None else invoke(precedes, [a, b], runtime)
        if type(verdict) is not bool:
            runtime.warn("'sort' needs a comparison that gives true or false for each pair.")
            return None
        if verdict:
            result.append(right[other])
            other += 1
        else:
            result.append(left[one])
            one += 1
    return result + left[one:] + right[other:]
