"""Arguments of an invocation: all positional or all named (DMN 1.5, 10.3.1.2, rules 38 to 41)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpmn.feel import ast
from bpmn.feel.name_index import normal

if TYPE_CHECKING:
    from bpmn.feel.parser import Parser


def invocation(parser: Parser, function: ast.Node) -> ast.Node:
    scanner = parser.scanner
    scanner.expect("(", "to open the arguments")
    positional: list[ast.Node] = []
    named: list[tuple[str, ast.Node]] = []
    if not scanner.take(")"):
        while True:
            name = _argument_name(parser)
            value = parser.bracketed(parser.expression)
            if name is None:
                if named:
                    raise scanner.error("A positional argument may not follow a named one.")
                positional.append(value)
            else:
                named.append((name, value))
            if not scanner.take(","):
                break
        scanner.expect(")", "to close the arguments")
    if positional and named:
        raise scanner.error("Arguments are either all positional or all named.")
    made = ast.Invocation(function, tuple(positional), tuple(named))
    if function == ast.Name("assert"):
        _literal_cause(parser, made)
    return made


def _literal_cause(parser: Parser, call: ast.Invocation) -> None:
    """The cause of a failed assertion is shown to operators, and values of a case may be personal data."""
    causes = [*call.positional[2:], *(value for name, value in call.named if name == "cause")]
    if not all(isinstance(cause, ast.Literal) for cause in causes):
        raise parser.scanner.error("The cause of assert() is a text in quotes: it is shown where no values may be.")


def _argument_name(parser: Parser) -> str | None:
    """A raw name before ':'; anything else leaves the position alone."""
    scanner = parser.scanner
    if not scanner.word():
        return None
    end = scanner.position
    text = scanner.text
    while end < len(text) and text[end] not in ":,()[]{}\"<>=":
        end += 1
    if end >= len(text) or text[end] != ":":
        return None
    name = normal(text[scanner.position : end])
    scanner.position = end + 1
    return name
