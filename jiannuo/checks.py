"""`make test`: every check in turn, the cheap ones first, each with the time that it took.

The tests come last, so that pytest's closing line is the last line printed.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS: dict[str, list[str]] = {
    "ruff": [str(BIN / "ruff"), "check", "."],
    "imports": [str(BIN / "lint-imports"), "--no-logo"],
    "mypy": [str(BIN / "mypy")],
}
# Whole files stay on one worker: each worker owns one PostgreSQL, and a module's database is made once.
TESTS = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "--durations", "10"]


def main(arguments: list[str]) -> int:
    for name, command in CHECKS.items():
        began = time.monotonic()
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        print(f"{name:8} {'ok' if result.returncode == 0 else 'FAILED'} {time.monotonic() - began:6.1f} s", flush=True)
        if result.returncode != 0:
            print(result.stdout + result.stderr)
            return result.returncode
    if "--without-tests" in arguments:
        return 0
    print("tests", flush=True)
    os.chdir(ROOT)
    return subprocess.run(TESTS).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
