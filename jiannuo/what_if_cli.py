"""`jiannuo what-if`: which open deadlines would move if a limit or a ladder were another. Nothing is changed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cases.errors import Problem
from cases.policy.proposed import parsed
from cases.what_if import what_if
from jiannuo.calendar_cli import AsJson, show_preview, with_session
from jiannuo.errors import JiannuoError
from jiannuo.settings import load_settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def try_limits(
    changes: Annotated[
        list[str] | None, typer.Argument(help="path=value, such as deadlines.verification.limit=7wd; several at once.")
    ] = None,
    file: Annotated[Path | None, typer.Option(help="The same, one a line.")] = None,
    policy: Annotated[str, typer.Option(help="The pack; the deployed default unless given.")] = "",
    as_json: AsJson = False,
) -> None:
    """Counts every running deadline of the pack, and of those that inherit from it, as if it said so."""
    try:
        lines = [*(file.read_text(encoding="utf-8").splitlines() if file else ()), *(changes or ())]
    except OSError as error:
        raise JiannuoError(f"{file} cannot be read: {error.strerror}.") from None
    try:
        asked = parsed("\n".join(lines))
    except Problem as problem:
        raise JiannuoError(problem.sentence) from None
    pack = policy or load_settings().policy
    show_preview(with_session(lambda session: what_if(session, pack, asked, datetime.now(UTC))), as_json)
