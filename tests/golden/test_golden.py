"""What every release left behind is still read: histories replay, in fresh processes and whatever the order of hashes;
states load, migrated where they are older, and go on as they did."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bpmn import codec
from bpmn.instance import migrations
from bpmn.json_text import loads
from bpmn.semantics import BEGUN
from bpmn.state import STATE_VERSION
from tests.golden.record import folder_of_this_release
from tests.golden.states import replay_states

HERE = Path(__file__).parent


@pytest.mark.parametrize("seed", ["0", "1"])
def test_golden_histories_replay(seed: str) -> None:
    run = subprocess.run(
        [sys.executable, str(HERE / "replay.py")],
        env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-3000:]
    assert run.stdout.split() == sorted(str(path.relative_to(HERE)) for path in HERE.glob("*/histories/*.json"))
    assert run.stdout


STATES = sorted(HERE.glob("*/states/*.json"))


@pytest.mark.parametrize("path", STATES, ids=lambda path: str(path.relative_to(HERE)))
def test_stored_states_go_on_as_they_did(path: Path) -> None:
    assert replay_states(path) > 0


def test_this_release_has_a_golden_folder() -> None:
    """Fails when the version or BEGUN was raised and nothing recorded: python -m tests.golden.record."""
    folder = folder_of_this_release()
    for part in ("histories/*.json", "models/*.bpmn", "states/*.json"):
        assert list(folder.glob(part)), f"{folder.name} lacks {part}"
    assert folder.name.endswith(f"-{BEGUN}")


def test_a_state_of_an_older_version_is_brought_forward_one_version_at_a_time() -> None:
    stored = '{"version":1,"kind":"State","case":"k-1","steps":3}'
    seen: list[int] = []

    def renamed(plain: dict[str, Any]) -> dict[str, Any]:
        seen.append(plain["version"])
        return {("business_key" if name == "case" else name): value for name, value in plain.items()}

    def kept(plain: dict[str, Any]) -> dict[str, Any]:
        seen.append(plain["version"])
        return plain

    state = codec.from_plain(migrations.migrate(loads(stored), {1: renamed, 2: kept}, 3))
    assert (state.business_key, state.steps, state.version, seen) == ("k-1", 3, 3, [1, 2])


def test_every_older_version_has_its_migration() -> None:
    assert sorted(migrations.MIGRATIONS) == list(range(1, STATE_VERSION))


def test_a_state_of_a_newer_release_is_refused_with_both_numbers() -> None:
    newer = f'{{"version":{STATE_VERSION + 1},"kind":"State","business_key":"k"}}'
    with pytest.raises(ValueError, match=f"version {STATE_VERSION + 1}; this engine knows versions up to"):
        codec.load_state(newer)
