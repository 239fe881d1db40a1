"""Imports every table module, so that ``Base.metadata`` is whole (migrations, tests)."""

from __future__ import annotations

from cases.tables import (  # noqa: F401  imported for what they add to the metadata
    calendar_changes,
    clocks,
    complaints,
    engine,
    ledger,
    letters,
    messages,
    model_changes,
    orders,
    organisations,
    people,
    positions,
    records,
    saved_queries,
    searching,
    sharing,
    start_schedules,
    unit_contacts,
    visits,
    worklist,
)
from cases.tables.base import Base

METADATA = Base.metadata
