"""Writes the golden histories of this release: `python tests/golden/make.py NAME`. Keep those of earlier releases."""

import asyncio
import re
import shutil
import sys
import tempfile
from pathlib import Path

from tests.shell.machine import machine
from tests.shell.shell import MODELS, Shell

HERE = Path(__file__).parent


async def lived(shell: Shell, *, each_step: bool) -> list[str]:
    """The histories of all runs of a case with a business error, a note and all tasks."""
    case = await shell.row()
    shell.script.work[case] = ["fail", "error"]
    await shell.start(case, each_step=each_step)
    await shell.quiet(case)
    await shell.complete(case, "first")
    await shell.send(case, await shell.note(case, "n1"))
    for element in ("mend", "second", "third"):
        await shell.complete(case, element)
    histories, run_id = [], None
    while True:
        history = await shell.client.get_workflow_handle(case, run_id=run_id).fetch_history()
        # Identities of workers and names of their sticky queues hold the machine's name and a process id.
        histories.append(re.sub(r'"[0-9]+@[^"]*"', '"worker"', history.to_json()))
        run_id = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id
        if not run_id:
            return histories[::-1]


async def main(release: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="jiannuo-golden-"))
    folder.chmod(0o755)
    try:
        async with machine(folder / "servers") as servers, servers.shell("golden") as shell, shell.worker():
            plain = await lived(shell, each_step=False)
            renewed = await lived(shell, each_step=True)
    finally:
        shutil.rmtree(folder)
    (HERE / "models").mkdir(exist_ok=True)
    for model in MODELS.glob("*.bpmn"):
        shutil.copy(model, HERE / "models" / f"{release}-{model.name}")
    for number, text in enumerate([*plain, *renewed[:4]]):
        (HERE / f"{release}-{number}.json").write_text(text)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
