"""Message events. Matching is done outside: a catch opens a subscription, a throw publishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bpmn.commands import OpenSubscription, PublishMessage
from bpmn.dialect import TIME_TO_LIVE
from bpmn.elements.events import Message, MessageDefinition
from bpmn.elements.expression import Value
from bpmn.elements.node import Node
from bpmn.errors import Failure
from bpmn.eventkinds.kind import Catch, EventKind
from bpmn.instance.token import Token
from bpmn.run.evaluate import json, kind, text, zone_of
from bpmn.run.mapping import local_payload, properties_of
from bpmn.run.run import Run
from bpmn.run.variables import visible
from bpmn.timers.duration import Duration, add, parse_duration


class MessageKind(EventKind):
    kind = "message"
    positions = ("start", "substart", "catch", "boundary", "throw", "end")

    def arm(self, catch: Catch, definition: MessageDefinition) -> None:
        subscribe(catch, definition.message)

    def throw(self, run: Run, token: Token, node: Node, definition: MessageDefinition) -> bool:
        publish(run, token, node, definition.message)
        return True


def subscribe(catch: Catch, message: Message) -> None:
    run, context = catch.run, catch.context()
    name = text(run, message.name, context, catch.scope, "The message name")
    scope = run.scopes[catch.scope]
    held = run.graphs[scope.graph].processes[scope.process].correlations.get(message.id, ())
    key = _key(run, message, held, context, catch.scope)
    properties = properties_of(run, catch.token, catch.node, catch.scope)
    wait = catch.wait("message", name=name)
    interrupting = catch.node.interrupting if catch.role in ("boundary", "start") else True
    run.commands.append(
        OpenSubscription(wait.key, run.ref(catch.scope), catch.node.id, name, key, interrupting, properties)
    )


def _key(run: Run, message: Message, paths: Sequence[Value], context: Mapping[str, Any], scope_key: int) -> str:
    """A message that declares no key belongs to the instance: its business key is the key."""
    if message.correlation_key is not None:
        return text(run, message.correlation_key, context, scope_key, "The correlation key")
    if paths:
        return ",".join(text(run, path, context, scope_key, "The correlation key") for path in paths)
    return run.state.business_key


def publish(run: Run, token: Token, node: Node, message: Message) -> None:
    context = visible(run, token)
    name = text(run, message.name, context, token.scope, "The message name")
    key = _key(run, message, message.paths, context, token.scope)
    until = _until(run, token, node, context)
    run.commands.append(PublishMessage(name, key, local_payload(token), until))
    run.log("thrown", token, name)


def _until(run: Run, token: Token, node: Node, context: Mapping[str, Any]) -> str | None:
    written = node.properties.get(TIME_TO_LIVE)
    if written is None:
        return None
    found = json(run, written, context, token.scope)
    if found is None:
        return None
    life = lifetime(found) if isinstance(found, str) else None
    if life is None:
        told = f"The time to live {written.text} is {kind(found)}, not a duration such as PT2H."
        raise Failure("expression-type", told)
    return add(run.now, life, zone_of(run, token.scope)).isoformat()


def lifetime(written: str) -> Duration | None:
    """None for what is no duration, or lies in the past."""
    life = parse_duration(written)
    return None if life is None or written.strip().startswith("-") else life
