"""The tables of built-in functions, joined."""

from bpmn.feel.builtins_logic import LOGIC
from bpmn.feel.signature import Builtin

BUILTINS: tuple[Builtin, ...] = LOGIC
