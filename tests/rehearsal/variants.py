"""Altered copies of sample complaints, each with units of its own so that they do not meet in the stores."""

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jiannuo.rehearsal.sample import Sample, SampleAct, SampleFile, read_samples

COMPLAINTS = Path(__file__).parent / "complaints.json"
UNIT = re.compile(r"\b1[12]\d{6}FAKE\w{6}\b")
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def shared_samples() -> SampleFile:
    return read_samples(COMPLAINTS)


def own_units(sample: Sample, number: int, no: str) -> Sample:
    """The same complaint against other units: two characters of every unit code count the copies."""
    mark = ALPHABET[number // 31] + ALPHABET[number % 31]

    def moved(value: Any) -> Any:
        text = json.dumps(value, ensure_ascii=False, default=str)
        return json.loads(UNIT.sub(lambda found: found[0][:8] + mark + found[0][10:], text))

    raw = moved(sample.raw) | {"external_ref": f"{no}-{number}", "received_at": sample.raw["received_at"]}
    acts = tuple(SampleAct(act.at, act.by, act.act, moved(act.data)) for act in sample.acts)
    return replace(sample, no=f"{no}-{number}", raw=raw, acts=acts)


Row = tuple[str, str, str, dict[str, Any]]


def played(sample: Sample, number: int, rows: Iterable[Row], until: str, **raw: Any) -> Sample:
    """The same complaint up to the first of ``rows`` (instant, role, act, data), and then these."""
    added = tuple(SampleAct(datetime.fromisoformat(at), by, act, data) for at, by, act, data in rows)
    kept = tuple(act for act in sample.acts if act.at < min(item.at for item in added))
    changed = replace(sample, raw={**sample.raw, **raw}, acts=(*kept, *added))
    return replace(own_units(changed, number, sample.no), as_of=datetime.fromisoformat(until))


def without(sample: Sample, index: int) -> Sample:
    return replace(sample, acts=sample.acts[:index] + sample.acts[index + 1 :])


def a_week_later(sample: Sample) -> Sample:
    return replace(sample, raw={**sample.raw, "received_at": (sample.received_at + timedelta(days=7)).isoformat()})


def expected_of(file: SampleFile, no: str, number: int) -> str:
    mark = ALPHABET[number // 31] + ALPHABET[number % 31]
    return UNIT.sub(lambda found: found[0][:8] + mark + found[0][10:], file.sealed[no])


def each_act_once(samples: Iterable[Sample]) -> list[tuple[Sample, int]]:
    """For every kind of act the shortest complaint that has it, with the act's index."""
    found: dict[str, tuple[Sample, int]] = {}
    for sample in sorted(samples, key=lambda sample: len(sample.acts)):
        for index, act in enumerate(sample.acts):
            found.setdefault(act.act, (sample, index))
    return list(found.values())
