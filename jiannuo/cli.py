"""The command line. One row a command, whose module is imported when it is called, so `jiannuo --help` is quick."""

import atexit
import importlib
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from jiannuo.errors import JiannuoError


@dataclass(frozen=True)
class Row:
    module: str  # with a typer application named `app`
    help: str


COMMANDS: dict[str, Row] = {
    "run": Row("jiannuo.run_cli", "start everything on this machine; Ctrl-C stops it"),
    "deadline": Row("jiannuo.deadline_cli", "compute a due date and say why"),
    "calendar": Row("jiannuo.calendar_cli", "publish tables of holidays and make-up days; preview what moves"),
    "what-if": Row("jiannuo.what_if_cli", "which deadlines would move if a limit or a ladder were another"),
    "rehearse": Row("jiannuo.rehearse_cli", "play complaints in skipped time and compare with what is expected"),
    "bpmn": Row("jiannuo.bpmn_cli", "check, run, compare, deploy and list process models"),
    "feel": Row("jiannuo.feel_cli", "evaluate a FEEL expression"),
    "dmn": Row("jiannuo.dmn_cli", "evaluate a decision of a DMN file"),
    "settings": Row("jiannuo.settings_cli", "list the settings, their values and where they come from"),
    "deploy": Row("jiannuo.deploy_cli", "deploy the models of the policy that the settings name"),
    "worker": Row("jiannuo.worker_cli", "run one worker against named servers; --check asks after it"),
    "api": Row("jiannuo.api_cli", "run the pages and the API against named servers; --check asks after them"),
    "schedules": Row("jiannuo.schedules_cli", "list, trigger, pause and resume the reports"),
    "mail": Row("jiannuo.mail_cli", "a mail that came back goes on by other channels"),
    "unit": Row("jiannuo.unit_cli", "show or change the phone, address and contact that a unit's letters name"),
    "receiver": Row("jiannuo.receiver.cli", "take what is shared as another platform would, and show it"),
    "incidents": Row("jiannuo.incidents_cli", "what stands still, and an operator's acts on it"),
    "messages": Row("jiannuo.messages_cli", "messages between processes: list, send, drop, restore, deliver"),
    "reconcile": Row("jiannuo.reconcile_cli", "bring Temporal and the step log together after a restore; --dry-run"),
    "upgrade": Row("jiannuo.upgrade_cli", "move open cases to the engine rules of a newer release; --dry-run"),
    "names": Row("jiannuo.names_cli", "put stored titles that name an enterprise under its alias; --dry-run"),
    "env": Row("jiannuo.env_cli", "check what this machine offers"),
    "migrate": Row("jiannuo.migrate_cli", "bring the database to the newest revision"),
    "seed": Row("jiannuo.seed_cli", "write the fictional region with its people and cases"),
    "reset": Row("jiannuo.reset_cli", "delete the data of the embedded servers"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    # A tokio thread of the Temporal SDK races with interpreter shutdown and aborts the process (status 134) although
    # its work is done; a pause before shutdown ends the race.
    atexit.register(time.sleep, 0.05)
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in ("--help", "-h"):
        print(overview())
        return 0
    row = COMMANDS.get(words[0])
    if row is None:
        print(f"jiannuo: there is no command {words[0]!r}.\n\n{overview()}", file=sys.stderr)
        return 2
    try:
        application = importlib.import_module(row.module).app
        application(words[1:], prog_name=f"jiannuo {words[0]}")
    except JiannuoError as error:
        print(f"jiannuo: {error}", file=sys.stderr)
        return 1
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def overview() -> str:
    width = max(map(len, COMMANDS))
    lines = (f"  {name:{width}}  {row.help}" for name, row in COMMANDS.items())
    return "\n".join(["jiannuo COMMAND …; jiannuo COMMAND --help tells more", "", *lines])
