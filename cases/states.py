"""The engine's state as the log stores it, in whatever version of an earlier release."""

from __future__ import annotations

from bpmn import codec
from bpmn.instance.migrations import UnknownVersion
from bpmn.state import State
from cases.errors import Unavailable


def state_of(text: str) -> State:
    """Raises Unavailable for one that a newer release has stored: an upgrade is under way, and its workers read it."""
    try:
        return codec.load_state(text)
    except UnknownVersion as error:
        raise Unavailable("本案的流程状态由较新的版本保存，请稍后再试；升级完成后即可办理。") from error
