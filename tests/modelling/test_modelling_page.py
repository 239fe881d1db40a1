"""Every command on the page for analysts is run in its order, on the example beside it, and so on the Chinese page."""

import asyncio
import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jiannuo.bpmn_cli import app
from jiannuo.migration_job import MigrationJob
from tests.shell.shell import Shell

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("modelling.md", "modelling.zh-CN.md")
# diff tells by its exit code that something differs.
STATUS = {"diff": 1}
TOLD = {
    "check": "reply-1.bpmn: can be deployed",
    "run": "status: completed",
    "list": "process  reply version 1",
    "migrate dry-run": "2 can move, 0 refused",
    "migrate apply": "2 moved",
    "migrate status": "1  done  2 moved",
}


def commands(page: str) -> list[str]:
    text = (DOCS / page).read_text()
    return [line for block in re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S) for line in block.splitlines()]


def test_both_pages_show_the_same_commands() -> None:
    english, chinese = (commands(page) for page in PAGES)
    assert english == chinese
    assert {line.split()[2] for line in english} >= {"templates", "check", "run", "deploy", "list", "diff", "migrate"}


@pytest.mark.usefixtures("command_line")
async def test_every_command_does_what_the_page_says(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "examples"
    shutil.copytree(DOCS / "examples", folder)
    monkeypatch.chdir(folder)
    stop, cases = asyncio.Event(), list[str]()
    moving = asyncio.create_task(MigrationJob(shell.stores, shell.client).run(stop))
    for line in commands(PAGES[0]):
        words = shlex.split(line)
        assert words[:2] == ["jiannuo", "bpmn"]
        # In a thread of its own, since every command runs a loop of its own.
        result = await asyncio.to_thread(CliRunner().invoke, app, words[2:])
        said = next((name for name in TOLD if line.startswith(f"jiannuo bpmn {name}")), None)
        assert result.exit_code == STATUS.get(words[2], 0), (line, result.output, result.exception)
        assert said is None or "reply-2" in line or TOLD[said] in result.output, (line, result.output)
        if line == "jiannuo bpmn list":
            cases = [await shell.begin("reply", unit="U1") for _ in range(2)]
            await shell.quiet(*cases)
            await shell.complete(cases[0], "draft")
        if words[2:4] == ["migrate", "plan"]:
            text = (folder / "plan.yaml").read_text()
            assert '"review":   # userTask 审核答复，可能对应 check' in text
            (folder / "plan.yaml").write_text(text.replace('"review":', '"review": check'))
    stop.set()
    await moving
    assert [await shell.open_tasks(case) for case in cases] == [["check"], ["draft"]]
