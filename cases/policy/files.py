"""The models, forms and letter texts that belong to a pack."""

from functools import lru_cache
from pathlib import Path

from cases.policy.chain import read_chain
from cases.policy.loader import POLICIES, Stamp, stamp_of
from cases.policy.pack import PolicyPack


def folders(pack: PolicyPack, root: Path | None = None) -> tuple[Path, ...]:
    """Where files of `pack` are looked for, nearest first: its lineage, then that of its procedure."""
    below = root or POLICIES
    procedure = _lineage(pack.procedure.value, below, stamp_of(below))
    return tuple(below / name for name in dict.fromkeys((*pack.lineage, *procedure)))


@lru_cache(maxsize=32)
def _lineage(pack: str, root: Path, stamp: Stamp) -> tuple[str, ...]:
    # Reading the chain parses every file of it, and a push or a letter asks each time.
    return read_chain(pack, root).lineage


def find_files(pack: PolicyPack, pattern: str, root: Path | None = None) -> dict[str, Path]:
    """Relative name to nearest file, for every file that matches `pattern` (`*.bpmn`): a near one hides a far one."""
    found: dict[str, Path] = {}
    for folder in folders(pack, root):
        for file in sorted(folder.glob(pattern)):
            found.setdefault(file.relative_to(folder).as_posix(), file)
    return found
