"""Settings: environment, then named file, then default; secrets masked; misspellings refused."""

import json
from pathlib import Path

import pytest

from jiannuo.cli import main
from jiannuo.errors import SettingsRefused
from jiannuo.settings import load_settings
from jiannuo.settings_cli import rows

DSN = "postgresql://jiannuo:hunter2@db/jiannuo"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA_DIR", "PORT", "POSTGRES_DSN", "POSTGRES_DSN_FILE"):
        monkeypatch.delenv(f"JIANNUO_{name}", raising=False)


def test_a_secret_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dsn").write_text(f"{DSN}\n")
    monkeypatch.setenv("JIANNUO_POSTGRES_DSN_FILE", str(tmp_path / "dsn"))
    dsn = load_settings().postgres_dsn
    assert dsn is not None
    assert dsn.get_secret_value() == DSN


def test_the_environment_outweighs_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "port").write_text("1111")
    monkeypatch.setenv("JIANNUO_PORT_FILE", str(tmp_path / "port"))
    monkeypatch.setenv("JIANNUO_PORT", "2222")
    assert load_settings().port == 2222


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANNUO_POSTGRES_DSN_FILE", "/nowhere/dsn")
    with pytest.raises(SettingsRefused, match="JIANNUO_POSTGRES_DSN_FILE names /nowhere/dsn, which cannot be read"):
        load_settings()


def test_a_misspelt_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANNUO_DATADIR", "/data")
    with pytest.raises(SettingsRefused, match="There is no setting JIANNUO_DATADIR"):
        load_settings()


def test_a_wrong_value_is_refused_by_name_and_without_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANNUO_PORT", "hunter2")
    with pytest.raises(SettingsRefused, match="JIANNUO_PORT: ") as refusal:
        load_settings()
    assert "hunter2" not in str(refusal.value)


def test_the_list_tells_value_and_source_and_masks_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANNUO_POSTGRES_DSN", DSN)
    listed = {row.name: row for row in rows(load_settings())}
    assert (listed["JIANNUO_POSTGRES_DSN"].value, listed["JIANNUO_POSTGRES_DSN"].source) == (
        "********",
        "JIANNUO_POSTGRES_DSN",
    )
    assert (listed["JIANNUO_PORT"].value, listed["JIANNUO_PORT"].source) == ("8000", "default")


def test_the_list_as_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("JIANNUO_POSTGRES_DSN", DSN)
    assert main(["settings", "--json"]) == 0
    output = capsys.readouterr().out
    assert "hunter2" not in output
    assert {"name", "value", "source", "description"} == set(json.loads(output)[0])
