"""`jiannuo bpmn start` and `instances`: a process of one's own is begun and seen; one of the procedure is refused."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from activities.stores import Stores
from cases.definitions import deploy
from jiannuo.bpmn_cli import app
from jiannuo.errors import JiannuoError
from tests.bpmn.bpmn_models import end, flows, process, start, user

PACK = "nmg-2023"


def bpmn(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


async def test_a_process_of_ones_own_is_begun_and_listed(stores: Stores, tmp_path: Path, command_line: None) -> None:
    path = tmp_path / "own.bpmn"
    path.write_bytes(process(start() + user("a", name="做事") + end() + flows("s>a", "a>e"), name="own"))
    async with stores.sessions.begin() as session:
        await deploy(session, PACK, [path], datetime.now(UTC))

    def commands() -> None:
        begun = json.loads(bpmn("start", "own", "--key", "K1", "--vars", '{"n": 1}', "--reason", "补做", "--json"))
        assert begun["id"].startswith("own:hand-")
        (row,) = json.loads(bpmn("instances", "--process", "own", "--json"))
        assert (row["id"], row["key"], row["begun_by"]) == (begun["id"], "K1", "hand")
        assert f"{begun['id']}  own  [K1]  starting" in bpmn("instances")
        assert "没有这样的流程实例" in bpmn("instances", "--process", "none")
        with pytest.raises(JiannuoError, match="正在运行"):
            bpmn("start", "own", "--key", "K1", "--reason", "再做")
        with pytest.raises(JiannuoError, match="请写明理由"):
            bpmn("start", "own", "--reason", " ")
        with pytest.raises(JiannuoError, match="JSON 对象"):
            bpmn("start", "own", "--vars", "n=1", "--reason", "补做")

    await asyncio.to_thread(commands)
