"""`jiannuo run`, `make run`: signals and lines for a person in front of `jiannuo.run`."""

import asyncio
import contextlib
import signal

import typer

from jiannuo.logs import configure_logs
from jiannuo.run import MIGRATIONS, STEPS, run_everything
from jiannuo.seeding.logins import logins
from jiannuo.settings import Settings, load_settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def run(
    servers_only: bool = typer.Option(
        False, "--servers-only", help="Start PostgreSQL and Temporal and migrate, without worker and API."
    ),
) -> None:
    """Start everything on this machine; Ctrl-C stops what was started, and nothing else."""
    settings = load_settings()
    configure_logs(settings.log_format, settings.log_level)
    asyncio.run(_until_interrupted(settings, servers_only))


async def _until_interrupted(settings: Settings, servers_only: bool) -> None:
    steps, tell = ((MIGRATIONS,), _announce_servers) if servers_only else (STEPS, announce)
    everything = asyncio.create_task(run_everything(settings, say, tell, steps))
    interrupted = asyncio.Event()

    def interrupt() -> None:
        # A second Ctrl-C must not cut short the stopping of the databases.
        if interrupted.is_set():
            say("already stopping")
        else:
            interrupted.set()
            everything.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, interrupt)
    with contextlib.suppress(asyncio.CancelledError):
        await everything
    say("stopped")


def announce(settings: Settings) -> None:
    say(f"践诺已启动 · Jiannuo is running: http://{settings.host}:{settings.port}/")
    if settings.sample_region:
        say(logins())
    say("按 Ctrl-C 停止 · Ctrl-C stops it")


def _announce_servers(settings: Settings) -> None:
    say(f"PostgreSQL and Temporal ({settings.temporal_address}) are running; Ctrl-C stops them")


def say(line: str) -> None:
    print(line, flush=True)
