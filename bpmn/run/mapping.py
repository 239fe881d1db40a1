"""Input and output mappings and data associations of a node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bpmn.elements.loop import MultiInstance
from bpmn.elements.node import DataCopy, Node
from bpmn.instance.token import Token
from bpmn.model import Process
from bpmn.run.evaluate import json
from bpmn.run.run import Run
from bpmn.run.variables import Layer, Visible, assign, assign_local, layers_of, put, visible
from bpmn.values import Json


def apply_inputs(run: Run, token: Token, node: Node) -> None:
    """In order, each sees what the ones before it made; the results are local to the activity."""
    made: Layer = {**dict.fromkeys(node.local_data), **(token.locals or {})}
    outer = layers_of(run, token.scope, token)
    context = Visible([made, *outer])
    for mapping in node.inputs:
        put(made, mapping.target, json(run, mapping.source, context, token.scope))
    for copy in node.data_inputs:
        _copy(run, copy, made, context, token.scope)
    assign_local(run, token, made)


def apply_outputs(run: Run, token: Token, node: Node, variables: Mapping[str, Json]) -> None:
    """With output mappings only they leave the activity; without, its variables go where their names live."""
    if node.outputs:
        made: Layer = {}
        outer = inner_layers(run, token)
        context = Visible([made, dict(variables), *outer])
        # What an entry is added to is the variable out there, not a local one of that name.
        target = Visible(layers_of(run, token.scope))
        for mapping in node.outputs:
            name = mapping.target[0]
            if len(mapping.target) > 1 and name not in made and name in target:
                made[name] = target[name]
            put(made, mapping.target, json(run, mapping.source, context, token.scope))
        assign(run, token, made, from_local=False)
    elif variables:
        assign(run, token, variables)
    copies: Sequence[DataCopy] = node.data_outputs
    if copies and token.index and isinstance(node.loop, MultiInstance) and run.rules.data_loops:
        copies = [copy for copy in copies if not of_collection(copy, node.loop)]
    if copies:
        source = Visible([dict(variables), *inner_layers(run, token)])
        assign(run, token, copied(run, copies, source, token.scope), from_local=False)


def data_inputs(run: Run, token: Token, node: Node) -> Layer:
    """What the associations copy in, where the loop around the instances asks for it."""
    return copied(run, node.data_inputs, visible(run, token), token.scope)


def copied(run: Run, copies: Sequence[DataCopy], context: Mapping[str, Json], scope_key: int) -> Layer:
    made: Layer = {}
    for copy in copies:
        _copy(run, copy, made, context, scope_key)
    return made


def of_collection(copy: DataCopy, loop: MultiInstance) -> bool:
    """Whether the association takes what the loop collected, not what one instance made."""
    name = loop.output_collection
    if name is None:
        return False
    if copy.source is not None and copy.source.text == name:
        return True
    return copy.transformation is not None and name in copy.transformation.text


def inner_layers(run: Run, token: Token) -> list[Layer]:
    """What a finished activity sees: a subprocess still has its own variables."""
    if token.inner and run.scopes[token.inner].kind not in ("process", "loop", "compensation"):
        return layers_of(run, token.inner)
    return layers_of(run, token.scope, token)


def _copy(run: Run, copy: DataCopy, target: Layer, context: Mapping[str, Json], scope_key: int) -> None:
    if copy.source is not None:
        name = copy.source.text
        target[copy.target] = context.get(name)
    if copy.transformation is not None:
        target[copy.target] = json(run, copy.transformation, context, scope_key)
    for source, written, resolved in copy.assignments:
        name = (resolved if run.rules.data_targets else written) or copy.target
        put(target, tuple(name.split(".")), json(run, source, context, scope_key))


def local_payload(token: Token) -> dict[str, Json]:
    """What a throw carries: what its input mappings made, and nothing else of the process."""
    return dict(token.locals or {})


def properties_of(run: Run, token: Token | None, node: Node | Process, scope_key: int) -> dict[str, Json]:
    if not node.properties:
        return {}
    context = visible(run, token) if token is not None else Visible(layers_of(run, scope_key))
    return {name: json(run, value, context, scope_key) for name, value in node.properties.items()}
