"""Random expressions: well formed ones from the grammar with hostile values in them, and mutilated text."""

from random import Random

from bpmn.feel.registry import NAMES

LEAVES = (
    "null", "true", "false", "0", "-1", "1", "2.5", "1e6144", "1e-6143", "9999999999999999999999999999999999", "x", "s",
    "l", "c", "f", "missing", '""', '"a"', '"\\u0000"', '"\\ud83d\\ude00"', '"(a+)+$"', '"2026-02-29"', "l[1]", "c.a",
    '@"2026-09-18"', '@"-999999999-01-01"', '@"999999999-12-31T23:59:59.999999999@Europe/Paris"', '@"10:00:00Z"',
    '@"P999999999Y"', '@"-P1M"', '@"PT0.000000001S"', "[1..3]", "(1..null]", "(< 5)", "[]", "{}", "1..1000000000000",
)  # fmt: skip
OPERATORS = ("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in")
TYPES = ("number", "string", "list<number>", "context<a: Any>", "function<Any>->Any", "range<date>", "Null")
SHAPES = (
    lambda make: f"({make()} {make.pick(OPERATORS)} {make()})",
    lambda make: f"{make.pick(NAMES)}({', '.join(make() for _ in range(make.random.randrange(4)))})",
    lambda make: f"[{', '.join(make() for _ in range(make.random.randrange(5)))}]",
    lambda make: f"{{a: {make()}, b: {make()}}}",
    lambda make: f"(if {make()} then {make()} else {make()})",
    lambda make: f"(for i in {make()}, j in {make()} return {make()})",
    lambda make: f"(for i in {make()}..{make()} return partial)",
    lambda make: f"(some i in {make()} satisfies {make()})",
    lambda make: f"(every i in {make()} satisfies {make()})",
    lambda make: f"{make()}[{make()}]",
    lambda make: f"({make()}).{make.pick(('a', 'year', 'start', 'time offset'))}",
    lambda make: f"({make()})...a",
    lambda make: f"(function(x, y) {make()})({make()}, {make()})",
    lambda make: f"{{g: function(n) g({make()}), r: g({make()})}}.r",
    lambda make: f"({make()} instance of {make.pick(TYPES)})",
    lambda make: f"({make()} between {make()} and {make()})",
    lambda make: f"-({make()})",
)
CONTEXT = {
    "x": 7, "s": "abcdefghij" * 500, "l": [[1, "a", None], {"a": [1, {"a": 2}]}, 3] * 50,
    "c": {"a": {"a": [1, 2]}, "b": "z"}, "f": None,
}  # fmt: skip


class Expressions:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._room = 0

    def pick(self, options: tuple[str, ...]) -> str:
        return self.random.choice(options)

    def __call__(self) -> str:
        self._room -= 1
        if self._room <= 0 or self.random.random() < 0.25:
            return self.pick(LEAVES)
        return self.random.choice(SHAPES)(self)

    def expression(self) -> str:
        self._room = self.random.randrange(2, 25)
        return self()

    def mutilated(self) -> str:
        text = list(self.expression())
        for _ in range(self.random.randrange(1, 6)):
            position = self.random.randrange(len(text) + 1)
            if self.random.random() < 0.5:
                text.insert(position, self.random.choice('()[]{}",.:@?-`<>= \\\n践/*'))
            else:
                del text[position : position + self.random.randrange(4)]
        return "".join(text)
