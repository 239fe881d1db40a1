"""Text to syntax tree."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from bpmn.feel.name_index import NameIndex
from bpmn.feel.parse_compound import CHARACTERS, WORDS
from bpmn.feel.parser import FORBIDDEN, Parser
from bpmn.feel.registry import NAMES
from bpmn.feel.types import FeelType

_RULES = MappingProxyType({**CHARACTERS, **WORDS})
_MAX_TEXT = 200_000
# Properties of temporal values and ranges that no caller has to name (tables 64 and 65).
_PROPERTIES = ("time offset", "start included", "end included")


# Filled once and never added to: each parse puts an index of its own in front.
_BUILT_INS = NameIndex((*FORBIDDEN, *NAMES))
PROPERTIES = NameIndex(_PROPERTIES)


def parser_for(
    text: str, names: Iterable[str], members: Iterable[str] | NameIndex, types: Mapping[str, FeelType]
) -> Parser:
    """`members` as an index is taken as it is: a file with thousands of names builds it once."""
    index = members if isinstance(members, NameIndex) else NameIndex(members, PROPERTIES)
    parser = Parser(text, NameIndex(names, _BUILT_INS), index, types, _RULES)
    if len(text) > _MAX_TEXT:
        raise parser.scanner.error(f"The expression is longer than {_MAX_TEXT} characters.")
    return parser
