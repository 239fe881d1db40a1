"""Whom PostgreSQL runs as. It refuses root, so root hands it to an unprivileged user that the machine already has."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from jiannuo.errors import DataFolderUnreachable

# `postgres` first: where it exists it owns databases only, while `nobody` may be shared with other services.
CANDIDATES = ("postgres", "nobody", "daemon")


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    def may_enter(self, folder: Path) -> Path | None:
        """The first folder on the way that keeps this account out, by permission bits; None when the way is open."""
        for step in (*reversed(folder.parents), folder):
            try:
                status = step.stat()
            except FileNotFoundError:
                return None
            shift = 6 if status.st_uid == self.uid else 3 if status.st_gid == self.gid else 0
            if not (status.st_mode >> shift) & 0o1:
                return step
        return None


def service_account(existing: Path) -> Account | None:
    """The owner of `existing` data, else the first candidate; None when we are not root and keep our own identity."""
    if os.geteuid() != 0:
        return None
    if existing.exists() and (owner := existing.stat().st_uid) != 0:
        entry = pwd.getpwuid(owner)
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise DataFolderUnreachable(
        "PostgreSQL refuses to run as root, and this machine has none of the users "
        f"{', '.join(CANDIDATES)} to hand it to. Run jiannuo as an ordinary user."
    )


def require_way(account: Account | None, folder: Path) -> None:
    if account is not None and (barrier := account.may_enter(folder)) is not None:
        raise DataFolderUnreachable(
            f"PostgreSQL refuses to run as root and runs as {account.name}, which may not enter "
            f"{barrier} on the way to {folder}. Set JIANNUO_DATA_DIR to a folder open to it (for example "
            "/var/lib/jiannuo), or run as an ordinary user."
        )
