"""The files of the embedded PostgreSQL: made whole or not at all, and checked before the server touches them.

    folder/            owned by the account that the server runs as, mode 0700
      password         mode 0600
      cluster/         PGDATA; `cluster.new` until initdb has finished, so a killed first start leaves no half cluster
"""

import asyncio
import os
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from jiannuo.embedded.account import Account, require_way, service_account
from jiannuo.embedded.binaries import POSTGRES_MAJOR, postgres_bin
from jiannuo.embedded.child import credentials
from jiannuo.errors import DataFolderBroken, ServerDidNotStart

SUPERUSER = "jiannuo"
ESSENTIAL_FILES = ("PG_VERSION", "global/pg_control", "pg_hba.conf", "postgresql.conf")


@dataclass(frozen=True)
class Cluster:
    folder: Path
    account: Account | None
    binaries: Path
    password: str

    @property
    def data(self) -> Path:
        return self.folder / "cluster"


async def prepare_cluster(folder: Path, *, durable: bool = True) -> Cluster:
    """Make the cluster if there is none; refuse one that is broken. `durable=False` skips initdb's fsync, for tests."""
    account = service_account(folder)
    require_way(account, folder.parent)
    binaries = postgres_bin(account)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _hand_over(folder, account)
    if (folder / "cluster").exists():
        _require_whole(folder / "cluster")
        return Cluster(folder, account, binaries, _read_password(folder))
    cluster = Cluster(folder, account, binaries, _new_password(folder, account))
    await asyncio.to_thread(_initialise, cluster, durable)
    return cluster


def _initialise(cluster: Cluster, durable: bool) -> None:
    unfinished = cluster.folder / "cluster.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    command = [
        str(cluster.binaries / "initdb"),
        f"--pgdata={unfinished}",
        f"--username={SUPERUSER}",
        f"--pwfile={cluster.folder / 'password'}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        # The builtin provider sorts alike on every machine and across libc upgrades, which would corrupt indexes.
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        *(() if durable else ("--no-sync",)),
    ]
    result = subprocess.run(command, cwd="/", capture_output=True, text=True, **credentials(cluster.account))
    if result.returncode != 0:
        raise ServerDidNotStart(
            f"PostgreSQL could not make its data folder {cluster.data}: {result.stderr.strip()} "
            "Check that the disk is not full and that the folder may be written to."
        )
    unfinished.rename(cluster.data)
    descriptor = os.open(cluster.folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _require_whole(data: Path) -> None:
    missing = [name for name in ESSENTIAL_FILES if not (data / name).exists()]
    if missing:
        raise DataFolderBroken(
            f"{data} is not a whole PostgreSQL data folder: {', '.join(missing)} is missing. "
            "Restore it from a backup, or delete everything and start empty with make reset."
        )
    version = (data / "PG_VERSION").read_text().strip()
    if version != POSTGRES_MAJOR:
        raise DataFolderBroken(
            f"{data} was written by PostgreSQL {version}, and this release carries {POSTGRES_MAJOR}. "
            "Dump it with the release that wrote it and restore it here; docs/operating.md says how."
        )


def _new_password(folder: Path, account: Account | None) -> str:
    password = secrets.token_urlsafe(24)
    file = folder / "password"
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.write(descriptor, password.encode())
    os.fsync(descriptor)
    os.close(descriptor)
    _hand_over(file, account)
    return password


def _read_password(folder: Path) -> str:
    try:
        return (folder / "password").read_text().strip()
    except FileNotFoundError:
        raise DataFolderBroken(
            f"The password file {folder / 'password'} is missing, and without it the database cannot be opened. "
            "Restore it from a backup, or delete everything and start empty with make reset."
        ) from None


def _hand_over(path: Path, account: Account | None) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid)
