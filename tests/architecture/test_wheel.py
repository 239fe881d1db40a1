"""What users install: one application of generic package names, which no dependency may share."""

import importlib.metadata
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = {"jiannuo", "api", "workflows", "activities", "notifications", "cases", "bpmn", "policies", "migrations"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = f"from hatchling.build import build_wheel; build_wheel({str(folder)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_it_holds_our_packages_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} <= OURS
    assert {"jiannuo/cli.py", "migrations/env.py", "bpmn/__init__.py"} <= set(names)
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_no_dependency_installs_a_package_of_our_names() -> None:
    taken = {
        f"{distribution.name}: {file.parts[0]}"
        for distribution in importlib.metadata.distributions()
        if distribution.name != "jiannuo"
        for file in distribution.files or ()
        if file.parts and file.parts[0].removesuffix(".py") in OURS
    }
    assert taken == set()


def test_the_installed_wheel_works_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    install = ["install", "--quiet", "--no-deps", "--no-index", "--target", str(tmp_path / "lib"), str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", *install], check=True, capture_output=True)
    script = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'lib')!r})\n"
        "import jiannuo.cli, migrations, jiannuo.migrate\n"
        "print(jiannuo.cli.__file__, migrations.__file__); sys.exit(jiannuo.cli.main(['settings', '--json']))"
    )
    result = subprocess.run([sys.executable, "-I", "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    located = result.stdout.splitlines()[0]
    assert located.count(str(tmp_path / "lib")) == 2
    assert str(tmp_path / ".data") in result.stdout or "/var/lib/jiannuo" in result.stdout
