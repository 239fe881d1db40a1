"""Comparing where an execution stands with where the step log stands. A pure table of what may be found."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from workflows.messages import Position


class Verdict(StrEnum):
    SAME = "same"
    """Nothing to do, or a record is on its way."""
    TEMPORAL_BEHIND = "temporal behind"
    """The log holds steps that the execution has not: it is replaced by one that begins at the logged state."""
    LOG_BEHIND = "log behind"
    """The execution has recorded steps that the log lacks: they are in its history and are recorded again."""
    DISAGREE = "disagree"
    """Two different stories. Neither is taken for the truth: an incident."""


def verdict(digests: Mapping[int, str], position: Position, answers: Collection[int] = ()) -> Verdict:
    """``digests`` of the log by step number, 0 being the digest before the first. ``answers``: steps that the log
    itself added, of which an execution hears with the answer to its record.

    What an execution has not recorded was answered to nobody: its acts are pending, its timers are armed anew and its
    jobs not started. So only what it has recorded must agree with the log; the rest may be given up.
    """
    logged = max(digests)
    if position.recorded > logged:
        return Verdict.LOG_BEHIND
    if digests[position.recorded] != position.tail[0]:
        return Verdict.DISAGREE
    told = logged
    while told in answers and told > position.recorded:
        told -= 1
    ahead = told - position.recorded
    if ahead < len(position.tail) and position.tail[ahead] == digests[told]:
        return Verdict.SAME
    return Verdict.TEMPORAL_BEHIND
