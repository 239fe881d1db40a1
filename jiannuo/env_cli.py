"""`jiannuo env check`: what this machine offers, before anything is started."""

import json
import platform
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass

import typer

from jiannuo.embedded.account import require_way, service_account
from jiannuo.embedded.binaries import postgres_bin, temporal_binary, temporal_version
from jiannuo.embedded.ports import choose_port
from jiannuo.errors import JiannuoError
from jiannuo.settings import Settings, load_settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@dataclass(frozen=True)
class Finding:
    what: str
    good: bool
    found: str


@app.callback()
def env() -> None:
    """Tell what this machine offers."""


@app.command()
def check(as_json: bool = typer.Option(False, "--json", help="Print a list of objects.")) -> None:
    """Check interpreter, wheels, data folder and ports; status 1 if `jiannuo run` could not work."""
    settings = load_settings()
    findings = [_examine(what, look, settings) for what, look in EXAMINATIONS.items()]
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            print(f"{'ok' if finding.good else 'NO':3} {finding.what}: {finding.found}")
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


def _examine(what: str, look: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(what, True, look(settings))
    except JiannuoError as error:
        return Finding(what, False, str(error))


def _postgres(settings: Settings) -> str:
    return str(postgres_bin())


def _temporal(settings: Settings) -> str:
    return f"{temporal_binary()} ({temporal_version()})"


def _data(settings: Settings) -> str:
    account = service_account(settings.data_dir / "postgres")
    require_way(account, settings.data_dir)
    return f"{settings.data_dir}, PostgreSQL runs as {account.name if account else 'the same user'}"


def _ports(settings: Settings) -> str:
    wished = {"API": settings.port, "Temporal": settings.temporal_port, "Temporal's pages": settings.temporal_ui_port}
    busy = [f"{port} ({name})" for name, port in wished.items() if choose_port(port).replaces is not None]
    return f"busy and to be replaced: {', '.join(busy)}" if busy else "the wished ones are free"


EXAMINATIONS: dict[str, Callable[[Settings], str]] = {
    "Python": lambda _: f"{platform.python_version()} on {platform.platform()}, {sys.executable}",
    "PostgreSQL": _postgres,
    "Temporal": _temporal,
    "data folder": _data,
    "ports": _ports,
}
