"""The plan file: which element of the old model becomes which of the new one. A person reads and mends it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from bpmn.migration import Match
from cases.errors import Invalid

KEYS = ("from", "to", "elements", "unmatched")
HASH = 64


@dataclass(frozen=True)
class Plan:
    """``mapping`` holds ids of nodes and flows; what it leaves out keeps its id, if the new model has it."""

    process_id: str
    from_hash: str
    to_process_id: str
    to_hash: str
    mapping: Mapping[str, str] = field(default_factory=dict)


def dump(plan: Plan, found: Match, *, as_json: bool = False) -> str:
    """``unmatched`` lists what a person must decide: a target's id, or nothing where no case stands there."""
    ends = {
        "from": {"process": plan.process_id, "hash": plan.from_hash},
        "to": {"process": plan.to_process_id, "hash": plan.to_hash},
    }
    if as_json:
        unmatched: dict[str, Any] = {node.id: None for node, _ in found.unmatched}
        return json.dumps(
            {**ends, "elements": dict(plan.mapping), "unmatched": unmatched}, ensure_ascii=False, indent=2
        )
    head = yaml.safe_dump({**ends, "elements": dict(plan.mapping)}, allow_unicode=True, sort_keys=False)
    lines = [
        head.rstrip("\n"),
        "# 冒号后写新模型中对应元素的标识；空着的，停在那里的案件不迁移，保持原版本。",
        "unmatched:" if found.unmatched else "unmatched: {}",
    ]
    for node, suggested in found.unmatched:
        perhaps = f"，可能对应 {suggested}" if suggested else ""
        called = f" {node.name}" if node.name else ""
        lines.append(f"  {json.dumps(node.id)}:   # {node.kind}{called}{perhaps}")
    return "\n".join(lines) + "\n"


def parse(text: str) -> Plan:
    """YAML or JSON. Raises Invalid with every problem."""
    try:
        given = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Invalid({"plan": f"方案文件不是有效的 YAML 或 JSON：{getattr(error, 'problem', error)}。"}) from None
    if not isinstance(given, dict):
        raise Invalid(
            {"plan": "方案文件应当是一个对象，含 from、to、elements 三项；请用 jiannuo bpmn migrate plan 生成。"}
        )
    problems = {key: f"方案文件没有“{key}”这一项的用法，请删去。" for key in given if key not in KEYS}
    for end in ("from", "to"):
        part = given.get(end)
        if not isinstance(part, dict) or not isinstance(part.get("process"), str) or not _is_hash(part.get("hash")):
            problems[end] = f"“{end}”应当写明 process（流程标识）和 hash（模型文件的 SHA-256，{HASH} 位十六进制）。"
    mapping: dict[str, str] = {}
    for key in ("elements", "unmatched"):
        part = given.get(key) or {}
        if not isinstance(part, dict) or any(not isinstance(to, str) for to in part.values() if to is not None):
            problems[key] = f"“{key}”应当逐行写明“旧元素: 新元素”，两边都是元素标识。"
        else:
            mapping |= {str(source): to for source, to in part.items() if to}
    if problems:
        raise Invalid(problems)
    return Plan(given["from"]["process"], given["from"]["hash"], given["to"]["process"], given["to"]["hash"], mapping)


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and len(value) == HASH and all(digit in "0123456789abcdef" for digit in value)
