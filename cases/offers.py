"""Acts that a person may do at any moment: message catches of the model with a form.

``jiannuo:when`` (a condition) and ``jiannuo:candidates`` (a list of role@unit) are FEEL texts judged on the case's
variables each time someone looks or acts, since a catch opens long before its units are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bpmn.feel.api import compile_expression, evaluate
from bpmn.values import Json
from cases.states import state_of
from cases.tables.engine import Instance
from cases.tables.worklist import Subscription, Task

SHANGHAI = ZoneInfo("Asia/Shanghai")
WHEN = "jiannuo:when"
CANDIDATES = "jiannuo:candidates"
MATCHES = "jiannuo:matches"


def root_variables(instance: Instance) -> Mapping[str, Json]:
    """Variables of the process scope, by the latest logged state."""
    if instance.state is None:
        return {}
    state = state_of(instance.state)
    return state.scopes[state.root].variables if state.root in state.scopes else {}


def offered(properties: Mapping[str, Any], variables: Mapping[str, Json], now: datetime) -> bool:
    condition = properties.get(WHEN)
    return condition is None or _value(str(condition), variables, now) is True


def candidates_of(target: Task | Subscription, variables: Mapping[str, Json], now: datetime) -> list[str]:
    """Who may take a task (fixed when it was created) or do an open act (as the case stands now)."""
    if isinstance(target, Task):
        return list(target.candidates)
    text = target.properties.get(CANDIDATES)
    found = _value(str(text), variables, now) if text else []
    return [str(item) for item in found if item] if isinstance(found, list | tuple) else []


def _value(text: str, variables: Mapping[str, Json], now: datetime) -> Any:
    return evaluate(compile_expression(text), variables, now=now, zone=SHANGHAI).value


def position(instance: Instance) -> list[str]:
    """The elements at which the case stands, by the latest logged state, those of called processes among them."""
    if instance.state is None:
        return []
    state = state_of(instance.state)
    return sorted({token.node for token in state.tokens.values()})
