"""The files of the platforms: every target of every policy is served, and nobody learns who complained."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from cases.errors import NotFound
from cases.policy.loader import POLICIES, available, load
from cases.sharing_platforms import ITEM, NEVER, platform_for, platforms
from jiannuo.errors import SettingsRefused
from jiannuo.platforms import endpoints, known, platform_ports
from jiannuo.settings import Settings


@pytest.mark.parametrize("name", available())
def test_every_target_of_the_policy_has_a_platform(name: str) -> None:
    pack = load(name)
    pushed = [*pack.sharing.push_to.value]
    for kind, targets in {
        "determination": pushed, "record": [*pack.sharing.shared_to.value], "intake_report": ["intake"],
        "national_report": ["national"], "typical_case": ["supervision_platform"],
        "periodic_report": ["periodic_report"],
    }.items():  # fmt: skip
        for target in targets:
            assert kind in platform_for(pack, target).fields


@pytest.mark.parametrize("name", available())
def test_no_file_names_a_fact_of_the_complainant(name: str) -> None:
    for platform in platforms(load(name)).values():
        assert not {ours for names in platform.fields.values() for ours in names} & NEVER


def test_a_file_that_would_send_the_complainant_is_refused(tmp_path: Path) -> None:
    for folder in POLICIES.iterdir():
        (tmp_path / folder.name).symlink_to(folder)
    (tmp_path / "nmg-2023").unlink()
    (tmp_path / "nmg-2023" / "platforms").mkdir(parents=True)
    (tmp_path / "nmg-2023" / "policy.yaml").write_text((POLICIES / "nmg-2023" / "policy.yaml").read_text())
    leak = "title: x\nserves: [x]\nfields: {record: {complainant_name: 投诉人}}\n"
    (tmp_path / "nmg-2023" / "platforms" / "leak.yaml").write_text(leak)
    with pytest.raises(NotFound, match="complainant_name"):
        platforms(load("nmg-2023", tmp_path), tmp_path)


def test_what_a_file_does_not_name_stays_here() -> None:
    regional = platform_for(load("nmg-2023"), "intake")
    content = {"day": "2026-09-18", "items": [{"case_no": "1", "title": "青松"}], "contact": "138", "count": 1}
    rendered = regional.render("intake_report", content)
    assert "青松" not in str(rendered)
    assert "138" not in str(rendered)
    assert set(rendered["明细"][0]) == set(regional.fields[ITEM].values())


def test_a_platform_that_takes_no_such_message_says_so() -> None:
    with pytest.raises(NotFound, match="字段对照表"):
        platform_for(load("nmg-2023"), "intake").render("typical_case", {})


def settings(text: str, folder: Path) -> Settings:
    return Settings(data_dir=folder, platforms=SecretStr(text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[a", "is not YAML"),
        ("a", "must map"),
        ("moon: {folder: x}", "names moon"),
        ("regional: {url: 'https://a'}", "give url and secret, or folder"),
        ("regional: {url: 'https://a', secret: topsecret, folder: x}", "give url and secret, or folder"),
        ("regional: {uri: topsecret}", "regional: uri cannot be read"),
    ],
)
def test_a_mistake_in_the_setting_is_told_without_the_secret(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match="JIANNUO_PLATFORMS") as refused:
        endpoints(settings(text, tmp_path))
    assert told in str(refused.value)
    assert "topsecret" not in str(refused.value)


async def test_each_platform_has_the_adapter_that_the_settings_choose(tmp_path: Path) -> None:
    text = "{regional: {url: 'https://a', secret: s}, supervision: {folder: by-hand}}"
    async with platform_ports(settings(text, tmp_path)) as ports:
        chosen = {key: type(port).__name__ for key, port in ports.items()}
    assert chosen == dict.fromkeys(known(), "FilePlatform") | {"regional": "HttpPlatform"}
