"""Attributes of BPMN's own namespace: which element has which. Another one is a slip that would change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bpmn.elements.kinds import ACTIVITIES, EVENTS, GATEWAYS

_NODE = ("id", "name")
_ACTIVITY = (*_NODE, "isForCompensation", "startQuantity", "completionQuantity", "default")
_TRIGGER = (*_NODE, "parallelMultiple")
_CHOICE = (*_NODE, "gatewayDirection", "default")
_MORE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "userTask": ("implementation",),
        "businessRuleTask": ("implementation",),
        "serviceTask": ("implementation", "operationRef"),
        "sendTask": ("implementation", "operationRef", "messageRef"),
        "receiveTask": ("implementation", "operationRef", "messageRef", "instantiate"),
        "scriptTask": ("scriptFormat",),
        "callActivity": ("calledElement",),
        "subProcess": ("triggeredByEvent",),
        "transaction": ("triggeredByEvent", "method", "protocol"),
        "adHocSubProcess": ("triggeredByEvent", "ordering", "cancelRemainingInstances"),
    }
)
ATTRIBUTES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **{kind: (*_ACTIVITY, *_MORE.get(kind, ())) for kind in sorted(ACTIVITIES)},
        **dict.fromkeys(sorted(EVENTS), _NODE),
        "startEvent": (*_TRIGGER, "isInterrupting"),
        "intermediateCatchEvent": _TRIGGER,
        "boundaryEvent": (*_TRIGGER, "cancelActivity", "attachedToRef"),
        **dict.fromkeys(sorted(GATEWAYS), _CHOICE),
        "parallelGateway": (*_NODE, "gatewayDirection"),
        "eventBasedGateway": (*_NODE, "gatewayDirection", "instantiate", "eventGatewayType"),
        "sequenceFlow": (*_NODE, "sourceRef", "targetRef", "isImmediate"),
        "timerEventDefinition": ("id",),
        "conditionalEventDefinition": ("id",),
        "terminateEventDefinition": ("id",),
        "cancelEventDefinition": ("id",),
        "messageEventDefinition": ("id", "messageRef"),
        "signalEventDefinition": ("id", "signalRef"),
        "errorEventDefinition": ("id", "errorRef"),
        "escalationEventDefinition": ("id", "escalationRef"),
        "linkEventDefinition": ("id", "name"),
        "compensateEventDefinition": ("id", "activityRef", "waitForCompletion"),
        "standardLoopCharacteristics": ("id", "testBefore", "loopMaximum"),
        "multiInstanceLoopCharacteristics": (
            "id",
            "isSequential",
            "behavior",
            "oneBehaviorEventRef",
            "noneBehaviorEventRef",
        ),
    }
)
