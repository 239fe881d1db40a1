"""docs/policies.md names every pack, key and clock; docs/deadlines.md every kind of line."""

from pathlib import Path

from cases.deadlines.derivation import LineKind
from cases.policy.loader import available, load
from cases.policy.pack import PolicyPack

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_every_pack_key_clock_and_fact_has_an_entry() -> None:
    text = (DOCS / "policies.md").read_text(encoding="utf-8")
    packs = [load(name) for name in available()]
    keys = set(PolicyPack.model_fields) - {"pack", "title", "jurisdiction", "lineage", "overlay"}
    clocks = {name for pack in packs for name in pack.deadlines}
    facts = {fact for pack in packs for clock in pack.deadlines.values() for fact in clock.starts_from.value}
    ladders = {name for pack in packs for name in pack.ladders}

    missing = [name for name in (*available(), *keys, *clocks, *facts, *ladders) if f"`{name}`" not in text]
    assert missing == []


def test_every_kind_of_reason_has_an_entry() -> None:
    text = (DOCS / "deadlines.md").read_text(encoding="utf-8")

    assert [kind for kind in LineKind if kind.value not in text] == []
