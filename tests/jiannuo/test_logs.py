"""Log lines carry ids and states; keys that may hold personal data are dropped, whoever logs them."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from jiannuo.logs import configure_logs

PHONE = "13800000000"


@pytest.fixture(autouse=True)
def _json_logs() -> Iterator[None]:
    """Also puts back the handlers of pytest, which belong to the session."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_keeps_ids_and_drops_personal_data(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("json", "info")
    structlog.get_logger("test").info("task completed", case="NMG-1", phone=PHONE, task={"id": 7, "comment": PHONE})
    (line,) = lines(capsys)
    assert (line["event"], line["case"], line["level"]) == ("task completed", "NMG-1", "info")
    assert line["task"] == {"id": 7, "comment": "[dropped]"}
    assert PHONE not in json.dumps(line)


def test_libraries_take_the_same_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("json", "info")
    logging.getLogger("library").warning("slow answer after %s s", 3)
    (line,) = lines(capsys)
    assert (line["event"], line["logger"], line["level"]) == ("slow answer after 3 s", "library", "warning")


def test_a_traceback_has_no_local_variables(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("json", "info")

    def fail(phone: str) -> None:
        raise LookupError("no such case")

    try:
        fail(PHONE)
    except LookupError:
        structlog.get_logger("test").exception("lookup failed")
    (line,) = lines(capsys)
    assert "no such case" in json.dumps(line)
    assert PHONE not in json.dumps(line)


def test_lines_below_the_level_are_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("json", "warning")
    structlog.get_logger("test").info("quiet")
    assert lines(capsys) == []
