"""One running instance per data folder, held by a lock that the kernel frees however the process ends."""

import fcntl
import os
from pathlib import Path
from types import TracebackType

from jiannuo.errors import DataFolderInUse


class InstanceLock:
    """Context manager. The file stays behind: removing it would let two instances lock two different files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor = -1

    def __enter__(self) -> "InstanceLock":
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._folder / "instance.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode().strip() or "unknown"
            os.close(descriptor)
            raise DataFolderInUse(
                f"Another instance (process {holder}) is already using {self._folder}. "
                "Stop that one first, or choose another folder with JIANNUO_DATA_DIR."
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)
