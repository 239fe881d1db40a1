"""Camunda Modeler's element templates for our tasks and properties, written from the tables."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from jiannuo.element_template_tables import GROUPS, INPUTS, JOBS, KINDS, PROPERTIES, Kind

# By this address the Modeler tells templates of its Camunda 8 mode; nothing is loaded from it.
SCHEMA = "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json"
PREFIX = "jiannuo."
VERSION = 1

_USER_TASK: tuple[dict[str, Any], ...] = (
    {"type": "Hidden", "binding": {"type": "zeebe:userTask"}},
    {
        "label": "表单", "description": "forms 目录中表单的标识", "type": "String", "group": "work",
        "binding": {"type": "zeebe:formDefinition", "property": "formId"},
    },
    {
        "label": "候选组", "description": '岗位@单位 的列表，例如 =["accepting_dept@" + unit]', "type": "String",
        "group": "work", "feel": "optional",
        "binding": {"type": "zeebe:assignmentDefinition", "property": "candidateGroups"},
    },
    {
        "label": "到期", "description": '期限写 =deadline("名称")', "type": "String", "group": "deadline",
        "feel": "optional", "binding": {"type": "zeebe:taskSchedule", "property": "dueDate"},
    },
)  # fmt: skip


def templates() -> list[dict[str, Any]]:
    return [*(_of_kind(kind) for kind in KINDS), *(_of_job(type_) for type_ in JOBS)]


def text() -> str:
    return json.dumps(templates(), ensure_ascii=False, indent=2) + "\n"


def _of_kind(kind: Kind) -> dict[str, Any]:
    first = _USER_TASK if kind.element == "bpmn:UserTask" else ()
    properties = [*first, *map(_property, kind.properties)]
    element: dict[str, Any] = {"value": kind.element}
    if kind.event is not None:
        element["eventDefinition"] = kind.event
    return _template(kind.id, kind.name, kind.description, element, properties)


def _of_job(type_: str) -> dict[str, Any]:
    name, inputs = JOBS[type_]
    properties: list[dict[str, Any]] = [
        {"type": "Hidden", "value": type_, "binding": {"type": "zeebe:taskDefinition", "property": "type"}},
        {
            "label": "重试次数", "description": "全部失败后由管理员处置", "type": "String", "value": "5",
            "feel": "optional", "binding": {"type": "zeebe:taskDefinition", "property": "retries"},
        },
        *({
            "label": f"{INPUTS[one]}（{one}）", "type": "String", "feel": "optional", "optional": True,
            "group": "inputs", "binding": {"type": "zeebe:input", "name": one},
        } for one in inputs),
        *map(_property, ("role", "basis", "startsDeadline", "deadlineScope", "deadlineFrom", "endsDeadline")),
    ]  # fmt: skip
    return _template(f"job.{type_}", f"践诺·{name}", f"系统作业 {type_}", {"value": "bpmn:ServiceTask"}, properties)


def _property(name: str) -> dict[str, Any]:
    offered = PROPERTIES[name]
    found: dict[str, Any] = {
        "label": offered.label, "description": offered.description, "type": "String", "group": offered.group,
        "optional": True,
    }  # fmt: skip
    if offered.feel:
        found["feel"] = "optional"
    return {**found, "binding": {"type": "zeebe:property", "name": f"jiannuo:{name}"}}


def _template(
    id_: str, name: str, description: str, element: dict[str, Any], properties: list[dict[str, Any]]
) -> dict[str, Any]:
    applies = element["value"]
    tasks = ("bpmn:UserTask", "bpmn:ServiceTask", "bpmn:BusinessRuleTask")
    return {
        "$schema": SCHEMA,
        "id": f"{PREFIX}{id_}",
        "name": name,
        "description": description,
        "version": VERSION,
        "appliesTo": ["bpmn:Task", applies] if applies in tasks else [applies],
        "elementType": element,
        "groups": [{"id": group, "label": GROUPS[group]} for group in _groups(properties)],
        "properties": properties,
    }


def _groups(properties: Iterable[dict[str, Any]]) -> list[str]:
    used = {one["group"] for one in properties if "group" in one}
    return [group for group in GROUPS if group in used]
