"""The element coverage as data: which BPMN tag may stand where, which extensions and attributes are executed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bpmn.elements.kinds import CONTAINERS, FLOW_NODES, TASKS

_BASE = frozenset({"documentation"})
_DEFINITIONS = frozenset(
    {
        "timerEventDefinition",
        "messageEventDefinition",
        "signalEventDefinition",
        "errorEventDefinition",
        "escalationEventDefinition",
        "conditionalEventDefinition",
        "linkEventDefinition",
        "terminateEventDefinition",
        "cancelEventDefinition",
        "compensateEventDefinition",
    }
)
_ARTIFACTS = frozenset({"textAnnotation", "association", "group"})
_NODE = _BASE | {"incoming", "outgoing", "auditing", "monitoring", "categoryValueRef"}
_DATA = frozenset({"property", "ioSpecification", "dataInputAssociation", "dataOutputAssociation"})
_ACTIVITY = (
    _NODE
    | _DATA
    | {
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "resourceRole",
        "performer",
        "humanPerformer",
        "potentialOwner",
    }
)
_FLOW_CONTENT = (
    FLOW_NODES
    | _ARTIFACTS
    | {
        "sequenceFlow",
        "laneSet",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
    }
)
_EVENT = (
    _NODE
    | _DEFINITIONS
    | {
        "eventDefinitionRef",
        "property",
        "dataInput",
        "dataOutput",
        "inputSet",
        "outputSet",
        "dataInputAssociation",
        "dataOutputAssociation",
    }
)
_FREE = None

# None: whatever stands inside is a note to people or tools, and is not looked at.
CHILDREN: Mapping[str, frozenset[str] | None] = MappingProxyType(
    {
        "definitions": _BASE
        | _DEFINITIONS
        | {
            "process",
            "collaboration",
            "message",
            "signal",
            "error",
            "escalation",
            "itemDefinition",
            "dataStore",
            "category",
            "import",
            "extension",
            "relationship",
            "interface",
            "endPoint",
            "resource",
            "partnerEntity",
            "partnerRole",
            "correlationProperty",
        },
        "process": _BASE
        | _FLOW_CONTENT
        | {
            "property",
            "ioSpecification",
            "auditing",
            "monitoring",
            "supports",
            "resourceRole",
            "performer",
            "humanPerformer",
            "potentialOwner",
            "supportedInterfaceRef",
        },
        "collaboration": _BASE
        | _ARTIFACTS
        | {"participant", "messageFlow", "conversation", "conversationLink", "messageFlowAssociation"},
        **dict.fromkeys(CONTAINERS, _ACTIVITY | _FLOW_CONTENT),
        "adHocSubProcess": _ACTIVITY | _FLOW_CONTENT | {"completionCondition"},
        **dict.fromkeys(TASKS | {"callActivity"}, _ACTIVITY),
        "scriptTask": _ACTIVITY | {"script"},
        "userTask": _ACTIVITY | {"rendering"},
        **dict.fromkeys(
            {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}, _EVENT
        ),
        **dict.fromkeys({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"}, _NODE),
        "complexGateway": _NODE | {"activationCondition"},
        "sequenceFlow": _BASE | {"conditionExpression"},
        "conditionExpression": frozenset(),
        "timerEventDefinition": _BASE | {"timeDate", "timeDuration", "timeCycle"},
        "messageEventDefinition": _BASE | {"operationRef"},
        "signalEventDefinition": _BASE,
        "errorEventDefinition": _BASE,
        "escalationEventDefinition": _BASE,
        "conditionalEventDefinition": _BASE | {"condition"},
        "linkEventDefinition": _BASE | {"source", "target"},
        "terminateEventDefinition": _BASE,
        "cancelEventDefinition": _BASE,
        "compensateEventDefinition": _BASE,
        "multiInstanceLoopCharacteristics": _BASE
        | {
            "loopCardinality",
            "loopDataInputRef",
            "loopDataOutputRef",
            "inputDataItem",
            "outputDataItem",
            "completionCondition",
        },
        "standardLoopCharacteristics": _BASE | {"loopCondition"},
        "laneSet": _BASE | {"lane"},
        "lane": _BASE | {"flowNodeRef", "childLaneSet", "partitionElement"},
        "childLaneSet": _BASE | {"lane"},
        "dataInputAssociation": _BASE | {"sourceRef", "targetRef", "assignment"},
        "dataOutputAssociation": _BASE | {"sourceRef", "targetRef", "assignment"},
        **dict.fromkeys(
            {
                "documentation",
                "message",
                "signal",
                "error",
                "escalation",
                "itemDefinition",
                "dataStore",
                "category",
                "import",
                "extension",
                "relationship",
                "interface",
                "endPoint",
                "resource",
                "partnerEntity",
                "partnerRole",
                "correlationProperty",
                "participant",
                "messageFlow",
                "conversation",
                "conversationLink",
                "messageFlowAssociation",
                "ioSpecification",
            },
            _FREE,
        ),
    }
)

_WORK = frozenset({"serviceTask", "businessRuleTask", "scriptTask", "sendTask", "endEvent", "intermediateThrowEvent"})

# extension element -> the owners it has a meaning on; empty: any
ZEEBE_ELEMENTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "userTask": frozenset({"userTask"}),
        "taskDefinition": _WORK,
        "taskHeaders": _WORK | {"userTask"},
        "ioMapping": frozenset(),
        "assignmentDefinition": frozenset({"userTask"}),
        "taskSchedule": frozenset({"userTask"}),
        "priorityDefinition": frozenset({"userTask"}),
        "formDefinition": frozenset({"userTask", "startEvent"}),
        "script": frozenset({"scriptTask"}),
        "calledDecision": frozenset({"businessRuleTask"}),
        "calledElement": frozenset({"callActivity"}),
        "subscription": frozenset({"message"}),
        "loopCharacteristics": frozenset({"multiInstanceLoopCharacteristics"}),
        "properties": frozenset(),
        "versionTag": frozenset({"process"}),
        "adHoc": frozenset({"adHocSubProcess"}),
    }
)
ZEEBE_REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "executionListeners": "Model the work as a task.",
        "taskListeners": "Model the work as a task before or after the user task.",
        "agentDefinition": "Use a service task.",
        "conditionalFilter": "Write what it filters into the condition.",
        "businessId": "Give the key when the instance is started.",
        "jobPriorityDefinition": "Remove it: jobs run as they come.",
        "linkedResources": "Remove it: jobs take their resources from the deployment.",
        "userTaskForm": "Put the form into a file of its own and refer to it by formId.",
    }
)

# (tag, attribute) -> values that are not executed
REFUSED_ATTRIBUTES: Mapping[tuple[str, str], frozenset[str]] = MappingProxyType(
    {
        ("multiInstanceLoopCharacteristics", "behavior"): frozenset({"None", "One", "Complex"}),
    }
)
