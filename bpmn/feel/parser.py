"""Expressions and unary tests: a Pratt parser over text (DMN 1.5, 10.3.1.2). Why not a generated one:
docs/decisions/0010-feel-parser.md."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from bpmn.feel import ast
from bpmn.feel.name_index import ChainedIndex, NameIndex, normal
from bpmn.feel.parse_arguments import invocation
from bpmn.feel.parse_tests import in_tests
from bpmn.feel.parse_types import parse_type
from bpmn.feel.precedence import AND, ARITHMETIC, COMPARE, COMPARISONS, OR, UNARY
from bpmn.feel.scanner import Scanner
from bpmn.feel.temporal_text import parse_any
from bpmn.feel.types import FeelType

_MAX_NESTING = 80
_KEYWORDS = (
    "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "null", "true", "false",
    "between", "instance", "function", "external",
)
_CONSTANTS: Mapping[str, object] = {"null": None, "true": True, "false": False}
_RANGE_SYMBOLS = ("<=", ">=", "<", ">")
FORBIDDEN = ("uuid", "random number")

Rules: TypeAlias = "Mapping[str, Callable[[Parser], ast.Node]]"


class Parser:
    """`rules`: what an operand may begin with, by character or by word; parse.py brings them together."""

    def __init__(
        self, text: str, names: NameIndex, members: NameIndex, types: Mapping[str, FeelType], rules: "Rules"
    ) -> None:
        self.scanner = Scanner(text)
        self.names = names
        self.members = NameIndex((), members)  # grows with the keys of the text's own contexts
        self.types = types
        self._rules = rules
        self._nesting = 0
        self.plain_bracket = False  # an upper endpoint may be followed by '[', which is then no filter
        self._effort = 0

    # entry points

    def whole_expression(self) -> ast.Node:
        node = self.expression()
        self.end()
        return node

    def end(self) -> None:
        if not self.scanner.at_end():
            raise self.scanner.error(f"Expected an operator or the end, found {self.scanner.found()}.")

    # operators

    def expression(self, power: int = 0) -> ast.Node:
        self._nesting += 1
        self._effort += 1
        if self._nesting > _MAX_NESTING:
            raise self.scanner.error(f"The expression nests deeper than {_MAX_NESTING} levels.")
        if self._effort > 20 * len(self.scanner.text) + 1000:
            raise self.scanner.error("The expression is too ambiguous: its brackets can be read in too many ways.")
        try:
            node = self._prefix()
            while True:
                following = self._infix(node, power)
                if following is None:
                    return node
                node = following
        finally:
            self._nesting -= 1

    def _infix(self, left: ast.Node, power: int) -> ast.Node | None:
        scanner = self.scanner
        for symbol, binding in ARITHMETIC:
            if scanner.starts(symbol):
                if binding <= power:
                    return None
                scanner.position += len(symbol)
                return ast.Arithmetic(symbol, left, self.expression(binding))
        if power < COMPARE:
            for symbol in COMPARISONS:
                if scanner.take(symbol):
                    return ast.Comparison(symbol, left, self.expression(COMPARE))
            word = scanner.word()
            if word == "between":
                return self._between(left)
            if word == "in":
                scanner.take_word("in")
                return ast.In(left, in_tests(self))
            if word in ("and", "or"):
                return self._logical(left, word, power)
        return None

    def _logical(self, left: ast.Node, word: str, power: int) -> ast.Node | None:
        binding = AND if word == "and" else OR
        if binding <= power:
            return None
        operands = [left]
        while self.scanner.take_word(word):
            operands.append(self.expression(binding))
        kind = ast.Conjunction if word == "and" else ast.Disjunction
        return kind(tuple(operands))

    def _between(self, value: ast.Node) -> ast.Node:
        self.scanner.take_word("between")
        low = self.expression(COMPARE)
        self.scanner.expect_word("and", "between the limits of 'between'")
        return ast.Between(value, low, self.expression(COMPARE))

    # operands

    def _prefix(self) -> ast.Node:
        scanner = self.scanner
        if scanner.take("-"):
            return ast.Negation(self.expression(UNARY))
        for symbol in _RANGE_SYMBOLS:  # a range without a second end is a value too: `r = >= 2`
            if scanner.take(symbol):
                return ast.OpenRange(symbol, self.expression(COMPARE))
        node = self._primary()
        while True:
            if scanner.word() == "instance":
                mark = scanner.position
                scanner.position += len("instance")
                if not scanner.take_word("of"):
                    scanner.position = mark
                    return node
                node = ast.InstanceOf(node, parse_type(scanner, self.types))
            elif scanner.starts("..."):
                scanner.position += 3
                node = ast.Descendants(node, self._member_name())
            elif scanner.starts(".") and not scanner.starts(".."):
                scanner.position += 1
                node = ast.Path(node, self._member_name())
            elif scanner.starts("[") and not (self.plain_bracket):
                node = self._filter(node)
            elif scanner.starts("("):
                node = invocation(self, node)
            else:
                return node

    def _primary(self) -> ast.Node:
        scanner = self.scanner
        if scanner.at_number():
            return ast.Literal(scanner.number())
        character = scanner.text[scanner.position : scanner.position + 1]
        rule = self._rules.get(character)
        if rule is not None:
            return rule(self)
        word = scanner.word()
        if word:
            return self._worded(word)
        raise scanner.error(f"Expected a value, found {scanner.found()}.")

    def _worded(self, word: str) -> ast.Node:
        scanner = self.scanner
        start = scanner.position
        known = self.names.longest(scanner.text, start, word)
        if known is not None and known[1] > start + len(word):
            scanner.position = known[1]
            return self._named(known[0], start)
        if word == "?":
            scanner.position += 1
            return ast.InputValue()
        rule = self._rules.get(word)
        if rule is not None:
            scanner.position += len(word)
            return rule(self)
        if word in _CONSTANTS:
            scanner.position += len(word)
            return ast.Literal(_CONSTANTS[word])
        if word in _KEYWORDS:
            raise scanner.error(f"Expected a value, found the keyword '{word}'.")
        scanner.position += len(word)
        return self._named(word, start)

    def _named(self, name: str, start: int) -> ast.Node:
        if name in FORBIDDEN and self.scanner.starts("("):
            raise self.scanner.error(f"{name}() is refused: an expression must give the same result on replay.", start)
        return ast.Name(name)

    def _member_name(self) -> str:
        scanner = self.scanner
        if scanner.starts("`"):
            return self.quoted_name()
        word = scanner.word()
        if not word:
            raise scanner.error(f"Expected a name after '.', found {scanner.found()}.")
        start = scanner.position
        known = self.members.longest(scanner.text, start, word)
        scanner.position = known[1] if known else start + len(word)
        return known[0] if known else word

    def quoted_name(self) -> str:
        """Camunda's way to write any name: between backticks."""
        scanner = self.scanner
        end = scanner.text.find("`", scanner.position + 1)
        if end < 0:
            raise scanner.error("This quoted name has no closing backtick.")
        name = scanner.text[scanner.position + 1 : end]
        scanner.position = end + 1
        return normal(name)

    def backtick(self) -> ast.Node:
        return ast.Name(self.quoted_name())

    def string(self) -> ast.Node:
        return ast.Literal(self.scanner.string())

    def at_literal(self) -> ast.Node:
        scanner = self.scanner
        scanner.position += 1
        scanner.skip()
        if not scanner.starts('"'):
            raise scanner.error("Expected a string after '@'.")
        # A text that is no temporal value makes the literal null (10.3.1.2).
        return ast.Literal(parse_any(scanner.string()))

    # scopes

    def inner(self, names: Iterable[str], parse: Callable[[], ast.Node]) -> ast.Node:
        """Parses with more names in scope."""
        outer = self.names
        self.names = NameIndex(names, outer)
        try:
            return parse()
        finally:
            self.names = outer

    def _filter(self, source: ast.Node) -> ast.Node:
        """Members of the items are names inside a filter (10.3.2.5)."""
        scanner = self.scanner
        scanner.expect("[", "to open the filter")
        outer = self.names
        self.names = ChainedIndex(self.members, outer)
        try:
            condition = self.bracketed(self.expression)
        finally:
            self.names = outer
        scanner.expect("]", "to close the filter")
        return ast.Filter(source, condition)

    def bracketed(self, parse: Callable[[], ast.Node]) -> ast.Node:
        plain, self.plain_bracket = self.plain_bracket, False
        try:
            return parse()
        finally:
            self.plain_bracket = plain

