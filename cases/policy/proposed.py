"""Packs as they would be if some parameters of one of them had other values. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from cases.errors import Invalid
from cases.policy.chain import Chain, is_parameter, read_chain
from cases.policy.errors import PackInvalid
from cases.policy.loader import POLICIES, available, built, load
from cases.policy.pack import PolicyPack

# What the date or the rungs of a deadline hang on. The calendar has acts of its own (cases/calendar_changes).
SECTIONS = ("deadlines", "channels", "ladders", "office_hours")
LIMIT = 20
EXAMPLE = "deadlines.verification.limit = 7wd"


def proposed(pack: str, changes: Mapping[str, str], root: Path | None = None) -> dict[str, PolicyPack]:
    """By name: the pack with each dotted path (``deadlines.verification.limit``) at its new value, written as in YAML,
    and every pack that inherits from it. Raises Invalid, whose keys are the paths.
    """
    folder = (root or POLICIES).resolve()
    if pack not in available(folder):
        raise Invalid({"pack": f"没有政策包“{pack}”；可选：{'、'.join(available(folder))}。"})
    if not changes or len(changes) > LIMIT:
        raise Invalid({"changes": f"请写出要试算的参数，每行一项，不超过{LIMIT}项：{EXAMPLE}。"})
    instead = {pack: _changed(read_chain(pack, folder), load(pack, folder), changes)}
    try:
        return {
            name: built(name, read_chain(name, folder, instead), folder)
            for name in available(folder)
            if pack in load(name, folder).lineage
        }
    except PackInvalid as invalid:
        own = load(pack, folder)
        raise Invalid(dict(_said(own, problem.path, changes) for problem in invalid.problems)) from None


def _changed(chain: Chain, pack: PolicyPack, changes: Mapping[str, str]) -> dict[str, Any]:
    own, problems = deepcopy(chain.own), {}
    for path, text in changes.items():
        keys = path.split(".")
        leaf = _leaf(chain.raw, keys)
        if keys[0] not in SECTIONS or leaf is None:
            problems[path] = _unknown(chain, pack, path)
            continue
        try:
            value = yaml.safe_load(text)
        except yaml.YAMLError:
            problems[path] = f"“{named(pack, path)}”的新值不能识别，请按 7wd、30d 或 -1wd 的形式填写。"
            continue
        depth, found = leaf
        # The pack says it itself from now on, with the source and basis that it had.
        node = own
        for key in keys[: depth - 1]:
            node = node.setdefault(key, {})
        said = node.setdefault(keys[depth - 1], deepcopy(found))
        _put(said, ["value", *keys[depth:]], value)
    if problems:
        raise Invalid(problems)
    return own


def _leaf(raw: Any, keys: list[str]) -> tuple[int, dict[str, Any]] | None:
    """How many keys lead to the parameter that the path names or lies in, and that parameter."""
    for depth, key in enumerate(keys, 1):
        if not isinstance(raw, Mapping) or key not in raw:
            return None
        raw = raw[key]
        if is_parameter(raw):
            return depth, dict(raw)
    return None


def _put(node: dict[str, Any], keys: list[str], value: Any) -> None:
    for key in keys[:-1]:
        node = node.setdefault(key, {})
    node[keys[-1]] = value


def _unknown(chain: Chain, pack: PolicyPack, path: str) -> str:
    near = get_close_matches(path, known_paths(chain.raw), 3, 0.5)
    meant = "、".join(named(pack, one) for one in near)
    return f"没有可试算的参数“{path}”。" + (f"是否为：{meant}？" if meant else "参数名称见“办理依据”页。")


def parsed(text: str) -> dict[str, str]:
    """Lines ``path = value``. Raises Invalid for a line that is none."""
    pairs = [line.partition("=") for line in text.splitlines() if line.strip()]
    if not all(sign for _, sign, _ in pairs):
        raise Invalid({"changes": f"每行写一项“参数 = 新值”，例如 {EXAMPLE}。"})
    return {path.strip(): value.strip() for path, _, value in pairs}


def known(pack: str, root: Path | None = None) -> list[str]:
    """Every path that can be tried in this pack."""
    return known_paths(read_chain(pack, (root or POLICIES).resolve()).raw)


def known_paths(raw: Mapping[str, Any]) -> list[str]:
    return [path for key in SECTIONS if key in raw for path in _below(raw[key], key)]


def _below(node: Any, path: str) -> list[str]:
    if is_parameter(node):
        inner = node["value"]
        deeper = [f"{path}.{key}" for key in inner] if isinstance(inner, Mapping) else []
        return [path, *deeper]
    if not isinstance(node, Mapping):
        return []
    return [found for key, value in node.items() for found in _below(value, f"{path}.{key}")]


def named(pack: PolicyPack, path: str) -> str:
    """A path in words, with the key in brackets: 核实认定期限（deadlines.verification.limit）."""
    keys = path.split(".")
    channel = pack.channels.get(keys[1]) if keys[0] == "channels" and len(keys) > 1 else None
    inner = keys[2:] if channel else keys
    clocks = channel.deadlines if channel else pack.deadlines
    clock = clocks.get(inner[1]) if len(inner) > 1 and inner[0] == "deadlines" else None
    words = "·".join(word for word in (channel.title if channel else "", clock.title if clock else "") if word)
    return f"{words}（{path}）" if words else path


def _said(pack: PolicyPack, path: str, changes: Mapping[str, str]) -> tuple[str, str]:
    """A problem of the pack under the change that caused it, where one can be named."""
    own = next((given for given in changes if path.startswith(given) or given.startswith(path)), None)
    if own is None:
        return path, f"按此修改后，政策的“{named(pack, path)}”不再成立。"
    forms = "工作日写作 7wd，自然日写作 30d，提前写作 -1wd；半天和小时不能计算，也不作取舍。"
    return own, f"“{named(pack, own)}”不能是“{changes[own]}”。{forms}"
