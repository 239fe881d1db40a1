"""Lanes: a task without candidate groups of its own goes to the lane that it lies in."""

from __future__ import annotations

from typing import Any

from lxml import etree

from bpmn import dialect
from bpmn.dialect import ZEEBE
from bpmn.reader.source import Source, kid, kids, local_ref, text_of, zeebe


def read_lanes(source: Source, process: etree._Element, nodes: dict[str, dict[str, Any]]) -> None:
    """Inner lanes win over the lanes around them; nested containers inherit the lane of the subprocess."""
    for container in process.iter(f"{{{dialect.BPMN}}}laneSet"):
        _apart(source, container)
        _lane_set(container, nodes)
    for fields in nodes.values():
        parent = nodes.get(fields["parent"]) if fields["parent"] != fields["process"] else None
        while fields.get("lane") is None and parent is not None:
            fields["lane"] = parent.get("lane")
            parent = nodes.get(parent["parent"]) if parent["parent"] != parent["process"] else None


def _apart(source: Source, lane_set: etree._Element) -> None:
    """§10.8: the lanes of a set part the process; lanes inside a lane part that one."""
    seen: dict[str, etree._Element] = {}
    for lane in kids(lane_set, "lane"):
        for reference in {local_ref(text_of(child)): None for child in kids(lane, "flowNodeRef")}:
            other = seen.setdefault(reference, lane)
            if other is not lane:
                source.problem(
                    "lane-twice",
                    lane,
                    f"'{reference}' lies in this lane and in '{other.get('name') or other.get('id')}'.",
                    "Keep it in one of them.",
                )


def _lane_set(lane_set: etree._Element, nodes: dict[str, dict[str, Any]]) -> None:
    for lane in kids(lane_set, "lane"):
        role = lane.get("name") or lane.get("id")
        properties = zeebe(lane, "properties")
        if properties is not None:
            for element in kids(properties, "property", ZEEBE):
                if element.get("name") == dialect.ROLE:
                    role = element.get("value")
        for reference in kids(lane, "flowNodeRef"):
            fields = nodes.get(local_ref(text_of(reference)))
            if fields is not None:
                fields["lane"] = role
        inner = kid(lane, "childLaneSet")
        if inner is not None:
            _lane_set(inner, nodes)
