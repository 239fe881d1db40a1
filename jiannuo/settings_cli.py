"""`jiannuo settings`: every setting with its value and where it comes from; secrets are masked."""

import json
import os
from dataclasses import asdict, dataclass

import typer
from pydantic import SecretStr

from jiannuo.settings import Settings, load_settings, variable

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

MASK = "********"


@dataclass(frozen=True)
class Row:
    name: str
    value: str
    source: str
    description: str


@app.command()
def settings(as_json: bool = typer.Option(False, "--json", help="Print a list of objects.")) -> None:
    """List every setting with its value and where the value comes from."""
    listed = rows(load_settings())
    if as_json:
        print(json.dumps([asdict(row) for row in listed], ensure_ascii=False, indent=2))
        return
    width = max(len(row.name) for row in listed)
    for row in listed:
        print(f"{row.name:{width}}  {row.value}  ({row.source})\n{'':{width}}  {row.description}")


def rows(loaded: Settings) -> list[Row]:
    return [
        Row(variable(name), _shown(getattr(loaded, name)), _source(name), field.description or "")
        for name, field in Settings.model_fields.items()
    ]


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return MASK
    return "" if value is None else str(value)


def _source(name: str) -> str:
    for source in (variable(name), f"{variable(name)}_FILE"):
        if source in os.environ:
            return source
    return "default"
