"""Processes of the servers, asked about while some of them come and go."""

import contextlib
from collections.abc import Iterable

import psutil


def by_name(processes: Iterable[psutil.Process]) -> dict[str, psutil.Process]:
    """One of each name. PostgreSQL's short-lived workers may be gone since they were listed: they are left out."""
    found: dict[str, psutil.Process] = {}
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            found.setdefault(process.name(), process)
    return found
