"""The histories of every release replay with today's code, in a fresh process and whatever the order of hashes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize("seed", ["0", "1"])
def test_golden_histories_replay(seed: str) -> None:
    run = subprocess.run(
        [sys.executable, str(HERE / "replay.py")],
        env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-3000:]
    assert run.stdout.split() == sorted(path.name for path in HERE.glob("*.json"))
    assert run.stdout
