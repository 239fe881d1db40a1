"""Operands that contain expressions: brackets, contexts, if, for, some, every, function."""

from collections.abc import Callable

from bpmn.feel import ast
from bpmn.feel.errors import FeelSyntaxError
from bpmn.feel.name_index import NameIndex, normal
from bpmn.feel.parse_tests import unary_test
from bpmn.feel.parse_types import parse_type
from bpmn.feel.parser import Parser
from bpmn.feel.types import FeelType

_CLOSING = {"]": True, ")": False, "[": False}
_RANGE_OPERATORS = ("<=", ">=", "!=", "=", "<", ">")


def parenthesis(parser: Parser) -> ast.Node:
    """`( expression )`, `( a .. b ]` or `( < e )`."""
    parser.scanner.position += 1
    return parser.bracketed(lambda: _after_parenthesis(parser))


def _after_parenthesis(parser: Parser) -> ast.Node:
    scanner = parser.scanner
    if any(scanner.starts(symbol) for symbol in _RANGE_OPERATORS):
        node = unary_test(parser)
        scanner.expect(")", "to close the range")
        return node
    inner = parser.expression()
    if scanner.starts(".."):
        return _interval(parser, inner, low_included=False)
    scanner.expect(")", "to close the parenthesis")
    return inner


def bracket(parser: Parser) -> ast.Node:
    """`[ item, … ]` or `[ a .. b ]`."""
    parser.scanner.position += 1
    return parser.bracketed(lambda: _after_bracket(parser))


def _after_bracket(parser: Parser) -> ast.Node:
    scanner = parser.scanner
    if scanner.take("]"):
        return ast.ListOf(())
    items = [unary_test(parser)]
    if scanner.starts(".."):
        return _interval(parser, items[0], low_included=True)
    while scanner.take(","):
        items.append(unary_test(parser))
    scanner.expect("]", "to close the list")
    return ast.ListOf(tuple(items))


def reversed_bracket(parser: Parser) -> ast.Node:
    """`] a .. b [`: open ends by brackets turned outwards."""
    parser.scanner.position += 1
    return parser.bracketed(lambda: _interval(parser, parser.expression(), low_included=False))


def _interval(parser: Parser, low: ast.Node, low_included: bool) -> ast.Node:
    scanner = parser.scanner
    scanner.expect("..", "between the endpoints of the interval")
    mark = scanner.position
    try:
        high = parser.expression()
        closing = _closing(parser)
    except FeelSyntaxError:
        # The bracket after the endpoint was taken for a filter: read it as the closing one.
        scanner.position = mark
        parser.plain_bracket = True
        high = parser.expression()
        parser.plain_bracket = False
        closing = _closing(parser)
    return ast.Interval(low, high, low_included, closing)


def _closing(parser: Parser) -> bool:
    scanner = parser.scanner
    for symbol, included in _CLOSING.items():
        if scanner.take(symbol):
            return included
    raise scanner.error(f"Expected ']', ')' or '[' to close the interval, found {scanner.found()}.")


def context(parser: Parser) -> ast.Node:
    """Later entries see earlier ones (10.3.2.6)."""
    parser.scanner.position += 1
    scope = NameIndex((), parser.names)
    outer, parser.names = parser.names, scope
    try:
        return parser.bracketed(lambda: _entries(parser, scope))
    finally:
        parser.names = outer


def _entries(parser: Parser, scope: NameIndex) -> ast.Node:
    scanner = parser.scanner
    entries: list[tuple[str, ast.Node]] = []
    seen: dict[str, bool] = {}
    if not scanner.take("}"):
        while True:
            start = scanner.position
            key = _key(parser)
            if key in seen:
                raise scanner.error(f"The context has the key '{key}' twice.", start)
            seen[key] = True
            scope.add(key)
            parser.members.add(key)
            entries.append((key, parser.expression()))
            if not scanner.take(","):
                break
        scanner.expect("}", "to close the context")
    return ast.ContextOf(tuple(entries))


def _key(parser: Parser) -> str:
    scanner = parser.scanner
    if scanner.starts('"'):
        key = scanner.string()
        scanner.expect(":", "after the key")
        return key
    return _name_before(parser, ":", "a key and ':'")


