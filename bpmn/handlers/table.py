"""The registry of event handlers, by class of event."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bpmn.handlers import catches, instance, jobs, migration, operator, tasks, undo
from bpmn.handlers.handler import Handler

HANDLERS: Mapping[type, Handler] = MappingProxyType(
    {
        **instance.HANDLERS,
        **tasks.HANDLERS,
        **jobs.HANDLERS,
        **catches.HANDLERS,
        **operator.HANDLERS,
        **undo.HANDLERS,
        **migration.HANDLERS,
    }
)
