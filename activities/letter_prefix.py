"""机关代字 of a unit, from its name: 云岭盟交通运输局 becomes 云岭交通信, 青原旗教育体育局 becomes 青原教体信."""

from __future__ import annotations

import re

# Customary short forms of organs; a name that holds none of them keeps its stem.
SHORT: tuple[tuple[str, str], ...] = (
    ("发展和改革", "发改"), ("发展改革", "发改"), ("人民政府", "政"), ("教育体育", "教体"), ("交通运输", "交通"),
    ("住房和城乡建设", "住建"), ("自然资源", "自然资"), ("工业和信息化", "工信"), ("人力资源和社会保障", "人社"),
    ("市场监督管理", "市监"), ("农牧", "农牧"), ("农业农村", "农"), ("水利", "水"), ("财政", "财"), ("审计", "审"),
    ("文化和旅游", "文旅"), ("卫生健康", "卫健"), ("民政", "民"), ("司法", "司"), ("商务", "商务"),
    ("督查", "督"), ("信访", "访"), ("组织部", "组"), ("纪律检查", "纪"), ("信用牵头部门", "信用"), ("复核机关", "复"),
)  # fmt: skip
# What the letters are about; the same for every unit, so that a case's letters are recognised in any register.
SUBJECT = "信"
_BRACKETS = re.compile(r"[（(][^（()）]*[)）]")
# A unit of a division that the directory knows by its code only.
_CODE = re.compile(r"^\d{6}(?!\d)")
_QUOTES = re.compile(r"[“”《》\"'\s]")
_DIVISION = re.compile(r"^(.{2,}?)(?:特别行政区|自治区|自治州|自治县|自治旗|省|盟|地区|州|市|县|旗|区)")
_SUFFIX = re.compile(r"(?:委员会|办公室|管理局|总局|局|厅|处|室|中心|委)$")
LONGEST = 8


def prefix_of(unit: str, region: str) -> str:
    """``region`` is the name of the unit's division, with or without those above it."""
    name, place = _plain(unit), _plain(region)
    held = next((place[i:] for i in range(len(place)) if len(place) - i >= 2 and name.startswith(place[i:])), "")
    division = _DIVISION.match(held) or (None if held else _DIVISION.match(name))
    rest = name[len(held) :] if held else name[division.end() :] if division else name
    short = _divisions(held)[-1:] if held else [division.group(1)] if division else []
    return f"{short[0] if short else ''}{_organ(rest)}{SUBJECT}"


def _plain(name: str) -> str:
    return _CODE.sub("", _QUOTES.sub("", _BRACKETS.sub("", name)))


def _divisions(name: str) -> list[str]:
    """云岭盟青原旗: 云岭, 青原. A name without such an ending (a code) stays whole."""
    found: list[str] = []
    while match := _DIVISION.match(name):
        found.append(match.group(1))
        name = name[match.end() :]
    return [*found, name] if name else found


def _organ(rest: str) -> str:
    known = next((short for long, short in SHORT if long in rest), None)
    stem = _SUFFIX.sub("", rest) or rest
    return known or stem[:LONGEST]
