"""Which BPMN tag may stand in which. What stands elsewhere is refused."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bpmn.elements.kinds import CONTAINERS, EVENTS, FLOW_NODES, GLOBAL_TASKS, TASKS

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
# What may stand in definitions and in a collaboration, and is free inside.
_ROOT_ELEMENTS = frozenset(
    {
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
        "globalConversation",
    }
)
_CONVERSATION = frozenset(
    {
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
    }
)
_FREE = None

# None: whatever stands inside is a note to people or tools, and is not looked at.
CHILDREN: Mapping[str, frozenset[str] | None] = MappingProxyType(
    {
        "definitions": _BASE | _DEFINITIONS | _ROOT_ELEMENTS | {"process", "collaboration", *GLOBAL_TASKS},
        "process": _BASE
        | _FLOW_CONTENT
        | {
            "property",
            "ioSpecification",
            "ioBinding",
            "correlationSubscription",
            "auditing",
            "monitoring",
            "supports",
            "resourceRole",
            "performer",
            "humanPerformer",
            "potentialOwner",
            "supportedInterfaceRef",
        },
        "collaboration": _BASE | _ARTIFACTS | _CONVERSATION | {"choreographyRef"},
        "correlationSubscription": _BASE | {"correlationPropertyBinding"},
        "correlationPropertyBinding": _BASE | {"dataPath"},
        **dict.fromkeys(CONTAINERS, _ACTIVITY | _FLOW_CONTENT),
        "adHocSubProcess": _ACTIVITY | _FLOW_CONTENT | {"completionCondition"},
        **dict.fromkeys(TASKS | {"callActivity"}, _ACTIVITY),
        **dict.fromkeys(GLOBAL_TASKS, _GLOBAL),
        "globalScriptTask": _GLOBAL | {"script"},
        "globalUserTask": _GLOBAL | {"rendering"},
        "scriptTask": _ACTIVITY | {"script"},
        "userTask": _ACTIVITY | {"rendering"},
        **dict.fromkeys(EVENTS, _EVENT),
        **dict.fromkeys({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"}, _NODE),
        "complexGateway": _NODE | {"activationCondition"},
        "sequenceFlow": _BASE | {"conditionExpression", "auditing", "monitoring", "categoryValueRef"},
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
        **dict.fromkeys(_ROOT_ELEMENTS | _CONVERSATION | {"documentation", "ioSpecification"}, _FREE),
    }
)
