"""A server left by a run that was killed. We hold the instance lock: whoever still works on the folder is an orphan."""

import asyncio
from pathlib import Path

import psutil

from jiannuo.embedded.progress import Progress, while_slow
from jiannuo.errors import DataFolderInUse

PATIENCE_S = 60.0


async def stop_orphans(executable: str, folder: Path, progress: Progress) -> None:
    """Stop the processes named `executable` that work on `folder`: by interrupt first, an orderly stop for both.

    A pid file is not trusted: after a reboot its number may belong to anybody. What counts is the command line or, for
    PostgreSQL's own children, the working directory.
    """
    orphans = [process for process in psutil.process_iter() if _works_on(process, executable, folder)]
    if not orphans:
        return
    numbers = ", ".join(str(orphan.pid) for orphan in orphans)
    progress(f"stopping the {executable} of an earlier run (process {numbers})")
    leaders = [orphan for orphan in orphans if orphan.ppid() not in {other.pid for other in orphans}]
    async with while_slow(progress, lambda seconds: f"still waiting for the earlier {executable} ({seconds} s)"):
        for leader in leaders:
            _interrupt(leader)
        _, alive = await asyncio.to_thread(psutil.wait_procs, orphans, PATIENCE_S)
        for process in alive:
            process.kill()
        _, alive = await asyncio.to_thread(psutil.wait_procs, alive, PATIENCE_S)
    if alive:
        raise DataFolderInUse(
            f"Process {alive[0].pid} of an earlier run still uses {folder} and cannot be stopped. "
            "Stop it as the user that started it, then start again."
        )


def is_live(pid: int, executable: str) -> bool:
    """Whether `pid` is a process of that name which is more than a zombie."""
    try:
        process = psutil.Process(pid)
        return process.name() == executable and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _works_on(process: psutil.Process, executable: str, folder: Path) -> bool:
    try:
        if process.name() != executable or process.status() == psutil.STATUS_ZOMBIE:
            return False
        return any(_names(argument, folder) for argument in process.cmdline()) or Path(process.cwd()) == folder
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _names(argument: str, folder: Path) -> bool:
    """`/data/cluster` and `--db-filename=/data/temporal/x.sqlite` name their folders; `/data/cluster2` is another."""
    path = argument.rpartition("=")[2]
    return path == str(folder) or path.startswith(f"{folder}/")


def _interrupt(process: psutil.Process) -> None:
    try:
        process.send_signal(2)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return
