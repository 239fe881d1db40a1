"""The typefaces of a letter, brought by ``npm ci``: LXGW WenKai for 仿宋, Noto Serif SC Bold for 小标宋.

GB/T 9704-2012 asks for 仿宋 and 小标宋; the usual ones are not free. LXGW WenKai (SIL OFL 1.1) stands between
仿宋 and 楷体; Noto Serif SC (SIL OFL 1.1) also holds the rare characters of personal and place names.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import typst

from notifications.errors import FontsMissing
from notifications.letters.woff import unpack_woff

NODE_MODULES = Path(__file__).resolve().parents[2] / "node_modules"

_BODY = Path("@fontsource/lxgw-wenkai/files/lxgw-wenkai-latin-300-normal.woff")
_SERIF = (
    Path("@expo-google-fonts/noto-serif-sc/300Light"),
    Path("@expo-google-fonts/noto-serif-sc/700Bold"),
)


@dataclass(frozen=True, slots=True)
class LetterFonts:
    """Typefaces that Typst has indexed; shared by every letter of the process."""

    index: typst.Fonts


@lru_cache(maxsize=4)
def load_fonts(node_modules: Path = NODE_MODULES, cache: Path | None = None) -> LetterFonts:
    """Index the typefaces under ``node_modules``; ``cache`` (default inside it) takes the unpacked one.

    Raises FontsMissing when ``npm ci`` has not brought them.
    """
    for part in (_BODY, *_SERIF):
        if not (node_modules / part).exists():
            raise FontsMissing(f"公文字体未安装：找不到 {part.as_posix()}，请先执行 npm ci（make env 会代为执行）。")
    body = _unpacked(node_modules / _BODY, cache or node_modules / ".cache" / "jiannuo-fonts")
    folders = [str(body.parent), *(str(node_modules / part) for part in _SERIF)]
    return LetterFonts(
        typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)  # type: ignore[arg-type, list-item, unused-ignore]
    )


def _unpacked(source: Path, cache: Path) -> Path:
    """Written under a temporary name and renamed: two workers that start together never read half a file."""
    stat = source.stat()
    # The name holds size and time of the source, so that another version of the package is unpacked anew.
    target = cache / f"{stat.st_size}-{int(stat.st_mtime)}" / source.with_suffix(".ttf").name
    if target.exists():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=cache, delete=False) as half:
            half.write(unpack_woff(source.read_bytes()))
        os.replace(half.name, target)
    except OSError as failure:
        raise FontsMissing(f"公文字体无法写入缓存目录（{type(failure).__name__}），请指定可写的缓存目录。") from None
    return target
