"""Link events: a goto within one scope level. The reader resolves the target; nothing is armed or thrown."""

from __future__ import annotations

from bpmn.elements.events import LinkDefinition
from bpmn.elements.node import Node
from bpmn.eventkinds.kind import EventKind
from bpmn.instance.token import Token
from bpmn.run.run import Run


class LinkKind(EventKind):
    kind = "link"
    positions = ("catch", "throw")

    def throw(self, run: Run, token: Token, node: Node, definition: LinkDefinition) -> bool:
        return True
