"""Reading a pack and its ancestors, and laying them over one another."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from cases.policy.errors import PackInvalid, Problem

_PARAMETER = {"value", "source", "basis"}
FILE = "policy.yaml"
# Read as text, so that a pack that is broken elsewhere is still listed.
_ABSTRACT = re.compile(r"^abstract:\s*true\s*$", re.MULTILINE)


class _StrictLoader(yaml.SafeLoader):
    """YAML keeps the last of two equal keys without a word; a pack may not say the same thing twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} stands twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


@dataclass(slots=True)
class Chain:
    """`own` is the pack's file alone, `raw` the pack over its ancestors. `origins` maps a dotted path to the
    file that said it last.
    """

    lineage: tuple[str, ...]
    own: dict[str, Any]
    raw: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)

    def file_of(self, path: str) -> str:
        """The file that set `path` or its nearest parent."""
        while path and path not in self.origins:
            path = path.rpartition(".")[0]
        return self.origins.get(path, f"{self.lineage[0]}/{FILE}")


def pack_names(root: Path) -> tuple[str, ...]:
    """Packs below `root` that can be loaded; abstract ones, kept only to be inherited from, are left out."""
    files = sorted(root.glob(f"*/{FILE}"))
    return tuple(file.parent.name for file in files if not _ABSTRACT.search(file.read_text(encoding="utf-8")))


def read_chain(pack: str, root: Path, instead: Mapping[str, dict[str, Any]] | None = None) -> Chain:
    """``instead``: what a pack of the chain would say in place of its file.

    Raises PackInvalid when a file is missing, is not YAML, or inherits from itself.
    """
    documents: list[tuple[str, dict[str, Any]]] = []
    name: str | None = pack
    while name is not None:
        if name in (known for known, _ in documents):
            raise _invalid(
                pack, name, "inherits", f"the pack inherits from itself through {name}.", "Break the circle."
            )
        raw = instead[name] if instead and name in instead else _read(pack, name, root)
        documents.append((name, raw))
        name = raw.get("inherits")
    chain = Chain(tuple(name for name, _ in documents), documents[0][1])
    for name, raw in reversed(documents):
        own = {key: value for key, value in raw.items() if key != "inherits"}
        chain.raw = _merge(chain.raw, own, "", f"{name}/{FILE}", chain.origins)
    return chain


def _read(pack: str, name: str, root: Path) -> dict[str, Any]:
    path = root / name / FILE
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), _StrictLoader)
    except FileNotFoundError as error:
        packs = ", ".join(pack_names(root)) or "none"
        raise _invalid(pack, name, "", "there is no such pack.", f"Use one of: {packs}.") from error
    except yaml.YAMLError as error:
        raise _invalid(
            pack, name, "", f"the file is not YAML that can be read: {error}", "Correct it there."
        ) from error
    if not isinstance(raw, dict):
        raise _invalid(pack, name, "", "the file must be a mapping of keys.", "Start it with `pack:`.")
    return raw


def _invalid(pack: str, name: str, path: str, expected: str, remedy: str) -> PackInvalid:
    return PackInvalid(pack, [Problem(f"{name}/{FILE}", path or "(file)", expected, remedy)])


def _merge(below: Any, above: Any, path: str, file: str, origins: dict[str, str]) -> Any:
    """Mappings are merged key by key; a parameter, a list or a plain value replaces what was below."""
    if path:
        origins[path] = file
    if not isinstance(above, Mapping) or is_parameter(above):
        return above
    lower = below if isinstance(below, Mapping) and not is_parameter(below) else {}
    merged = dict(lower)
    for key, value in above.items():
        merged[key] = _merge(lower.get(key), value, f"{path}.{key}" if path else str(key), file, origins)
    return merged


def is_parameter(node: Any) -> bool:
    """Whether a raw node is a `{value, source, basis}` leaf, complete or not."""
    return isinstance(node, Mapping) and "value" in node and set(node) <= _PARAMETER


def overlaid(below: Any, above: Any) -> Any:
    """`above` laid over `below`, as between packs."""
    return _merge(below, above, "", "", {})
