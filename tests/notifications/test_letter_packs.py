"""Each jurisdiction writes every letter, and none cites the rules of another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from notifications.letters.facts import CaseFacts
from notifications.letters.render import compose
from notifications.letters.texts import LetterTexts
from tests.notifications.letter_builders import CASE, POLICIES, all_kind_ids, full_facts


def _folders(*packs: str) -> tuple[Path, ...]:
    return tuple(POLICIES / pack / "letters" for pack in packs)


def _borrowing(pack: str) -> LetterTexts:
    """A pack without a procedure of its own: texts of nmg-2023, legal bases of its own line only."""
    own = _folders(pack, "national-1103")
    return LetterTexts((*own, *_folders("nmg-2023")), basis_folders=own)


PACKS = {
    "nmg-2023": LetterTexts(_folders("nmg-2023")),
    "eqianqi-2024": LetterTexts(_folders("eqianqi-2024", "nmg-2023")),
    "bozhou-2018": _borrowing("bozhou-2018"),
    "erqi-2020": _borrowing("erqi-2020"),
}
FOREIGN = {
    "nmg-2023": ("博州", "二七", "鄂前"),
    "eqianqi-2024": ("博州", "二七"),
    "bozhou-2018": ("内蒙古", "1444", "二七", "监督贯通协调平台", "自治区社会信用信息平台"),
    "erqi-2020": ("内蒙古", "1444", "博州", "监督贯通协调平台", "自治区"),
}


@pytest.mark.parametrize("kind", all_kind_ids())
@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("channel", ["COL", "SME", "XF"])
def test_every_pack_writes_every_letter_without_foreign_rules(pack: str, kind: str, channel: str) -> None:
    facts = full_facts(kind, addressee="某单位")
    if facts.case is not None:
        facts = full_facts(kind, addressee="某单位", case=_case_of(channel))
    text = compose(facts, PACKS[pack]).text()
    assert not [name for name in FOREIGN[pack] if name in text]


def test_the_packs_own_article_is_cited() -> None:
    facts = full_facts("情况说明要求函")
    assert "博州政发〔2018〕4号" in compose(facts, PACKS["bozhou-2018"]).text()
    assert "鄂前政发〔2024〕12号" in compose(full_facts("通报"), PACKS["eqianqi-2024"]).text()
    assert "二七信用〔2020〕3号" in compose(full_facts("半年报告"), PACKS["erqi-2020"]).text()


def _case_of(channel: str) -> CaseFacts:
    return replace(CASE, channel=channel, channel_zh="有关渠道")
