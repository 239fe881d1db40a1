"""The schema's enumerations: a value outside of them would be read as if it were not there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_BOOLEAN = ("true", "false", "1", "0")
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
