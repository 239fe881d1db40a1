"""docs/operating.md is held to the code."""

import re
from pathlib import Path

from jiannuo.cli import COMMANDS
from jiannuo.settings import Settings, variable

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()


def test_every_setting_has_a_row_with_its_description() -> None:
    rows = dict(re.findall(r"^\| `(JIANNUO_[A-Z_]+)` \| .*? \| (.*) \|$", PAGE, re.MULTILINE))
    assert rows == {variable(name): field.description for name, field in Settings.model_fields.items()}


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_command_is_mentioned() -> None:
    assert [name for name in COMMANDS if f"`jiannuo {name}" not in PAGE] == []
