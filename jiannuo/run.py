"""`jiannuo run`: everything on one machine, started in order and stopped in the reverse one.

PostgreSQL → Temporal → migrations → policy → receiver → worker → sample region → API. What starts is pushed on one
stack, so it stops as API → worker → receiver → Temporal → PostgreSQL, also when the start is interrupted half-way.
"""

import asyncio
import importlib
import inspect
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from jiannuo.embedded.child import Child
from jiannuo.embedded.lockfile import InstanceLock
from jiannuo.embedded.ports import LOOPBACK, ReservedPort, reserve_port
from jiannuo.embedded.postgres import start_postgres
from jiannuo.embedded.progress import Progress, while_slow
from jiannuo.embedded.temporal import start_temporal
from jiannuo.embedded.temporal_namespace import NAMESPACE
from jiannuo.endpoints import Endpoints, forget_endpoints, with_endpoints, write_endpoints
from jiannuo.errors import JiannuoError
from jiannuo.settings import Settings

# What a run leaves in its data folder, and what `jiannuo reset` therefore deletes.
OWN_FILES = ("postgres", "postgres.log*", "temporal", "temporal.log*", "receiver", "outgoing", "endpoints.json*")


WATCH_S = 0.5


@dataclass(frozen=True)
class Preparation:
    """Awaited: `entry` is module:function, plain or async; it takes what `argument` makes of the settings."""

    doing: str
    entry: str
    argument: Callable[[Settings], object] = lambda settings: settings
    wanted: Callable[[Settings], bool] = lambda settings: True


@dataclass(frozen=True)
class Service:
    """Runs until told to stop: `entry` is module:function, `async (settings, stop: asyncio.Event, ready) -> None`.

    It calls `ready()` once it does its work, and what follows waits for that. It drains and returns when `stop` is
    set, and leaves signals alone: they are this module's.
    """

    name: str
    entry: str
    port: str | None = None  # the setting of the port that it listens on


WORKER = Service("the worker", "jiannuo.worker:run_worker")
API = Service("the API", "jiannuo.web:run_api", port="port")
RECEIVER = Service("the reference receiver", "jiannuo.receiver.serve:run_receiver", port="receiver_port")
MIGRATIONS = Preparation("migrating the database", "jiannuo.migrate:upgrade", lambda settings: dsn_of(settings))
STEPS: tuple[Preparation | Service, ...] = (
    MIGRATIONS,
    Preparation("deploying the policy", "jiannuo.deploy:deploy_default"),
    RECEIVER,
    WORKER,
    # After the worker, since sample cases are running executions reached through the same Updates as others.
    Preparation("seeding the sample region", "jiannuo.seed:seed", wanted=lambda settings: settings.sample_region),
    API,
)


async def run_everything(
    settings: Settings,
    say: Progress,
    started: Callable[[Settings], None],
    steps: tuple[Preparation | Service, ...] = STEPS,
) -> None:
    """Returns only by error or cancellation; either way all that was started is stopped before."""
    with InstanceLock(settings.data_dir):
        async with AsyncExitStack() as stack:
            running: list[asyncio.Task[None]] = []
            settings = await _start_servers(settings, say, stack, running)
            settings, reserved = _with_free_ports(settings, say, stack)
            for step in steps:
                if isinstance(step, Service):
                    if step.port is not None:
                        reserved[step.port].release()
                    await _start_service(step, settings, say, stack, running)
                elif step.wanted(settings):
                    await _unless_one_ends(_prepare(step, settings, say), running)
            started(settings)
            await _unless_one_ends(asyncio.Event().wait(), running)


def dsn_of(settings: Settings) -> str:
    if settings.postgres_dsn is None:
        raise JiannuoError("No PostgreSQL server is named or started; start one with jiannuo run.")
    return settings.postgres_dsn.get_secret_value()


def load_entry(entry: str) -> Callable[..., Any]:
    module, _, function = entry.partition(":")
    loaded: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return loaded


async def _start_servers(
    settings: Settings, say: Progress, stack: AsyncExitStack, running: "list[asyncio.Task[None]]"
) -> Settings:
    """Those that no setting names; the settings returned name them all."""
    dsn = dsn_of(settings) if settings.postgres_dsn else await _start_postgres(settings, say, stack, running)
    address = settings.temporal_address or await _start_temporal(settings, say, stack, running)
    namespace = settings.temporal_namespace if settings.temporal_address else NAMESPACE
    endpoints = Endpoints(dsn, address, namespace)
    write_endpoints(settings.data_dir, endpoints)
    stack.callback(forget_endpoints, settings.data_dir)
    return with_endpoints(settings, endpoints)


