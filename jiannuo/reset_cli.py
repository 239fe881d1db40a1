"""`jiannuo reset`: delete what `jiannuo run` stored. Refused while it runs; only files that it makes are deleted."""

import shutil

import typer

from jiannuo.embedded.lockfile import InstanceLock
from jiannuo.run import OWN_FILES
from jiannuo.settings import load_settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def reset() -> None:
    """Delete the data of the embedded servers."""
    folder = load_settings().data_dir
    if not folder.exists():
        print(f"{folder} does not exist: there is nothing to delete.")
        return
    with InstanceLock(folder):
        for pattern in OWN_FILES:
            for path in folder.glob(pattern):
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()
    print(f"Deleted the data in {folder}.")
