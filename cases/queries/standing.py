"""Which open cases stand still: nobody has acted for as many working days as the policy says."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from cases.queries.light import Lights
from cases.tables.positions import CasePosition


def stalled(lights: Lights) -> ColumnElement[bool]:
    """Of a query over positions. A case that came in since is not stalled, however silent."""
    return CasePosition.acted_at <= lights.stalled_since
