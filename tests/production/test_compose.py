"""docker-compose.yml is held to the code by reading it: no container engine runs where these tests do."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from jiannuo.cli import COMMANDS
from jiannuo.embedded.temporal_namespace import RETENTION, SEARCH_ATTRIBUTES
from jiannuo.settings import Settings, load_settings, variable

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if str(service["image"]).startswith("jiannuo:")}
ONCE = "jiannuo.job"
SECRETIVE = re.compile(r"(SECRET|PASSWORD|PWD|KEY|KEYS|DSN|TOKEN)$")


def is_job(service: dict[str, Any]) -> bool:
    return ONCE in service.get("labels", {})


def environment(service: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in service.get("environment", {}).items()}


def test_everything_that_production_needs_is_there() -> None:
    assert set(SERVICES) == {
        "postgres", "temporal-schema", "temporal", "temporal-namespace", "temporal-ui", "migrate", "deploy", "api",
        "worker-1", "worker-2", "mail", "receiver",
    }  # fmt: skip
    assert SERVICES["receiver"]["profiles"] == ["receiver"]
    assert environment(SERVICES["temporal"])["NUM_HISTORY_SHARDS"] == "512"


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned(name: str) -> None:
    image = SERVICES[name]["image"]
    assert re.fullmatch(r"[\w./-]+:v?\d+\.\d+[\w.-]*", image)
    assert "auto-setup" not in image


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_healthy_or_a_job_done_once(name: str) -> None:
    assert is_job(SERVICES[name]) != ("healthcheck" in SERVICES[name])


@pytest.mark.parametrize("name", SERVICES)
def test_who_waits_says_for_what(name: str) -> None:
    for other, wish in SERVICES[name].get("depends_on", {}).items():
        done = "service_completed_successfully" if is_job(SERVICES[other]) else "service_healthy"
        assert wish == {"condition": done}


def test_the_api_and_the_workers_start_on_a_migrated_database_and_a_namespace() -> None:
    for name in ("api", "worker-1", "worker-2"):
        assert set(SERVICES[name]["depends_on"]) == {"deploy", "temporal-namespace"}


@pytest.mark.parametrize("name", OURS)
def test_every_variable_of_ours_is_a_setting(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Read by the code that reads it in production, with the secrets' files at hand."""
    known = {variable(field) for field in Settings.model_fields}
    given = {key: value for key, value in environment(OURS[name]).items() if key.startswith("JIANNUO_")}
    assert {key if key in known else key.removesuffix("_FILE") for key in given} <= known
    for key in [key for key in os.environ if key.startswith("JIANNUO_")]:
        monkeypatch.delenv(key)
    for key, value in given.items():
        if value.startswith("/run/secrets/"):
            (tmp_path / key).write_text("{}" if "PLATFORMS" in key else "postgresql://a:b@postgres/jiannuo")
            value = str(tmp_path / key)
        monkeypatch.setenv(key, value)
    settings = load_settings()
    assert settings.temporal_address == "temporal:7233"
    assert settings.postgres_dsn is not None


@pytest.mark.parametrize("name", OURS)
def test_ours_run_a_command_that_exists_unprivileged_on_a_read_only_root(name: str) -> None:
    service = OURS[name]
    assert service["command"][0] in COMMANDS
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "user" not in service, "the image names its user"


@pytest.mark.parametrize("name", SERVICES)
def test_secrets_come_from_files_that_are_declared(name: str) -> None:
    service = SERVICES[name]
    for key, value in environment(service).items():
        assert not SECRETIVE.search(key), f"{key} stands in the open"
        if value.startswith("/run/secrets/"):
            assert value.removeprefix("/run/secrets/") in service["secrets"]
    assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])


def test_every_secret_is_a_file_that_one_script_makes_and_git_ignores() -> None:
    script = (ROOT / "jiannuo" / "production" / "make-secrets.sh").read_text()
    for name, source in COMPOSE["secrets"].items():
        assert source == {"file": f"./.secrets/{name}"}
        assert f"make {name} " in script
    assert ".secrets/" in (ROOT / ".gitignore").read_text().split()


@pytest.mark.parametrize("name", SERVICES)
def test_volumes_are_named_or_files_of_ours(name: str) -> None:
    for volume in SERVICES[name].get("volumes", []):
        source, _, rest = volume.partition(":")
        if source.startswith("./"):
            assert (ROOT / source).is_file()
            assert rest.endswith(":ro")
        else:
            assert source in COMPOSE["volumes"]


@pytest.mark.parametrize("name", SERVICES)
def test_only_this_machine_reaches_the_ports(name: str) -> None:
    assert all(str(port).startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


def test_the_namespace_is_the_one_of_the_embedded_run() -> None:
    script = (ROOT / "jiannuo" / "production" / "temporal-namespace.sh").read_text()
    assert all(attribute in script for attribute in SEARCH_ATTRIBUTES)
    assert f"--retention {RETENTION.days}d" in script


@pytest.mark.parametrize("script", sorted((ROOT / "jiannuo" / "production").glob("*.sh")), ids=lambda path: path.name)
def test_the_scripts_are_shell(script: Path) -> None:
    assert subprocess.run(["sh", "-n", str(script)], capture_output=True).returncode == 0
    assert "set -eu" in script.read_text()


def test_secrets_are_made_once(tmp_path: Path) -> None:
    scripts = tmp_path / "jiannuo" / "production"
    scripts.mkdir(parents=True)
    (scripts / "make-secrets.sh").write_text((ROOT / "jiannuo" / "production" / "make-secrets.sh").read_text())
    for _ in range(2):
        subprocess.run(["sh", str(scripts / "make-secrets.sh")], check=True, capture_output=True)
    made = {path.name: path.read_text() for path in (tmp_path / ".secrets").iterdir()}
    assert set(made) == set(COMPOSE["secrets"])
    assert made["jiannuo_db_password"] in made["postgres_dsn"]


def test_the_image_is_pinned_built_from_the_lock_and_runs_without_root() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    stages = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    assert len(stages) == 2
    assert all(re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", stage) for stage in stages)
    assert "--require-hashes -r requirements.lock" in dockerfile
    final = dockerfile.rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (\S+)", final, re.MULTILINE) == ["jiannuo"]
    assert ".git" in (ROOT / ".dockerignore").read_text().split()


def test_the_image_sets_only_settings() -> None:
    known = {variable(field) for field in Settings.model_fields}
    assert set(re.findall(r"JIANNUO_[A-Z_]+", (ROOT / "Dockerfile").read_text())) <= known
