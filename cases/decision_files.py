"""A decision file and the files that it imports are read, checked and deployed as one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bpmn.dmn import api as dmn


def closure(path: Path, among: Sequence[Path]) -> list[Path]:
    """``path``, then those of ``among`` that it imports, directly or further on. What is not among them is left to the
    reader to name. Raises DmnReadError where ``path`` is no DMN.
    """
    found, wanted = [path], sorted(_namespaces(path)[1])
    known: dict[str, Path] = {}
    for other in among if wanted else ():
        try:
            known.setdefault(_namespaces(other)[0], other)
        except dmn.DmnReadError:
            continue  # a neighbour that nobody may need; if it is needed, its import is missing
    while wanted:
        imported = known.get(wanted.pop(0))
        if imported is not None and imported not in found:
            found.append(imported)
            wanted += sorted(_namespaces(imported)[1])
    return found


def beside(path: Path) -> list[Path]:
    return [other for other in sorted(path.parent.glob("*.dmn")) if other != path]


def read_decisions(files: Sequence[Path]) -> dmn.Definitions:
    """The first one, with the others at hand. Raises DmnReadError with every problem of the first file that has any."""
    return dmn.read_together([(file.read_bytes(), file.name) for file in files])[0]


def _namespaces(path: Path) -> tuple[str, frozenset[str]]:
    return dmn.namespaces(path.read_bytes(), path.name)
