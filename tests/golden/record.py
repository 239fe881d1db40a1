"""Writes the golden folder of this release: `python -m tests.golden.record`. Those of earlier releases stay."""

import asyncio
import re
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path

from bpmn.semantics import BEGUN
from tests.golden.clocks import record_clocks
from tests.golden.states import record_states
from tests.shell.machine import machine
from tests.shell.shell import MODELS, Shell

HERE = Path(__file__).parent
# What the cases of the recording run.
RECORDED = ("callee.bpmn", "clocks.bpmn", "three.bpmn")


def folder_of_this_release() -> Path:
    project = tomllib.loads((HERE.parent.parent / "pyproject.toml").read_text())["project"]
    return HERE / f"{project['version'].rpartition('.')[0]}-semantics-{BEGUN}"


async def lived(shell: Shell, *, each_step: bool) -> list[str]:
    """The histories of all runs of a case with a business error, a note and all tasks."""
    case = await shell.row()
    shell.script.work[case] = ["fail", "error"]
    await shell.start(case, each_step=each_step, semantics=BEGUN)
    await shell.quiet(case)
    await shell.complete(case, "first")
    await shell.send(case, await shell.note(case, "n1"))
    for element in ("mend", "second", "third"):
        await shell.complete(case, element)
    return await histories_of(shell, case)


async def reminded(shell: Shell, *, each_step: bool) -> list[str]:
    """Of a case with two live clocks of one name, whose rungs have all passed already."""
    case = await shell.row("clocks", delivered_at="2026-03-02T09:00:00+08:00")
    await shell.start(case, each_step=each_step, semantics=BEGUN)
    await shell.quiet(case)
    for element in ("first", "second", "third", "fourth"):
        await shell.complete(case, element)
    return await histories_of(shell, case)


async def histories_of(shell: Shell, case: str) -> list[str]:
    histories, run_id = [], None
    while True:
        history = await shell.client.get_workflow_handle(case, run_id=run_id).fetch_history()
        # Identities of workers and names of their sticky queues hold the machine's name and a process id.
        histories.append(re.sub(r'"[0-9]+@[^"]*"', '"worker"', history.to_json()))
        run_id = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id
        if not run_id:
            return histories[::-1]


async def record(target: Path) -> None:
    servers_folder = Path(tempfile.mkdtemp(prefix="jiannuo-golden-"))
    servers_folder.chmod(0o755)
    try:
        async with machine(servers_folder / "servers") as servers, servers.shell("golden") as shell, shell.worker():
            histories = await lived(shell, each_step=False)
            histories += (await lived(shell, each_step=True))[:4]
            histories += await reminded(shell, each_step=False)
            histories += await reminded(shell, each_step=True)
    finally:
        shutil.rmtree(servers_folder)
    for name in ("histories", "models", "states"):
        (target / name).mkdir(parents=True)
    for name in RECORDED:
        shutil.copy(MODELS / name, target / "models")
    for number, text in enumerate(histories):
        (target / "histories" / f"{number}.json").write_text(text)
    record_states(target / "states")
    record_clocks(target / "states", (BEGUN,))


def main() -> None:
    target = folder_of_this_release()
    if target.exists():
        sys.exit(f"{target} exists. Golden files are not written anew; raise the version or BEGUN first.")
    asyncio.run(record(target))
    print(f"wrote {target}")


if __name__ == "__main__":
    main()
