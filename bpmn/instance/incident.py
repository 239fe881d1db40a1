"""An incident keeps what failed, so that an operator can have it tried again."""

from __future__ import annotations

from dataclasses import field

from bpmn.events import Event
from bpmn.record import record
from bpmn.values import Json


@record
class Incident:
    """``stage`` is the work to repeat on the token (enter, complete, throw ...) with ``variables``
    (``caught`` tells none given from an empty set).

    ``event`` is set instead where a whole step was discarded: it is applied again.
    """

    key: int
    token: int
    element: str
    rule: str
    reason: str
    stage: str
    variables: dict[str, Json] = field(default_factory=dict)
    caught: bool = False
    event: Event | None = None
