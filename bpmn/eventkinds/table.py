"""The registry of event kinds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bpmn.eventkinds.cancel import CancelKind
from bpmn.eventkinds.compensate import CompensateKind
from bpmn.eventkinds.conditional import ConditionalKind
from bpmn.eventkinds.error import ErrorKind
from bpmn.eventkinds.escalation import EscalationKind
from bpmn.eventkinds.kind import EventKind
from bpmn.eventkinds.link import LinkKind
from bpmn.eventkinds.message import MessageKind
from bpmn.eventkinds.signal import SignalKind
from bpmn.eventkinds.terminate import TerminateKind
from bpmn.eventkinds.timer import TimerKind

KINDS: Mapping[str, EventKind] = MappingProxyType(
    {
        kind.kind: kind
        for kind in (
            TimerKind(),
            MessageKind(),
            SignalKind(),
            ErrorKind(),
            EscalationKind(),
            ConditionalKind(),
            LinkKind(),
            TerminateKind(),
            CancelKind(),
            CompensateKind(),
        )
    }
)
