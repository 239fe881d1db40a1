"""Text to syntax tree."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from bpmn.feel import ast
from bpmn.feel.name_index import NameIndex
from bpmn.feel.parse_compound import CHARACTERS, WORDS
from bpmn.feel.parser import Parser
from bpmn.feel.types import FeelType

_RULES = MappingProxyType({**CHARACTERS, **WORDS})
_MAX_TEXT = 200_000
# Properties of temporal values and ranges that no caller has to name (tables 64 and 65).
_PROPERTIES = ("time offset", "start included", "end included")


def parser_for(
    text: str, names: Iterable[str], members: Iterable[str], types: Mapping[str, FeelType], built_ins: Iterable[str]
) -> Parser:
    scope = NameIndex(names, NameIndex(built_ins))
    parser = Parser(text, scope, NameIndex((*_PROPERTIES, *members)), types, _RULES)
    if len(text) > _MAX_TEXT:
        raise parser.scanner.error(f"The expression is longer than {_MAX_TEXT} characters.")
    return parser


def parse_expression(parser: Parser) -> ast.Node:
    return parser.whole_expression()


def parse_unary_tests(parser: Parser) -> ast.Node:
    return parser.whole_unary_tests()
