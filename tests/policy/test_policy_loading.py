"""A pack that is wrong is refused whole, with every problem and its remedy."""

from pathlib import Path

import pytest

from cases.policy.errors import PackInvalid
from cases.policy.loader import POLICIES, load


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with the real base pack, to inherit from."""
    write(tmp_path, "base", (POLICIES / "base" / "policy.yaml").read_text(encoding="utf-8"))
    return tmp_path


def write(root: Path, pack: str, text: str) -> None:
    (root / pack).mkdir(exist_ok=True)
    (root / pack / "policy.yaml").write_text(text, encoding="utf-8")


def local(*lines: str) -> str:
    return "\n".join(["pack: local", "inherits: base", "title: 本地", "jurisdiction: 某旗", *lines])


def refusal(root: Path, pack: str = "local") -> str:
    with pytest.raises(PackInvalid) as caught:
        load(pack, root)
    return str(caught.value)


def test_a_child_changes_one_parameter_and_keeps_the_rest(root: Path) -> None:
    write(root, "local", local("deadlines:", "  referral: {limit: {value: 4wd, source: default, basis: 试点}}"))

    pack = load("local", root)

    assert str(pack.deadlines["referral"].limit.value) == "4wd"
    assert pack.deadlines["referral"].title == "转交"
    assert pack.deadlines["referral"].starts_from.value == ("accepted",)


def test_a_changed_limit_changes_the_channels_that_have_no_limit_of_their_own(root: Path) -> None:
    write(root, "local", local("deadlines:", "  referral: {limit: {value: 4wd, source: default, basis: 试点}}"))

    pack = load("local", root)

    assert str(pack.clock("referral", "H12345").limit.value) == "4wd"
    assert str(pack.clock("referral", "SME").limit.value) == "10wd"


def test_a_child_switches_a_clock_off_with_its_reason(root: Path) -> None:
    write(root, "local", local("deadlines:", "  screening: {limit: {value: null, source: default, basis: 不审查}}"))

    assert load("local", root).rule("screening", "H12345") is None


def test_all_problems_are_told_at_once_with_file_path_and_remedy(root: Path) -> None:
    write(
        root,
        "local",
        local(
            "colour: red",
            "deadlines:",
            "  referral: {limit: {value: 2.5wd, source: default, basis: 试点}}",
            "  verification: {limit: {value: 5wd, source: guess, basis: 试点}}",
            "sharing:",
            "  national: {send_at: {value: 17:45, source: default, basis: 试点}}",
        ),
    )

    text = refusal(root)

    assert "4 problem(s)" in text
    assert "local/policy.yaml: colour" in text
    assert "local/policy.yaml: deadlines.referral.limit" in text
    assert "never rounded" in text
    assert "'law' or 'default'" in text
    assert 'quote the time, as "16:00"' in text
    assert "Remove the key or correct its spelling." in text


def test_a_problem_names_the_ancestor_that_made_it(root: Path) -> None:
    write(
        root,
        "middle",
        "pack: middle\ninherits: base\ntitle: 中间\njurisdiction: 某市\nlead_body: {value: 发改委, source: default}",
    )
    write(root, "local", local().replace("inherits: base", "inherits: middle"))

    assert "middle/policy.yaml: lead_body.basis" in refusal(root)


def test_parts_that_contradict_each_other_are_refused(root: Path) -> None:
    write(
        root,
        "local",
        local(
            "deadlines:",
            "  referral: {ladder: stairs}",
            "  rectification: {settable: {value: [40d, 90d], source: default, basis: 试点}}",
            "  verification: {limit: {value: 5wd, source: law, basis: 第三条}}",
            "channels:",
            "  SME: {deadlines: {verfication: {title: 错, start_title: 错, ladder: handler,"
            " starts_from: {value: [x], source: default, basis: 试点},"
            " limit: {value: 1wd, source: default, basis: 试点}}}}",
            "letters:",
            "  circular: {steps: {value: [draft], source: default, basis: 试点}}",
            "refusals:",
            "  refusal: {ground: {value: G9, source: default, basis: 试点}}",
        ),
    )

    text = refusal(root)

    assert "deadlines.referral.ladder: it must name one of: handler" in text
    assert "deadlines.rectification.settable" in text
    assert "deadlines.verification.limit: the basis of law must begin with a key of documents" in text
    assert "channels.SME.deadlines.verfication: a channel may only change a clock that the pack defines" in text
    assert "letters.circular.steps: the last step of a letter must be issue" in text
    assert "G9 must be a key of grounds" in text


def test_a_key_that_stands_twice_is_refused(root: Path) -> None:
    lead = "lead_body: {value: 甲, source: default, basis: 一}"
    write(root, "local", local(lead, lead))

    assert "'lead_body' stands twice" in refusal(root)


def test_a_missing_pack_names_those_that_exist(root: Path) -> None:
    write(root, "local", local())

    assert "Use one of: local." in refusal(root, "nowhere")


def test_an_ancestor_kept_for_inheritance_is_not_loaded_by_itself(root: Path) -> None:
    assert "only serves as an ancestor" in refusal(root, "base")


def test_a_circle_of_inheritance_is_refused(root: Path) -> None:
    write(root, "local", local().replace("inherits: base", "inherits: other"))
    write(root, "other", local().replace("inherits: base", "inherits: local"))

    assert "inherits from itself" in refusal(root)


def test_a_missing_or_broken_overlay_is_refused(root: Path) -> None:
    write(root, "local", local("calendar_overlay: {value: calendar.yaml, source: default, basis: 试点}"))
    assert "local/calendar.yaml: (file): the calendar overlay must exist" in refusal(root)

    broken = "version: x\nyears: [2026]\ndays: {2027-01-01: {kind: off}}"
    (root / "local" / "calendar.yaml").write_text(broken, encoding="utf-8")
    assert "the overlay must hold version, document, years and days" in refusal(root)


def test_a_changed_file_is_read_again(root: Path) -> None:
    write(root, "local", local())
    before = load("local", root)
    write(root, "local", local("deadlines:", "  referral: {limit: {value: 4wd, source: default, basis: 试点}}"))

    assert str(before.deadlines["referral"].limit.value) == "3wd"
    assert str(load("local", root).deadlines["referral"].limit.value) == "4wd"
    assert load("local", root) is load("local", root)
