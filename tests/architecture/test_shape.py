"""The shape of the tree: empty package files, no registry named, libraries where they belong."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("jiannuo", "api", "workflows", "activities", "notifications", "cases", "bpmn", "migrations")

# Put together here, since this file is searched as well.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com"),
        ("npmmirror", "com"), ("tuna", "tsinghua", "edu"), ("mirrors", "aliyun"),
    )
]  # fmt: skip

# library → the modules that alone may import it
HOMES = {
    "lxml": re.compile(r"(bpmn/|.*xlsx|tests/)"),
    "psutil": re.compile(r"(jiannuo/|benchmarks/|tests/)"),
    "alembic": re.compile(r"(jiannuo/migrate\.py|migrations/|tests/)"),
}


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        # An unpacked source archive has no list of tracked files to look at; every checkout and CI has.
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("package", PACKAGES)
def test_package_files_are_empty(package: str) -> None:
    """Importing workflows or activities.contracts must load nothing else into the workflow sandbox."""
    assert [path for path in (ROOT / package).rglob("__init__.py") if path.stat().st_size > 0] == []


def test_no_package_registry_is_named() -> None:
    """Each site installs from its own; a lock that names one sends everybody there."""
    named = [
        f"{path.relative_to(ROOT)} names {host}"
        for path in tracked_files()
        for host in REGISTRIES
        if host.encode() in path.read_bytes()
    ]
    assert named == []


@pytest.mark.parametrize("library", HOMES)
def test_a_library_is_imported_only_at_its_home(library: str) -> None:
    strangers = [
        str(path.relative_to(ROOT))
        for path in tracked_files()
        if path.suffix == ".py"
        and not HOMES[library].match(str(path.relative_to(ROOT)))
        and library in _imported(path)
    ]
    assert strangers == []


def _imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(), str(path))
    direct = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    others = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level == 0}
    return {name.split(".")[0] for name in direct | others}


def test_a_decision_has_a_number_of_its_own() -> None:
    """Texts and commits refer to decisions by number; the file, its heading and the number must agree."""
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert sorted(set(numbers)) == numbers
    headed = [page.name for page, number in zip(pages, numbers, strict=True) if not _heads(page, number)]
    assert headed == []


def _heads(page: Path, number: int) -> bool:
    return page.read_text().startswith(f"# {number}. ")
