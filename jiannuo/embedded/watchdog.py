"""Ends the embedded servers when the process that started them dies without stopping them (SIGKILL, a crash).

A process of its own, run as a plain script: its standard input is a pipe from the parent. Lines `watch PID SIGNAL`
and `forget PID` keep the list (a number stays a child's until the parent has waited for it, so none is a stranger's);
end of input means that the parent is gone. Not PR_SET_PDEATHSIG: that one is Linux only, is cleared when privileges
are dropped, fires at the death of the starting *thread*, and needs Python code between fork and exec.
"""

import contextlib
import os
import signal
import sys


def main() -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    watched: dict[int, int] = {}
    for line in sys.stdin:
        verb, pid, *rest = line.split()
        if verb == "watch":
            watched[int(pid)] = int(rest[0])
        else:
            watched.pop(int(pid), None)
    for pid, number in watched.items():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


if __name__ == "__main__":
    main()
