"""How long the slowest Updates took, over all blocks of a run, and how far chance alone moves it."""

from __future__ import annotations

import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

RESAMPLES = 2_000
QUANTILES = (0.5, 0.9, 0.99)


@dataclass(frozen=True)
class Tail:
    """One quantile over the Updates of all blocks, and model divided by hand with nine tenths of its resamples."""

    quantile: float
    model_ms: float
    hand_ms: float
    ratio: float
    low: float
    high: float


def quantile(values: Sequence[float], q: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(q * len(ordered)), len(ordered) - 1)]


def tails(model: Sequence[Sequence[float]], hand: Sequence[Sequence[float]]) -> list[Tail]:
    """Each argument: milliseconds of every Update, by block; block i of one side is the neighbour of the other's.

    Blocks are resampled whole, in pairs: Updates of one block met the same machine and are no independent samples.
    """
    chance, pairs = random.Random(0), list(zip(model, hand, strict=True))
    drawn = [[chance.choice(pairs) for _ in pairs] for _ in range(RESAMPLES)]
    found = []
    for q in QUANTILES:
        ratios = sorted(_ratio(resample, q) for resample in drawn)
        sides = [quantile([value for pair in pairs for value in pair[side]], q) for side in (0, 1)]
        low, high = statistics.quantiles(ratios, n=20)[0], statistics.quantiles(ratios, n=20)[-1]
        found.append(Tail(q, *sides, _ratio(pairs, q), low, high))
    return found


def _ratio(pairs: Sequence[tuple[Sequence[float], Sequence[float]]], q: float) -> float:
    model, hand = ([value for pair in pairs for value in pair[side]] for side in (0, 1))
    return quantile(model, q) / quantile(hand, q)
