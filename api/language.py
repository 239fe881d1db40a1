"""Chinese first, English second. Catalogues are read as text, so that nothing compiled is kept in the repository."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from fastapi import Request

LOCALE = Path(__file__).with_name("locale")
SOURCE = "zh"
LANGUAGES: Mapping[str, str] = {"zh": "中文", "en": "English"}
TAGS: Mapping[str, str] = {"zh": "zh-CN", "en": "en"}
COOKIE = "jn_lang"


@dataclass(frozen=True)
class Language:
    code: str
    words: Mapping[str, str]

    @property
    def tag(self) -> str:
        return TAGS[self.code]

    def gettext(self, text: str) -> str:
        """What has no translation stays as it is: names of units and what people wrote are not translated."""
        return self.words.get(text) or text

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.gettext(one if count == 1 else many)


@cache
def language(code: str) -> Language:
    if code == SOURCE or code not in LANGUAGES:
        return Language(SOURCE, {})
    with (LOCALE / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    return Language(code, {str(m.id): str(m.string) for m in catalogue if m.id and m.string})


def language_of(request: Request) -> Language:
    return language(request.cookies.get(COOKIE, SOURCE))
