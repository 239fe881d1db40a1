"""The local day table of a pack: `calendar.yaml` beside `policy.yaml`."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from cases.deadlines.calendar import DayKind, DayRow, DayTable
from cases.deadlines.errors import BadCalendar
from cases.policy.errors import Problem
from cases.policy.parameter import Name, Section


class _LocalDay(Section):
    kind: DayKind
    name: Name


class _Overlay(Section):
    version: Name
    document: Name
    years: tuple[int, ...]
    days: dict[date, _LocalDay]


def read_overlay(path: Path, shown: str) -> DayTable | Problem:
    """The table in `path`, or the problem with it; `shown` names the file in messages."""
    try:
        raw: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        overlay = _Overlay.model_validate(raw)
        rows = [DayRow(day, local.kind, local.name) for day, local in overlay.days.items()]
        return DayTable.of(overlay.version, rows, overlay.years)
    except FileNotFoundError:
        return Problem(
            shown, "(file)", "the calendar overlay must exist.", "Add the file or set calendar_overlay to null."
        )
    except (yaml.YAMLError, ValidationError, BadCalendar) as error:
        return Problem(
            shown, "(file)", f"the overlay must hold version, document, years and days: {error}", "Correct it."
        )
