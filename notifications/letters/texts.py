"""The letter texts and legal bases of a jurisdiction: files of its policy pack, then of the packs it inherits from.

``<kind>.j2`` is the body in plain Chinese with Chinese placeholders; ``letters.yaml`` gives title and legal basis.
Texts may be borrowed from a pack whose law does not apply: no Xinjiang letter cites a rule of Inner Mongolia.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
import yaml

from notifications.errors import LetterTextBroken, LetterTextMissing


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """``articles`` as they are cited; ``source`` is law, or default where we cite by analogy."""

    articles: tuple[str, ...]
    source: str
    title: str


class LetterTexts:
    """Texts found in ``folders``, the most specific first; legal bases in ``basis_folders`` (default: the same)."""

    def __init__(self, folders: tuple[Path, ...], basis_folders: tuple[Path, ...] | None = None) -> None:
        self.folders = folders
        self._bases = [_read_bases(folder / "letters.yaml") for folder in (basis_folders or folders)]
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader([str(folder) for folder in folders], encoding="utf-8"),
            undefined=jinja2.StrictUndefined,
            # The result is plain text that Typst receives as a string, never as markup.
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def body(self, kind: str, context: Mapping[str, Any]) -> str:
        """The body of ``kind`` with one paragraph a line. Raises LetterTextMissing or LetterTextBroken."""
        return self._clean(self._render(kind, lambda: self._environment.get_template(f"{kind}.j2"), context))

    def title(self, kind: str, basis: LegalBasis, context: Mapping[str, Any]) -> str:
        return self._render(kind, lambda: self._environment.from_string(basis.title), context).strip()

    def basis(self, kind: str, channel: str | None) -> LegalBasis:
        """The legal basis of ``kind``, of ``channel`` first where it has its own rules (R13)."""
        for entry in self._entries(kind):
            own = (entry.get("by_channel") or {}).get(channel) or {}
            articles = own.get("basis") or entry.get("basis")
            if articles:
                return LegalBasis(tuple(articles), own.get("source") or entry["source"], entry.get("title") or kind)
        raise LetterTextMissing(f"政策包没有给出《{kind}》的法律依据：请在 letters.yaml 中为它填写 basis 和 source。")

    def _entries(self, kind: str) -> Iterator[dict[str, Any]]:
        for entries in self._bases:
            entry = entries.get(kind)
            if entry:
                yield entry

    def _render(self, kind: str, template: Any, context: Mapping[str, Any]) -> str:
        try:
            text: str = template().render(context)
        except jinja2.TemplateNotFound as missing:
            raise LetterTextMissing(f"政策包没有《{kind}》的正文：请添加 {missing.name}。") from None
        except jinja2.UndefinedError as undefined:
            raise LetterTextBroken(f"《{kind}》的正文引用了不存在的事实：{undefined.message}。") from None
        except jinja2.TemplateSyntaxError as broken:
            raise LetterTextBroken(f"《{kind}》的正文第{broken.lineno}行有语法错误：{broken.message}。") from None
        return text

    @staticmethod
    def _clean(text: str) -> str:
        return "\n".join(line.strip() for line in text.splitlines() if line.strip()) + "\n"


def _read_bases(path: Path) -> dict[str, dict[str, Any]]:
    if not path.exists():
        return {}
    stat = path.stat()
    return _parsed(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _parsed(path: Path, mtime_ns: int, size: int) -> dict[str, dict[str, Any]]:
    """Every letter asks for its basis; a file is parsed anew only when it has changed."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as broken:
        raise LetterTextBroken(f"{path.name} 不是合法的 YAML：{broken}") from None
    letters = data.get("letters") if isinstance(data, dict) else None
    if not isinstance(letters, dict):
        raise LetterTextBroken(f"{path.parent.parent.name} 的 {path.name} 应有 letters 一节，按文书列出标题和依据。")
    for kind, entry in letters.items():
        if not isinstance(entry, dict) or entry.get("source") not in {"law", "default"}:
            raise LetterTextBroken(f"letters.yaml 中《{kind}》应写明 source: law 或 source: default。")
    return letters
