"""The ``zeebe:`` extensions: which element has a meaning on which owner, with which attributes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bpmn.elements.kinds import FLOW_NODES

_WORK = frozenset(
    {
        "serviceTask",
        "businessRuleTask",
        "scriptTask",
        "sendTask",
        "endEvent",
        "intermediateThrowEvent",
        "globalBusinessRuleTask",
        "globalScriptTask",
    }
)
_USER = frozenset({"userTask", "globalUserTask"})

# extension element -> the owners it has a meaning on; empty: any
ZEEBE_ELEMENTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "userTask": _USER,
        "taskDefinition": _WORK,
        "taskHeaders": _WORK | _USER,
        "ioMapping": frozenset(),
        "assignmentDefinition": _USER,
        "taskSchedule": _USER,
        "priorityDefinition": _USER,
        "formDefinition": _USER | {"startEvent"},
        "script": frozenset({"scriptTask", "globalScriptTask"}),
        "calledDecision": frozenset({"businessRuleTask", "globalBusinessRuleTask"}),
        "calledElement": frozenset({"callActivity"}),
        "subscription": frozenset({"message"}),
        "loopCharacteristics": frozenset({"multiInstanceLoopCharacteristics"}),
        "properties": frozenset(),
        "versionTag": frozenset({"process"}),
        "adHoc": frozenset({"adHocSubProcess"}),
        "executionListeners": FLOW_NODES | {"process"},
        "taskListeners": frozenset({"userTask"}),
        "linkedResources": frozenset({"serviceTask"}),
        "jobPriorityDefinition": _WORK | {"process"},
        "conditionalFilter": frozenset({"conditionalEventDefinition"}),
        "userTaskForm": frozenset({"process"}),
    }
)
# extension element -> the attributes that it may have; those of the elements inside it stand beside
ZEEBE_ATTRIBUTES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "userTask": (),
        "taskDefinition": ("type", "retries"),
        "taskHeaders": (),
        "header": ("key", "value"),
        "ioMapping": (),
        "input": ("source", "target"),
        "output": ("source", "target"),
        "assignmentDefinition": ("assignee", "candidateGroups", "candidateUsers"),
        "taskSchedule": ("dueDate", "followUpDate"),
        "priorityDefinition": ("priority",),
        "formDefinition": ("formId", "externalReference", "formKey", "bindingType", "versionTag"),
        "script": ("expression", "resultVariable"),
        "calledDecision": ("decisionId", "resultVariable", "bindingType", "versionTag"),
        "calledElement": (
            "processId",
            "processIdExpression",
            "propagateAllParentVariables",
            "propagateAllChildVariables",
            "bindingType",
            "versionTag",
        ),
        "subscription": ("correlationKey",),
        "loopCharacteristics": ("inputCollection", "inputElement", "outputCollection", "outputElement"),
        "properties": (),
        "property": ("name", "value"),
        "versionTag": ("value",),
        "adHoc": ("activeElementsCollection", "outputCollection", "outputElement"),
        "conditionalFilter": ("variableNames", "variableEvents"),
        "userTaskForm": (),
        "executionListeners": (),
        "executionListener": ("eventType", "type", "retries"),
        "taskListeners": (),
        "taskListener": ("eventType", "type", "retries"),
        "linkedResources": (),
        "linkedResource": ("resourceId", "resourceType", "linkName", "bindingType", "versionTag"),
        "jobPriorityDefinition": ("priority",),
    }
)
# Kept without effect: ids, what Zeebe itself ignores, and what tells the Modeler where a value came from.
NOTES = ("id", "retryCounter", "modelerConfigurationTemplate", "modelerConfigurationName")
# (element, attribute) -> what to do instead
REFUSED_ATTRIBUTES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("calledElement", "businessId"): "Remove it: a called process runs in its caller's instance, under its key.",
    }
)
ZEEBE_REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "agentDefinition": "Use a service task.",
        "businessId": "Give the key when the instance is started.",
    }
)
