"""Complaints that cannot meet each other may be played side by side."""

from __future__ import annotations

import json
from collections.abc import Iterable

from jiannuo.rehearsal.sample import Sample


def islands(samples: Iterable[Sample]) -> list[list[Sample]]:
    """Groups that share no unit complained of, no complainant and no reference to one another's number.

    Inside a group the merged order of time decides; between groups it can make no difference, since what one case
    reads of another (duplicates, determinations of the same unit) goes by these keys.
    """
    given = list(samples)
    numbers = {sample.no for sample in given}
    groups: list[tuple[set[str], list[Sample]]] = []
    for sample in given:
        keys, members = _keys(sample, numbers), [sample]
        apart = []
        for other_keys, other_members in groups:
            if other_keys & keys:
                keys |= other_keys
                members = other_members + members
            else:
                apart.append((other_keys, other_members))
        groups = [*apart, (keys, members)]
    order = {sample.no: index for index, sample in enumerate(given)}
    return [sorted(members, key=lambda sample: order[sample.no]) for _, members in groups]


def _keys(sample: Sample, numbers: set[str]) -> set[str]:
    said = json.dumps([act.data for act in sample.acts], ensure_ascii=False, default=str)
    mentioned = {no for no in numbers if f'"{no}"' in said}
    return {sample.no, sample.respondent["uscc"], sample.raw["complainant"]["uscc"], *mentioned}
