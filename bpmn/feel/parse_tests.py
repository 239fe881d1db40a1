"""Unary tests: of an input entry, and after `in` (DMN 1.5, 10.3.1.2, rules 7 to 17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpmn.feel import ast
from bpmn.feel.errors import FeelSyntaxError
from bpmn.feel.precedence import ARITHMETIC, COMPARE, COMPARISONS

if TYPE_CHECKING:
    from bpmn.feel.parser import Parser


def whole_unary_tests(parser: Parser) -> ast.Node:
    scanner = parser.scanner
    if scanner.starts("-"):
        mark = scanner.position
        scanner.position += 1
        if scanner.at_end():
            return ast.UnaryTests((), False)
        scanner.position = mark
    if scanner.word() == "not":
        mark = scanner.position
        scanner.position += 3
        if scanner.take("("):
            tests = _tests(parser)
            if scanner.take(")") and scanner.at_end():
                return ast.UnaryTests(tests, True)
        scanner.position = mark
    tests = _bracketed(parser) or _tests(parser)
    parser.end()
    return ast.UnaryTests(tests, False)


def _bracketed(parser: Parser) -> tuple[ast.Node, ...]:
    """`(test, test)`: not of the grammar, but many tables and a conformance test write it as after `in`."""
    scanner = parser.scanner
    mark = scanner.position
    if scanner.take("("):
        try:
            tests = _tests(parser)
            if len(tests) > 1 and scanner.take(")") and scanner.at_end():
                return tests
        except FeelSyntaxError:
            pass
        scanner.position = mark
    return ()


def _tests(parser: Parser) -> tuple[ast.Node, ...]:
    tests = [unary_test(parser)]
    while parser.scanner.take(","):
        tests.append(unary_test(parser))
    return tuple(tests)


def unary_test(parser: Parser, power: int = 0) -> ast.Node:
    scanner = parser.scanner
    for symbol in COMPARISONS:
        if scanner.take(symbol):
            return ast.OpenRange(symbol, parser.expression(max(power, COMPARE)))
    return parser.expression(power)


def in_tests(parser: Parser) -> tuple[ast.Node, ...]:
    """`x in test` or `x in (test, test)`; a lone `(a..b)` is an interval."""
    scanner = parser.scanner
    mark = scanner.position
    if scanner.take("("):
        try:
            tests = _tests(parser)
            if scanner.take(")") and not _continues(parser):
                return tests
        except FeelSyntaxError:
            pass
        scanner.position = mark
    return (unary_test(parser, COMPARE),)


def _continues(parser: Parser) -> bool:
    """After `in (…)`: whether an operator makes the parentheses part of a larger operand."""
    scanner = parser.scanner
    return any(scanner.starts(symbol) for symbol, _ in ARITHMETIC) or scanner.starts(".") or scanner.starts("[")
