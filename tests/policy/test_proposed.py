"""A pack as it would be: the changed value, its heirs, and what cannot be tried."""

import pytest

from cases.errors import Invalid
from cases.policy.loader import load
from cases.policy.proposed import known, parsed, proposed


def limit(pack: str, packs: object, deadline: str = "verification", channel: str = "CREDIT_NM") -> str:
    rule = packs[pack].rule(deadline, channel)  # type: ignore[index]
    return str(rule.limit)


def test_a_changed_limit_reaches_the_pack_and_its_heirs_and_nobody_else() -> None:
    packs = proposed("nmg-2023", {"deadlines.verification.limit": "7wd"})
    assert limit("nmg-2023", packs) == "7wd"
    assert str(load("nmg-2023").rule("verification", "CREDIT_NM").limit) == "5wd", "nothing is written"  # type: ignore[union-attr]
    assert "nmg-2023" in load("eqianqi-2024").lineage
    assert "eqianqi-2024" in packs
    assert "bozhou-2018" not in packs


def test_an_heir_that_says_it_itself_keeps_its_own_value() -> None:
    packs = proposed("nmg-2021", {"deadlines.referral.limit": "9wd"})
    assert limit("nmg-2023", packs, "referral") == "3wd"
    assert limit("nmg-2021", packs, "referral") == "9wd"


def test_an_inherited_value_can_be_tried_in_the_heir_and_keeps_its_source() -> None:
    packs = proposed("nmg-2023", {"deadlines.screening.limit": "4wd"})
    clock = packs["nmg-2023"].deadlines["screening"]
    assert (str(clock.limit.value), clock.limit.source) == ("4wd", load("nmg-2023").deadlines["screening"].limit.source)


def test_part_of_a_rung_can_be_tried() -> None:
    name, ladder = next(iter(load("nmg-2023").ladders.items()))
    rung = next(rung for rung, terms in ladder.rungs.items() if terms.value.offset.amount < 0)
    packs = proposed("nmg-2023", {f"ladders.{name}.rungs.{rung}.offset": "-2wd"})
    changed = packs["nmg-2023"].ladders[name].rungs[rung].value
    assert str(changed.offset) == "-2wd"
    assert changed.to == ladder.rungs[rung].value.to


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("deadlines.verificaton.limit", "7wd", "deadlines.verification.limit"),
        ("deadlines.verification.limit", "half a day", "半天和小时"),
        ("deadlines.verification.limit", "half a day", r"核实.*（deadlines.verification.limit）"),
        ("deadlines.verification.limit", "{", "不能识别"),
        ("grounds.G2_REFUSAL_TO_RECTIFY.title", "x", "没有可试算的参数"),
        ("calendar_overlay", "calendar.yaml", "没有可试算的参数"),
    ],
)
def test_what_cannot_be_tried_gets_a_sentence_with_its_path(path: str, value: str, says: str) -> None:
    with pytest.raises(Invalid, match=says) as refused:
        proposed("nmg-2023", {path: value})
    assert list(refused.value.fields) == [path]


def test_every_path_offered_is_known_by_the_pack() -> None:
    offered = known("nmg-2023")
    assert "deadlines.verification.limit" in offered
    assert {path.partition(".")[0] for path in offered} == {"deadlines", "channels", "ladders", "office_hours"}


def test_lines_are_read_as_paths_and_values() -> None:
    assert parsed("a.b = 3wd\n\n c=4d ") == {"a.b": "3wd", "c": "4d"}
    with pytest.raises(Invalid, match="每行写一项"):
        parsed("a.b 3wd")
