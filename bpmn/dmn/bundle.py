"""Files that are read together: each after those it imports, whatever their order, and those that import each other."""

from collections.abc import Iterator, Sequence

from bpmn.dmn.model import Definitions
from bpmn.dmn.reader import read_definitions
from bpmn.dmn.xml import children, parse

# Types of files that import each other may refer to and fro; each round resolves one crossing more.
_ROUNDS = 4


def read_bundle(files: Sequence[tuple[bytes, str]], lenient: bool) -> list[Definitions]:
    """In the order given. Raises DmnReadError for the first file with problems."""
    imports = [namespaces(source, name) for source, name in files]
    done: dict[int, Definitions] = {}
    for circle in _in_order(imports):
        rounds = _ROUNDS if len(circle) > 1 else 1
        for number in range(rounds):
            for position in circle:
                source, name = files[position]
                others = [read for other, read in done.items() if other != position]
                done[position] = read_definitions(source, name, others, lenient or number < rounds - 1)
    return [done[position] for position in range(len(files))]


def namespaces(source: bytes, name: str) -> tuple[str, frozenset[str]]:
    """The file's own namespace, and those that it imports. Raises DmnReadError for what is no DMN."""
    root = parse(source, name)
    wanted = frozenset(one.get("namespace") or "" for one in children(root, "import"))
    own = root.get("namespace") or ""
    return own, wanted - {own}


def _in_order(imports: list[tuple[str, frozenset[str]]]) -> Iterator[list[int]]:
    """Circles of files, single ones mostly, each after those that it imports."""
    by_namespace: dict[str, int] = {}
    for position, (namespace, _) in enumerate(imports):
        by_namespace.setdefault(namespace, position)
    direct = [sorted(by_namespace[one] for one in wanted if one in by_namespace) for _, wanted in imports]
    reached = [_reached(direct, position) for position in range(len(imports))]
    waiting = list(range(len(imports)))
    while waiting:
        # Of what is left, a file whose imports lead only back to itself stands at the bottom.
        bottom = next(one for one in waiting if all(one in reached[other] for other in reached[one] & set(waiting)))
        circle = sorted({bottom, *(reached[bottom] & set(waiting))})
        yield circle
        waiting = [one for one in waiting if one not in circle]


def _reached(direct: list[list[int]], start: int) -> set[int]:
    """The files that this one imports, directly or further on."""
    found: dict[int, None] = {}
    pending = list(direct[start])
    while pending:
        position = pending.pop()
        if position not in found:
            found[position] = None
            pending.extend(direct[position])
    return set(found)
