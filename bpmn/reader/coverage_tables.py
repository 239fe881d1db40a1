"""The element coverage as data: which BPMN tag may stand where, which extensions and attributes are executed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bpmn.elements.kinds import CONTAINERS, FLOW_NODES, GLOBAL_TASKS, TASKS

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
_GLOBAL = _BASE | {
    "ioSpecification",
    "ioBinding",
    "supportedInterfaceRef",
    "resourceRole",
    "performer",
    "humanPerformer",
    "potentialOwner",
}
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
            *GLOBAL_TASKS,
            "globalConversation",
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
        | {
            "participant",
            "messageFlow",
            "conversation",
            "subConversation",
            "callConversation",
            "conversationLink",
            "conversationAssociation",
            "participantAssociation",
            "messageFlowAssociation",
            "correlationKey",
        },
        **dict.fromkeys(CONTAINERS, _ACTIVITY | _FLOW_CONTENT),
        "adHocSubProcess": _ACTIVITY | _FLOW_CONTENT | {"completionCondition"},
        **dict.fromkeys(TASKS | {"callActivity"}, _ACTIVITY),
        **dict.fromkeys(GLOBAL_TASKS, _GLOBAL),
        "globalScriptTask": _GLOBAL | {"script"},
        "globalUserTask": _GLOBAL | {"rendering"},
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
            "complexBehaviorDefinition",
        },
        "complexBehaviorDefinition": _BASE | {"condition", "event"},
        "event": _EVENT,
        "standardLoopCharacteristics": _BASE | {"loopCondition"},
        "laneSet": _BASE | {"lane"},
        "lane": _BASE | {"flowNodeRef", "childLaneSet", "partitionElement"},
        "childLaneSet": _BASE | {"lane"},
        "dataInputAssociation": _BASE | {"sourceRef", "targetRef", "transformation", "assignment"},
        "dataOutputAssociation": _BASE | {"sourceRef", "targetRef", "transformation", "assignment"},
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
                "globalConversation",
                "conversation",
                "subConversation",
                "callConversation",
                "conversationLink",
                "conversationAssociation",
                "participantAssociation",
                "messageFlowAssociation",
                "correlationKey",
                "ioSpecification",
            },
            _FREE,
        ),
    }
)

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
        "executionListeners": FLOW_NODES,
        "taskListeners": frozenset({"userTask"}),
        "linkedResources": frozenset({"serviceTask"}),
        "jobPriorityDefinition": _WORK,
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
        "adHoc": ("activeElementsCollection",),
        "executionListeners": (),
        "executionListener": ("eventType", "type", "retries"),
        "taskListeners": (),
        "taskListener": ("eventType", "type", "retries"),
        "linkedResources": (),
        "linkedResource": ("resourceId", "resourceType", "linkName", "bindingType", "versionTag"),
        "jobPriorityDefinition": ("priority",),
    }
)
# Kept without effect: ids, and what Zeebe itself ignores.
NOTES = ("id", "retryCounter")
ZEEBE_REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "agentDefinition": "Use a service task.",
        "conditionalFilter": "Write what it filters into the condition.",
        "businessId": "Give the key when the instance is started.",
        "userTaskForm": "Put the form into a file of its own and refer to it by formId.",
    }
)

_BOOLEAN = ("true", "false", "1", "0")
# The schema's enumerations: a value outside of them would be read as if it were not there.
ATTRIBUTE_VALUES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "isExecutable",
                "isClosed",
                "isInterrupting",
                "cancelActivity",
                "parallelMultiple",
                "triggeredByEvent",
                "isForCompensation",
                "isSequential",
                "testBefore",
                "waitForCompletion",
                "instantiate",
                "cancelRemainingInstances",
                "isImmediate",
                "isCollection",
            ),
            _BOOLEAN,
        ),
        "behavior": ("None", "One", "All", "Complex"),
        "ordering": ("Parallel", "Sequential"),
        "gatewayDirection": ("Unspecified", "Converging", "Diverging", "Mixed"),
        "eventGatewayType": ("Exclusive", "Parallel"),
        "associationDirection": ("None", "One", "Both"),
    }
)
