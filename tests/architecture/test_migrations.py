"""Revisions of the database form one line: two heads could not be applied by anybody."""

from pathlib import Path

from alembic.script import ScriptDirectory


def test_revisions_form_one_line() -> None:
    script = ScriptDirectory(str(Path(__file__).parents[2] / "migrations"))
    assert len(script.get_heads()) == 1
    assert [revision.revision for revision in script.walk_revisions() if revision.is_merge_point] == []
