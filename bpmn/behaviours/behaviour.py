"""What one kind of node does when a token has entered it."""

from __future__ import annotations

from typing import Protocol

from bpmn.elements.node import Node
from bpmn.instance.token import Token
from bpmn.run.run import Run


class Behaviour(Protocol):
    """Stateless. Boundaries, deadlines and input mappings are done before ``enter``."""

    def enter(self, run: Run, token: Token, node: Node) -> None: ...
