"""What a deployment consists of: files read with every problem at once, and what their models refer to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn.dmn import api as dmn
from bpmn.elements.details import Call, Decision, UserTask
from bpmn.elements.expression import Value
from bpmn.elements.node import Node
from bpmn.errors import DeploymentRefused, Problem
from bpmn.model import Graph
from bpmn.reader.read import read
from cases.decision_files import beside, closure, read_decisions
from cases.definitions import SUFFIXES
from cases.tables.engine import DefinitionVersion

FORM = "jiannuo:form"
# Where the files that a model refers to are looked for, from its own folder.
BESIDE = ("*.bpmn", "*.dmn", "*.form", "forms/*.form")


@dataclass(frozen=True, slots=True)
class Reference:
    """``kind`` and ``id`` of a definition that ``node`` of the file ``file`` calls or shows by a literal name."""

    kind: str
    id: str
    file: Path
    node: Node


@dataclass(frozen=True)
class Given:
    """One file of a deployment. ``refused``: every reason why not; ``imports``: the files that it imports."""

    path: Path
    kind: str
    hash: str
    defines: tuple[str, ...] = ()
    refers: tuple[Reference, ...] = ()
    refused: tuple[Problem, ...] = ()
    imports: tuple[Path, ...] = ()


def examine(path: Path) -> Given:
    """Raises OSError where the file cannot be read, nothing else."""
    source = path.read_bytes()
    kind = SUFFIXES.get(path.suffix, "")
    hash_ = sha256(source).hexdigest()
    try:
        if kind == "bpmn":
            graph = read(source, path.name)
            return Given(path, kind, hash_, tuple(graph.processes), tuple(_references(graph, path)))
        if kind == "dmn":
            files = closure(path, beside(path))
            elements = read_decisions(files).elements.values()
            defines = tuple(e.id for e in elements if e.kind == "decision")
            return Given(path, kind, hash_, defines, imports=tuple(files[1:]))
        if kind == "form":
            return Given(path, kind, hash_, (_form_id(source),))
    except DeploymentRefused as error:
        return Given(path, kind, hash_, refused=error.problems)
    except dmn.DmnReadError as error:
        found = (Problem(p.rule, p.element, p.name, p.line, p.message, p.remedy) for p in error.problems)
        return Given(path, kind, hash_, refused=tuple(found))
    except (dmn.DmnError, ValueError) as error:
        what = f"{path.name} cannot be read: {error}"
        return Given(path, kind, hash_, refused=(Problem("unreadable", "", "", 0, what, "Open and save it again."),))
    what = f"{path.name} is no process model, decision table or form."
    return Given(path, kind, hash_, refused=(Problem("file-kind", "", "", 0, what, "Name .bpmn, .dmn or .form."),))


def _form_id(source: bytes) -> str:
    form = json.loads(source)
    shaped = isinstance(form, dict) and isinstance(form.get("id"), str) and isinstance(form.get("components"), list)
    if not shaped:
        raise ValueError("a form is a JSON object with an id and a list of components.")
    return str(form["id"])


def _references(graph: Graph, path: Path) -> Iterator[Reference]:
    own = {form for process in graph.processes.values() for form in process.forms}
    for node in graph.nodes.values():
        for kind, value in _named(node):
            # An expression names its definition only when a case gets there.
            if value is not None and value.expression is None and value.text and value.text not in own:
                yield Reference(kind, value.text, path, node)


def _named(node: Node) -> Iterator[tuple[str, Value | None]]:
    match node.detail:
        case UserTask(form_id=form):
            yield "form", form
        case Decision(decision_id=decision):
            yield "dmn", decision
        case Call(process_id=process):
            yield "bpmn", process
    yield "form", node.properties.get(FORM)


def with_company(given: Sequence[Given]) -> list[Given]:
    """The given files, and those beside them that they import or refer to; the company's own references as well."""
    found = {one.path.resolve(): one for one in given}
    beside: dict[Path, list[Given]] = {}
    waiting = list(given)
    while waiting:
        one = waiting.pop(0)
        for path in (path.resolve() for path in one.imports):
            if path not in found:
                found[path] = examine(path)
        for reference in one.refers:
            if any(reference.id in known.defines and known.kind == reference.kind for known in found.values()):
                continue
            folder = one.path.resolve().parent
            if folder not in beside:
                beside[folder] = [examine(path) for path in _files_beside(folder)]
            for other in beside[folder]:
                if other.kind == reference.kind and reference.id in other.defines:
                    found[other.path] = other
                    waiting.append(other)
    return list(found.values())


def _files_beside(folder: Path) -> Iterable[Path]:
    return [path.resolve() for pattern in BESIDE for path in sorted(folder.glob(pattern))]


async def missing(session: AsyncSession, pack: str, given: Sequence[Given]) -> list[Reference]:
    """References that neither a file of this deployment nor an earlier one of the pack answers."""
    here = {(one.kind, id_) for one in given for id_ in one.defines}
    rows = await session.execute(
        select(DefinitionVersion.kind, DefinitionVersion.definition_id).where(DefinitionVersion.pack == pack).distinct()
    )
    there = {(row.kind, row.definition_id) for row in rows}
    return [
        reference for one in given for reference in one.refers if (reference.kind, reference.id) not in here | there
    ]
