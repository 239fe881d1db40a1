"""Names that contain spaces and operators (DMN 1.5, 10.3.1.4): the longest known name at a place wins."""

from collections.abc import Iterable

from bpmn.feel.characters import is_name_part, is_name_start


def split_name(name: str) -> tuple[str, ...]:
    """Identifier parts and symbols of a name; white space between them is not significant."""
    parts: list[str] = []
    position = 0
    while position < len(name):
        start = position
        if is_name_part(name[position]):
            while position < len(name) and is_name_part(name[position]):
                position += 1
            parts.append(name[start:position])
            continue
        if not name[position].isspace():
            parts.append(name[position])
        position += 1
    return tuple(parts)


def normal(name: str) -> str:
    """One spelling for all spacings: single spaces, none at the ends."""
    return " ".join(name.split())


def is_simple(name: str) -> bool:
    return bool(name) and is_name_start(name[0]) and all(is_name_part(character) for character in name)


class NameIndex:
    """The multi-part names of one scope, by their first part. Simple names need no entry: any identifier may be one."""

    def __init__(self, names: Iterable[str] = (), parent: "NameIndex | None" = None) -> None:
        self._by_head: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._parent = parent
        # Sorted, since callers hand in sets and a tie must not depend on the order of their hashes.
        for name in sorted(names):
            self.add(name)

    def add(self, name: str) -> None:
        if not is_simple(name):
            parts = split_name(name)
            if parts and is_name_start(parts[0][0]):
                self._by_head.setdefault(parts[0], []).append((parts, normal(name)))

    def longest(self, text: str, start: int, head: str) -> tuple[str, int] | None:
        """The longest known name whose first part `head` stands at `start`: the name and where it ends."""
        best: tuple[str, int] | None = None
        index: NameIndex | None = self
        while index is not None:
            for parts, name in index._by_head.get(head, ()):
                end = _match(text, start, parts)
                if end is not None and (best is None or end > best[1]):
                    best = (name, end)
            index = index._parent
        return best


class ChainedIndex(NameIndex):
    """Looks in two indexes: item members first, then the scope."""

    def __init__(self, first: NameIndex, second: NameIndex) -> None:
        super().__init__((), None)
        self._first = first
        self._second = second

    def longest(self, text: str, start: int, head: str) -> tuple[str, int] | None:
        one = self._first.longest(text, start, head)
        other = self._second.longest(text, start, head)
        own = super().longest(text, start, head)
        found = [match for match in (one, other, own) if match is not None]
        return max(found, key=lambda match: match[1]) if found else None


def _match(text: str, position: int, parts: tuple[str, ...]) -> int | None:
    for number, part in enumerate(parts):
        if number:
            while position < len(text) and text[position].isspace():
                position += 1
        if not text.startswith(part, position):
            return None
        position += len(part)
        if is_name_part(part[-1]) and position < len(text) and is_name_part(text[position]):
            return None
    return position
