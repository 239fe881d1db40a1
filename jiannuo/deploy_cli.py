"""`jiannuo deploy`: the models, decisions and forms of the policy that the settings name."""

from __future__ import annotations

import asyncio

import typer

from jiannuo.deploy import deploy_default
from jiannuo.endpoints import connected, with_endpoints
from jiannuo.settings import load_settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def deploy() -> None:
    """Deploy JIANNUO_POLICY; the same files again change nothing. `jiannuo run` does so by itself."""
    settings = load_settings()
    asyncio.run(deploy_default(with_endpoints(settings, connected(settings))))
    print(f"{settings.policy} is deployed.")
