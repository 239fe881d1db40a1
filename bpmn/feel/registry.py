"""All built-in functions by name (DMN 1.5, 10.3.4): the tables of the kinds, joined once."""

from collections.abc import Mapping
from types import MappingProxyType

from bpmn.feel.builtins import BUILTINS as _TABLE
from bpmn.feel.signature import Builtin
from bpmn.feel.values import Function


def as_function(builtin: Builtin) -> Function:
    names = tuple(parameter.name for parameter in builtin.signatures[0].parameters)
    return Function(names, builtin.signatures[0].implementation, builtin=builtin)


_FUNCTIONS: Mapping[str, Function] = MappingProxyType({builtin.name: as_function(builtin) for builtin in _TABLE})
NAMES: tuple[str, ...] = tuple(_FUNCTIONS)


def built_in_function(name: str) -> Function | None:
    return _FUNCTIONS.get(name)
