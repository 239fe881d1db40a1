"""One spelling for searching: width, case and traditional characters make no difference, and neither does a blank."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

# Pairs of a traditional character and the simplified one that stands for it in mainland texts (facts of OpenCC 1.4).
_PAIRS = Path(__file__).parent / "simplified.txt"


@cache
def _simplified() -> Mapping[int, str]:
    return {ord(pair[0]): pair[1] for pair in _PAIRS.read_text(encoding="utf-8").split()}


def folded(text: str) -> str:
    """Never longer lines, never blanks: what was typed 「ＡＢ 項目」 is found as 「ab项目」."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_simplified())
    return "".join(plain.split())


def words(text: str) -> list[str]:
    """What somebody searches for, parted by blanks; each must occur."""
    return list(dict.fromkeys(folded(word) for word in unicodedata.normalize("NFKC", text).split()))