async def _start_postgres(
    settings: Settings, say: Progress, stack: AsyncExitStack, running: "list[asyncio.Task[None]]"
) -> str:
    say("starting PostgreSQL")
    server = await start_postgres(settings.data_dir / "postgres", port=settings.postgres_port, progress=say)
    stack.push_async_callback(_stop, "PostgreSQL", server.stop, say)
    running.append(_watch("PostgreSQL", server.child, stack))
    _say_replaced(say, "PostgreSQL", server.replaced_port)
    return server.dsn


async def _start_temporal(
    settings: Settings, say: Progress, stack: AsyncExitStack, running: "list[asyncio.Task[None]]"
) -> str:
    say("starting Temporal")
    server = await start_temporal(
        settings.data_dir / "temporal", port=settings.temporal_port, ui_port=settings.temporal_ui_port, progress=say
    )
    stack.push_async_callback(_stop, "Temporal", server.stop, say)
    running.append(_watch("Temporal", server.child, stack))
    for port in server.replaced_ports:
        _say_replaced(say, "Temporal", port)
    if server.kept_file is not None:
        say(f"{server.kept_file.name} is of another Temporal and is kept; jiannuo reconcile fills the new file")
    say(f"Temporal's pages: {server.ui_url}")
    return server.target_host


def _watch(name: str, child: Child, stack: AsyncExitStack) -> "asyncio.Task[None]":
    """A task that ends when the server does. Not restarted: what killed it may still be there, a full disk say."""

    async def until_ended() -> None:
        while not child.ended:  # noqa: ASYNC110  the end of a process is no event of the loop
            await asyncio.sleep(WATCH_S)

    task = asyncio.create_task(until_ended(), name=name)
    stack.callback(task.cancel)
    return task


def _with_free_ports(
    settings: Settings, say: Progress, stack: AsyncExitStack
) -> tuple[Settings, dict[str, ReservedPort]]:
    """By setting. They are held meanwhile: seeding takes a minute, and others on this machine take ports too."""
    reserved = {}
    for setting, server in (("port", "the API"), ("receiver_port", "the reference receiver")):
        reserved[setting] = stack.enter_context(reserve_port(getattr(settings, setting)))
        _say_replaced(say, server, reserved[setting].replaces)
    # With a receiver named, ours runs idle: it shows nothing, and costs nothing.
    url = settings.receiver_url or f"http://{LOOPBACK}:{reserved['receiver_port'].port}"
    found = {setting: one.port for setting, one in reserved.items()} | {"receiver_url": url}
    return Settings(**settings.model_dump() | found), reserved


def _say_replaced(say: Progress, server: str, busy: int | None) -> None:
    if busy is not None:
        say(f"port {busy} is busy; {server} got another")


async def _prepare(step: Preparation, settings: Settings, say: Progress) -> None:
    say(step.doing)
    function, argument = load_entry(step.entry), step.argument(settings)
    async with while_slow(say, lambda seconds: f"still {step.doing} ({seconds} s)"):
        if inspect.iscoroutinefunction(function):
            await function(argument)
        else:
            await asyncio.to_thread(function, argument)


async def _start_service(
    service: Service, settings: Settings, say: Progress, stack: AsyncExitStack, running: "list[asyncio.Task[None]]"
) -> None:
    say(f"starting {service.name}")
    stop, ready = asyncio.Event(), asyncio.Event()
    task: asyncio.Task[None] = asyncio.create_task(
        load_entry(service.entry)(settings, stop, ready.set), name=service.name
    )

    async def drain() -> None:
        stop.set()
        # Its failure, if any, has been raised by _unless_one_ends or is logged by the service; stopping goes on.
        await asyncio.wait([task])

    stack.push_async_callback(_stop, service.name, drain, say)
    running.append(task)
    await _unless_one_ends(ready.wait(), running)


async def _unless_one_ends(work: Awaitable[object], running: "list[asyncio.Task[None]]") -> None:
    """Await `work`, but give up when a server or service ends, which none does unless told to."""
    working = asyncio.ensure_future(work)
    try:
        await asyncio.wait([working, *running], return_when=asyncio.FIRST_COMPLETED)
        for task in running:
            if task.done():
                task.result()
                raise JiannuoError(f"{task.get_name()} ended by itself. Its log says why.")
        await working
    finally:
        working.cancel()


async def _stop(name: str, stop: Callable[[], Awaitable[None]], say: Progress) -> None:
    say(f"stopping {name}")
    async with while_slow(say, lambda seconds: f"{name} is still finishing its work ({seconds} s)"):
        await stop()
