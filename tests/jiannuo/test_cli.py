"""The command line: its table of commands and its exit statuses."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from jiannuo.cli import COMMANDS, main

JIANNUO = Path(sys.executable).with_name("jiannuo")

CONNECTS = """
import asyncio, sys
from temporalio.client import Client
import jiannuo.cli, jiannuo.settings_cli

async def connect():
    await Client.connect(sys.argv[1])

jiannuo.settings_cli.load_settings = lambda: asyncio.run(connect()) or sys.exit(3)
sys.exit(jiannuo.cli.main(["settings"]))
"""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_row_names_an_application(name: str) -> None:
    assert isinstance(importlib.import_module(COMMANDS[name].module).app, typer.Typer)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([], 0),
        (["--help"], 0),
        (["settings", "--help"], 0),
        (["settings"], 0),
        (["settings", "--nope"], 2),
        (["nope"], 2),
    ],
)
def test_exit_statuses(arguments: list[str], status: int) -> None:
    assert subprocess.run([str(JIANNUO), *arguments], capture_output=True).returncode == status


def test_an_unknown_command_is_told_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rnu"]) == 2
    error = capsys.readouterr().err
    assert "there is no command 'rnu'" in error
    assert all(name in error for name in COMMANDS)


def test_an_expected_failure_is_a_sentence_and_status_1(tmp_path: Path) -> None:
    result = subprocess.run(
        [str(JIANNUO), "settings"], env={"JIANNUO_PORT_FILE": str(tmp_path / "none")}, capture_output=True, text=True
    )
    assert result.returncode == 1
    assert result.stderr.startswith("jiannuo: JIANNUO_PORT_FILE names ")
    assert "Traceback" not in result.stderr


async def test_the_exit_status_survives_the_temporal_client(temporal_env: object) -> None:
    """Without the pause at exit, up to half of such short runs end with status 134."""
    target = temporal_env.client.service_client.config.target_host  # type: ignore[attr-defined]
    command = [sys.executable, "-c", CONNECTS, target]
    statuses = [subprocess.run(command, capture_output=True).returncode for _ in range(10)]  # noqa: ASYNC221
    assert statuses == [3] * 10
