"""The registry of behaviours: each module registers its kinds beside their code."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bpmn.behaviours import (
    ad_hoc_sub_process,
    business_rule_task,
    call_activity,
    catch_event,
    complex_gateway,
    event_based_gateway,
    exclusive_gateway,
    inclusive_gateway,
    parallel_gateway,
    pass_through,
    receive_task,
    script_task,
    send_task,
    service_task,
    sub_process,
    throw_event,
    user_task,
)
from bpmn.behaviours.behaviour import Behaviour

_MODULES = (
    pass_through,
    catch_event,
    throw_event,
    exclusive_gateway,
    parallel_gateway,
    inclusive_gateway,
    event_based_gateway,
    complex_gateway,
    user_task,
    service_task,
    send_task,
    receive_task,
    script_task,
    business_rule_task,
    sub_process,
    call_activity,
    ad_hoc_sub_process,
)
BEHAVIOURS: Mapping[str, Behaviour] = MappingProxyType(
    {kind: behaviour for module in _MODULES for kind, behaviour in module.BEHAVIOURS.items()}
)
