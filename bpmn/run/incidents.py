"""Expected failures become incidents on the token, with the work that failed kept for another try."""

from __future__ import annotations

from typing import Any

from bpmn.commands import RaiseIncident
from bpmn.errors import Failure
from bpmn.instance.incident import Incident
from bpmn.run.cancel import cancel_scope, strip
from bpmn.run.run import Run


def raise_incident(run: Run, token_key: int, stage: str, payload: Any, failure: Failure, event: Any = None) -> None:
    # What the work had opened before it failed is closed, so that the next try starts from nothing.
    token = run.edit_token(token_key)
    if stage == "enter" or (stage == "open" and token.inner):
        strip(run, token, token.node)
        token = run.edit_token(token_key)
        token.locals = {"loopCounter": token.index, **(token.locals or {})} if token.index else None
    elif stage == "work" and token.inner:
        cancel_scope(run, token.inner, token.node)
        run.edit_token(token_key).inner = 0
    token.status = "incident"
    key = run.key()
    variables = dict(payload) if isinstance(payload, dict) else {}
    run.incidents[key] = Incident(
        key, token_key, token.node, failure.rule, failure.reason, stage, variables, isinstance(payload, dict), event
    )
    run.commands.append(RaiseIncident(key, token_key, token.node, failure.rule, failure.reason))
    run.log("incident", token, failure.reason)
