"""The other platforms as a pack sees them: whom each serves, and which of our facts go there under which name.

One file per platform, ``policies/<pack>/platforms/<key>.yaml``. The field names of the national standard are not public
(no public field list), so theirs stand in that file alone. It is also the gate: a fact that a file does not name never
leaves, whatever a message holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from cases.errors import NotFound
from cases.policy.files import find_files
from cases.policy.pack import PolicyPack
from cases.policy.parameter import Name, Section

# Nobody may map these: they are, or may hold, who complained (S2 保障措施四).
NEVER = frozenset(
    {
        "complainant", "complainant_name", "complainant_uscc", "complainant_alias", "complainant_digest", "party",
        "contact", "phone", "email", "statement", "request", "title", "contract_no", "project_name",
    }
)  # fmt: skip
ITEMS = "items"
ITEM = "item"


class Platform(Section):
    """``serves``: the targets that the policy names. ``required``: facts without which a case's line is incomplete;
    ``required_after``: those that it needs from a stage on. ``fields``: kind of message → our name → theirs."""

    key: Name
    title: Name
    serves: tuple[Name, ...]
    required: tuple[Name, ...] = ()
    required_after: Mapping[str, tuple[Name, ...]] = {}
    fields: Mapping[str, Mapping[Name, Name]]

    def render(self, kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """``content`` in the platform's own names. Raises NotFound when it takes no such message."""
        if kind not in self.fields:
            raise NotFound(f"{self.title}的字段对照表中没有“{kind}”这种报文，请在policies中补充。")
        rendered = _renamed(content, self.fields[kind])
        if ITEMS in self.fields[kind] and isinstance(content.get(ITEMS), list):
            rendered[self.fields[kind][ITEMS]] = [_renamed(line, self.fields[ITEM]) for line in content[ITEMS]]
        return rendered


def _renamed(content: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {theirs: content.get(ours) for ours, theirs in names.items()}


def platforms(pack: PolicyPack, root: Path | None = None) -> dict[str, Platform]:
    """Key to platform: the pack's own file, else its ancestor's."""
    files = find_files(pack, "platforms/*.yaml", root)
    return {Path(name).stem: _read(path) for name, path in sorted(files.items())}


def platform_for(pack: PolicyPack, target: str, root: Path | None = None) -> Platform:
    """The platform that serves ``target``. Raises NotFound."""
    for platform in platforms(pack, root).values():
        if target in platform.serves:
            return platform
    raise NotFound(f"政策包{pack.pack}没有服务于“{target}”的平台，请在platforms目录补充字段对照表。")


def _read(path: Path) -> Platform:
    where = f"{path.parent.parent.name}/platforms/{path.name}"
    try:
        platform = Platform.model_validate({"key": path.stem, **yaml.safe_load(path.read_text(encoding="utf-8"))})
    except (ValidationError, yaml.YAMLError, TypeError) as error:
        raise NotFound(f"平台文件{where}无法读取：{error}") from None
    leaking = sorted({ours for names in platform.fields.values() for ours in names} & NEVER)
    if leaking:
        raise NotFound(f"平台文件{where}要送出{'、'.join(leaking)}，其中可能有投诉人信息，不予采用。")
    return platform
