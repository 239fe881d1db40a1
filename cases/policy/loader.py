"""Loading a policy pack: read, inherit, check, freeze. All problems are told at once."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cases.deadlines.calendar import DayTable
from cases.policy.chain import Chain, overlaid, pack_names, read_chain
from cases.policy.checks import cross_checks
from cases.policy.errors import PackInvalid, Problem
from cases.policy.overlay import read_overlay
from cases.policy.pack import PolicyPack

POLICIES = Path(__file__).resolve().parents[2] / "policies"
_REMEDIES = {
    "missing": "Add the key; a parameter is written {value, source, basis}.",
    "extra_forbidden": "Remove the key or correct its spelling.",
    "literal_error": "Choose one of the values named.",
}


Stamp = tuple[tuple[str, int, int], ...]


def load(pack: str, root: Path | None = None) -> PolicyPack:
    """The pack `pack` below `root` (by default the packs shipped with us). Raises PackInvalid with every problem."""
    folder = (root or POLICIES).resolve()
    return _load(pack, folder, stamp_of(folder))


def available(root: Path | None = None) -> tuple[str, ...]:
    """Names of the packs that can be loaded."""
    return pack_names(root or POLICIES)


def stamp_of(root: Path) -> Stamp:
    """Changes whenever a file of any pack does, so that a loaded pack is never older than its file."""
    files = sorted(root.glob("*/*.yaml"))
    return tuple((str(file), stat.st_mtime_ns, stat.st_size) for file in files for stat in (file.stat(),))


@lru_cache(maxsize=32)
def _load(pack: str, root: Path, stamp: Stamp) -> PolicyPack:
    return built(pack, read_chain(pack, root), root)


def built(pack: str, chain: Chain, root: Path) -> PolicyPack:
    """The pack that a chain of files amounts to. Raises PackInvalid with every problem."""
    problems: list[Problem] = []
    if chain.own.get("abstract"):
        problems.append(
            Problem(
                f"{pack}/policy.yaml",
                "abstract",
                "this pack only serves as an ancestor.",
                "Load a pack that inherits it.",
            )
        )
    raw = {key: value for key, value in chain.raw.items() if key != "abstract"}
    raw |= {"lineage": chain.lineage, "overlay": _overlay(chain, root, problems)}
    raw["channels"] = _with_whole_clocks(raw.get("channels", {}), raw.get("deadlines", {}))
    loaded: PolicyPack | None = None
    try:
        loaded = PolicyPack.model_validate(raw)
    except ValidationError as error:
        problems += [_problem(chain, detail) for detail in error.errors()]
    if loaded is not None:
        problems += cross_checks(loaded, chain)
    if problems or loaded is None:
        raise PackInvalid(pack, problems)
    return loaded


def _overlay(chain: Chain, root: Path, problems: list[Problem]) -> DayTable | None:
    named = chain.raw.get("calendar_overlay")
    file = named.get("value") if isinstance(named, Mapping) else named
    if file is None:
        return None
    folder = chain.file_of("calendar_overlay").rpartition("/")[0]
    table = read_overlay(root / folder / str(file), f"{folder}/{file}")
    if isinstance(table, Problem):
        problems.append(table)
        return None
    return table


def _with_whole_clocks(channels: Any, deadlines: Any) -> Any:
    """A channel names only what differs in a clock; the rest of that clock comes from the pack."""
    if not isinstance(channels, Mapping) or not isinstance(deadlines, Mapping):
        return channels
    return {code: dict(_completed(channel, deadlines)) for code, channel in channels.items()}


def _completed(channel: Any, deadlines: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if not isinstance(channel, Mapping):
        return
    for key, value in channel.items():
        if key == "deadlines" and isinstance(value, Mapping):
            value = {name: overlaid(deadlines.get(name, {}), own) for name, own in value.items()}
        yield key, value


def _problem(chain: Chain, detail: ErrorDetails) -> Problem:
    path = ".".join(str(part) for part in detail["loc"])
    remedy = _REMEDIES.get(detail["type"], "Correct the value.")
    return Problem(chain.file_of(path), path, f"{detail['msg']}.", remedy)