def _name_before(parser: Parser, stop: str, expected: str) -> str:
    scanner = parser.scanner
    if scanner.starts("`"):
        name = parser.quoted_name()
        scanner.expect(stop, "after the name")
        return name
    if not scanner.word():
        raise scanner.error(f"Expected {expected}, found {scanner.found()}.")
    end = scanner.position
    while end < len(scanner.text) and scanner.text[end] not in ":,()[]{}\"<>=;":
        end += 1
    if not scanner.text.startswith(stop, end):
        raise scanner.error(f"Expected {expected}, found {scanner.found()}.")
    name = normal(scanner.text[scanner.position : end])
    scanner.position = end + len(stop)
    return name


def conditional(parser: Parser) -> ast.Node:
    condition = parser.expression()
    parser.scanner.expect_word("then", "after the condition of 'if'")
    then = parser.expression()
    parser.scanner.expect_word("else", "after the 'then' of 'if'")
    return ast.Conditional(condition, then, parser.expression())


def for_loop(parser: Parser) -> ast.Node:
    def parse() -> ast.Node:
        iterations = _iterations(parser)
        parser.scanner.expect_word("return", "after the iterations of 'for'")
        return ast.For(iterations, parser.expression())

    return parser.inner((), parse)


def _quantified(parser: Parser, every: bool) -> ast.Node:
    def parse() -> ast.Node:
        iterations = _iterations(parser)
        parser.scanner.expect_word("satisfies", "after the iterations")
        return ast.Quantified(every, iterations, parser.expression())

    return parser.inner((), parse)


def some(parser: Parser) -> ast.Node:
    return _quantified(parser, every=False)


def every(parser: Parser) -> ast.Node:
    return _quantified(parser, every=True)


def _iterations(parser: Parser) -> tuple[ast.Iteration, ...]:
    scanner = parser.scanner
    iterations: list[ast.Iteration] = []
    while True:
        name = _iterator_name(parser)
        domain = parser.expression()
        high = parser.expression() if scanner.take("..") else None
        iterations.append(ast.Iteration(name, domain, high))
        parser.names.add(name)
        if not scanner.take(","):
            return tuple(iterations)


def _iterator_name(parser: Parser) -> str:
    scanner = parser.scanner
    if not scanner.word():
        raise scanner.error(f"Expected the name of the iterator, found {scanner.found()}.")
    start = end = scanner.position
    while True:
        word = scanner.word()
        if word == "in" and end > start:
            name = normal(scanner.text[start:end])
            scanner.position += len("in")
            return name
        if scanner.at_end() or scanner.text[scanner.position] in ",()[]{}\"<>=":
            raise scanner.error(f"Expected 'in' after the name of the iterator, found {scanner.found()}.")
        scanner.position += len(word) or 1
        end = scanner.position


def function(parser: Parser) -> ast.Node:
    scanner = parser.scanner
    scanner.expect("(", "to open the parameters")
    parameters: list[ast.Parameter] = []
    if not scanner.take(")"):
        while True:
            parameters.append(_parameter(parser))
            if not scanner.take(","):
                break
        scanner.expect(")", "to close the parameters")
    result = parse_type(scanner, parser.types) if scanner.take(":") else None
    external = scanner.take_word("external")
    body = parser.inner([parameter.name for parameter in parameters], parser.expression)
    return ast.FunctionDefinition(tuple(parameters), body, external, result)


def _parameter(parser: Parser) -> ast.Parameter:
    scanner = parser.scanner
    if not scanner.word():
        raise scanner.error(f"Expected the name of a parameter, found {scanner.found()}.")
    end = scanner.position
    while end < len(scanner.text) and scanner.text[end] not in ":,)":
        end += 1
    name = normal(scanner.text[scanner.position : end])
    scanner.position = end
    type_: FeelType | None = parse_type(scanner, parser.types) if scanner.take(":") else None
    return ast.Parameter(name, type_)


Rule = Callable[[Parser], ast.Node]
CHARACTERS: dict[str, Rule] = {
    "(": parenthesis, "[": bracket, "]": reversed_bracket, "{": context,
    '"': Parser.string, "@": Parser.at_literal, "`": Parser.backtick,
}
WORDS: dict[str, Rule] = {
    "if": conditional, "for": for_loop, "some": some, "every": every, "function": function,
}
