"""Replays every golden history in this process, whose graphs come through the codec from the golden folders."""

import asyncio
import atexit
import time
from hashlib import sha256
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from bpmn.model import Graph
from bpmn.reader.read import read
from jiannuo.payloads import data_converter
from jiannuo.worker import PASSED_THROUGH
from workflows.process import Process

HERE = Path(__file__).parent
KEY = b"k" * 32


async def load(hash_: str) -> Graph:
    for path in sorted(HERE.glob("*/models/*.bpmn")):
        if sha256(path.read_bytes()).hexdigest() == hash_:
            return read(path.read_bytes(), path.name)
    raise LookupError(f"No golden model has the hash {hash_}.")


async def main() -> None:
    replayer = Replayer(
        workflows=[Process],
        data_converter=data_converter((KEY,), load),
        workflow_runner=SandboxedWorkflowRunner(
            restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
        ),
    )
    for path in sorted(HERE.glob("*/histories/*.json")):
        await replayer.replay_workflow(WorkflowHistory.from_json("three:golden", path.read_text()))
        print(path.relative_to(HERE))


if __name__ == "__main__":
    atexit.register(time.sleep, 0.05)  # a tokio thread of the SDK races with interpreter shutdown
    asyncio.run(main())
