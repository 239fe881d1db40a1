import json

import pytest
from typer.testing import CliRunner, Result

from jiannuo.deadline_cli import app


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_the_due_date_is_printed_with_its_reasons() -> None:
    result = run("2026-09-18", "3wd", "--policy", "nmg-2023")

    assert result.exit_code == 0
    assert "到期：2026-09-22 24:00" in result.output
    assert "9月20日为调休工作日（国庆节调休），第1日" in result.output


def test_calendar_days_roll_off_days_off() -> None:
    assert "末日8月9日为休息日，顺延至8月10日" in run("2026-07-10", "30d").output


def test_json_holds_date_derivation_and_rungs() -> None:
    answer = json.loads(run("2026-09-18T16:45+08:00", "--rule", "referral", "--json").output)

    assert (answer["due"], answer["due_at"]) == ("2026-09-22", "2026-09-23T00:00:00+08:00")
    assert answer["source"] == "law"
    assert answer["rungs"]["remind"] == "2026-09-21T09:00:00+08:00"
    assert answer["derivation"][2]["kind"] == "makeup"


def test_a_channel_with_its_own_rules_is_answered_by_them() -> None:
    assert "到期：2026-06-22 24:00" in run("2026-06-05", "--rule", "referral", "--channel", "SME").output
    absent = run("2026-09-18", "--rule", "verification", "--channel", "SME")
    assert absent.exit_code == 0
    assert "不设“核实”期限" in absent.output
    assert not json.loads(run("2026-09-18", "--rule", "verification", "--channel", "SME", "--json").output)["exists"]


def test_the_local_days_off_of_the_policy_count() -> None:
    assert "到期：2026-06-03 24:00" in run("2026-05-26", "3wd", "--policy", "bozhou-2018").output


def test_a_provisional_date_is_marked() -> None:
    assert "到期：2027-01-04 24:00（暂定）" in run("2026-12-29", "3wd").output


def test_pauses_extensions_and_a_cap_are_taken_from_the_command_line() -> None:
    assert "到期：2026-07-13 24:00" in run("2026-07-06", "2wd", "--pause", "2026-07-07..2026-07-10").output
    assert "自8月9日延长30日" in run("2026-07-10", "30d", "--extend", "30d").output
    assert "到期：2026-07-16 24:00" in run("2026-07-10", "30d", "--not-after", "2026-07-16").output
    assert "延长" in run("2026-07-10", "--rule", "rectification", "--extend", "20d").output
    assert run("2026-09-18", "--rule", "referral", "--extend", "1wd").exit_code == 2


def test_a_clock_that_still_stands_has_no_due_date_but_a_remainder() -> None:
    words = ("2026-07-06", "2wd", "--pause", "2026-07-07..")

    assert "到期：中止计算，尚余1个工作日" in run(*words).output
    answer = json.loads(run(*words, "--json").output)
    assert (answer["due"], answer["left"], answer["derivation"][-1]["kind"]) == (None, "1wd", "paused")


@pytest.mark.parametrize("pause", ["2026-07-07", "2026-07-1x..", "2026-07-10..2026-07-07"])
def test_a_pause_that_is_none_is_refused(pause: str) -> None:
    assert run("2026-07-06", "2wd", "--pause", pause).exit_code == 2


@pytest.mark.parametrize(
    ("words", "argument", "remedy"),
    [
        (("2026-13-01", "3wd"), "START", "2026-09-18"),
        (("2026-09-18T16:45", "3wd"), "START", "+08:00"),
        (("2026-09-18", "2.5wd"), "LIMIT", "3wd"),
        (("2026-09-18",), "LIMIT", "--rule"),
        (("2026-09-18", "3wd", "--policy", "nowhere"), "--policy", "nmg-2023"),
        (("2026-09-18", "--rule", "nothing"), "--rule", "referral"),
        (("2026-09-18", "4wd", "--rule", "referral"), "LIMIT", "3wd"),
        (("2045-01-01", "3wd"), "START", "2045"),
    ],
)
def test_bad_input_ends_with_2_and_names_the_argument_and_the_remedy(
    words: tuple[str, ...], argument: str, remedy: str
) -> None:
    result = run(*words)

    assert result.exit_code == 2
    assert argument in result.output
    assert remedy in result.output
