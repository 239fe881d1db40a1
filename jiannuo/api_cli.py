"""`jiannuo api`: pages and API against the servers that the settings name."""

from __future__ import annotations

import httpx
import typer

from jiannuo.errors import JiannuoError
from jiannuo.run import API
from jiannuo.service_loop import run_until_signalled
from jiannuo.settings import load_settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
PATIENCE_S = 5.0


@app.command()
def api(check: bool = typer.Option(False, "--check", help="Ask /healthz of this host, and end.")) -> None:
    """Serve the pages and the API."""
    if not check:
        run_until_signalled(API)
        return
    address = f"http://127.0.0.1:{load_settings().port}/healthz"
    try:
        ready = httpx.get(address, timeout=PATIENCE_S, trust_env=False).is_success
    except httpx.HTTPError as failure:
        raise JiannuoError(f"{address} does not answer ({type(failure).__name__}).") from None
    if not ready:
        raise JiannuoError(f"{address} says that it is not ready.")
