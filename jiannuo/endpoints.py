"""Where the servers are: named by settings, or written down by the `jiannuo run` that started them."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from jiannuo.errors import SettingsRefused
from jiannuo.settings import Settings

FILE = "endpoints.json"


@dataclass(frozen=True)
class Endpoints:
    dsn: str = field(repr=False)
    temporal_address: str
    temporal_namespace: str


@dataclass(frozen=True)
class Record:
    """`process` tells a later reader whether the servers still run."""

    process: int
    endpoints: Endpoints


def write_endpoints(folder: Path, endpoints: Endpoints) -> None:
    """Readable by nobody else: it holds the database's password."""
    unfinished = folder / f"{FILE}.new"
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(Record(os.getpid(), endpoints)), file)
    unfinished.replace(folder / FILE)


def forget_endpoints(folder: Path) -> None:
    (folder / FILE).unlink(missing_ok=True)


def connected(settings: Settings) -> Endpoints:
    """For commands that need servers and start none. Raises SettingsRefused when there are none."""
    running = _running(settings.data_dir)
    dsn = settings.postgres_dsn.get_secret_value() if settings.postgres_dsn else running.dsn if running else None
    address = settings.temporal_address or (running.temporal_address if running else None)
    if dsn is None or address is None:
        raise SettingsRefused(
            "This needs the servers. Start jiannuo run in another terminal (with the same JIANNUO_DATA_DIR), "
            "or name them in JIANNUO_POSTGRES_DSN and JIANNUO_TEMPORAL_ADDRESS."
        )
    return Endpoints(dsn, address, settings.temporal_namespace)


def with_endpoints(settings: Settings, endpoints: Endpoints) -> Settings:
    """The same settings, with the servers that were found or started named in them."""
    return Settings(
        **settings.model_dump()
        | {
            "postgres_dsn": endpoints.dsn,
            "temporal_address": endpoints.temporal_address,
            "temporal_namespace": endpoints.temporal_namespace,
        }
    )


def _running(folder: Path) -> Endpoints | None:
    try:
        record = json.loads((folder / FILE).read_text())
    except FileNotFoundError:
        return None
    return Endpoints(**record["endpoints"]) if psutil.pid_exists(record["process"]) else None
