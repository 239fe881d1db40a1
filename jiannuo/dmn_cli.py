"""`jiannuo dmn run`: evaluate a decision or decision service of a DMN file."""

from pathlib import Path
from typing import Annotated

import typer

from bpmn.dmn.api import Definitions, DmnError, evaluate_decision, read_together
from bpmn.feel.api import FeelError
from jiannuo.feel_cli import ZONE, fail, instant, json_object, show
from jiannuo.problem_words import text

app = typer.Typer(name="dmn", help="Decision models.", no_args_is_help=True, add_completion=False)


@app.callback()
def _group() -> None:
    """Keeps `run` a named command while it is the only one."""


@app.command("run")
def dmn_run(
    file: Annotated[Path, typer.Argument(help="The DMN file.")],
    decision: Annotated[str, typer.Option(help="Id or name of the decision or decision service.")],
    input_: Annotated[str, typer.Option("--input", help="The input data, as a JSON object.")] = "{}",
    imports: Annotated[list[Path] | None, typer.Option("--import", help="Another file that it imports.")] = None,
    strict: Annotated[bool, typer.Option(help="Refuse a file with any problem, as a deployment does.")] = False,
    now: Annotated[str | None, typer.Option(help="The instant for now() and today(), ISO 8601.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object.")] = False,
) -> None:
    """Evaluate one decision. Without --strict, parts of the file with problems count as null, with a warning."""
    values = json_object(input_, "--input")
    moment = instant(now)
    try:
        definitions = _read(file, imports or [], strict)
        result = evaluate_decision(definitions, decision, values, moment, ZONE, free_variables=True)
    except (DmnError, FeelError) as error:
        raise fail(str(error)) from error
    warnings = (*(text(problem) for problem in definitions.problems), *result.warnings)
    show(result.value, warnings, {"matched_rules": list(result.matched_rules)}, as_json)


def _read(file: Path, imports: list[Path], strict: bool) -> Definitions:
    sources = [(_bytes(path), path.name) for path in (file, *imports)]
    return read_together(sources, lenient=not strict)[0]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise fail(f"The file {path} cannot be read: {error.strerror}.") from error
