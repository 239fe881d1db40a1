"""Checks of the requirements graph (DMN 1.5, chapter 6): references lead somewhere, decisions form no cycle."""

from collections.abc import Iterator

from bpmn.dmn.errors import Problem
from bpmn.dmn.model import DECISION, Definitions, Element


def check_references(file: Definitions) -> Iterator[Problem]:
    for element in file.elements.values():
        for reference in (*element.requires, *element.outputs, *element.inputs):
            if file.resolve(reference) is None:
                yield Problem(
                    "dangling-reference", element.id, element.name, element.line,
                    f"It refers to '{reference.element}', which does not exist.", "Correct or remove the reference.",
                )


def cyclic(file: Definitions) -> Iterator[Problem]:
    """Business knowledge models may call each other in circles; decisions may not."""
    done: dict[str, bool] = {}
    for start in file.elements.values():
        path: list[tuple[Element, list[Element]]] = [(start, _required(file, start))] if start.kind == DECISION else []
        open_: list[str] = [start.id]
        while path:
            element, pending = path[-1]
            if not pending or done.get(element.id):
                done[element.id] = True
                path.pop()
                open_.pop()
                continue
            following = pending.pop()
            if following.id in open_:
                yield Problem(
                    "cyclic-requirement", element.id, element.name, element.line,
                    f"It requires '{following.name}', which requires it in turn.", "Break the cycle.",
                )
                return
            path.append((following, _required(file, following)))
            open_.append(following.id)


def _required(file: Definitions, element: Element) -> list[Element]:
    """Of this file. A circle through files that import each other shows when it is evaluated: null, with a warning."""
    targets = [file.elements.get(one.element) for one in element.requires if one.namespace == file.namespace]
    return [target for target in targets if target is not None and target.kind == DECISION]
