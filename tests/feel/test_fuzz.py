"""Whatever an expression says: it ends, within bounds, and raises nothing but what this package declares."""

import tracemalloc
from collections.abc import Callable

import pytest

from bpmn.feel.api import FeelSyntaxError, compile_expression, compile_unary_tests, evaluate, text_of, to_json
from bpmn.feel.errors import FeelError
from tests.feel.evaluating import NOW, ZONE
from tests.feel.expressions import CONTEXT, Expressions

_MEGABYTES = 150  # of new objects, at the worst moment of one evaluation


def outcome(text: str) -> str:
    """The value as text, or the name of the declared error."""
    try:
        compiled = compile_expression(text, CONTEXT, members=("time offset",))
        found = evaluate(compiled, CONTEXT, now=NOW, zone=ZONE).value
    except FeelError as error:
        return type(error).__name__
    to_json(found)
    return text_of(found)


def _run(seed: int, count: int) -> None:
    make = Expressions(seed)
    for _ in range(count):
        text = make.expression()
        assert outcome(text) == outcome(text), f"seed {seed}: {text}"


def _place(compiler: Callable[..., object], text: str) -> int | None:
    """The line of the refusal, None when the text is understood."""
    try:
        compiler(text, CONTEXT)
    except FeelSyntaxError as error:
        return error.line
    return None


def _parse(seed: int, count: int) -> None:
    make = Expressions(seed)
    for _ in range(count):
        text = make.mutilated()
        for compiler in (compile_expression, compile_unary_tests):
            assert _place(compiler, text) != 0, f"seed {seed}: {text!r}"


@pytest.mark.parametrize("seed", range(4))
def test_random_expressions_end_in_a_value_or_a_declared_error(seed: int) -> None:
    _run(seed, 60)


@pytest.mark.parametrize("seed", range(4))
def test_mutilated_text_is_refused_with_a_place_or_understood(seed: int) -> None:
    _parse(seed, 150)


def test_random_expressions_stay_within_memory() -> None:
    make = Expressions(99)
    tracemalloc.start()
    try:
        for _ in range(40):
            text = make.expression()
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            outcome(text)
            grown = tracemalloc.get_traced_memory()[1] - before
            assert grown < _MEGABYTES * 1_000_000, f"{grown} bytes: {text}"
    finally:
        tracemalloc.stop()


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(1000, 1040))
def test_many_more_random_expressions(seed: int) -> None:
    _run(seed, 500)
    _parse(seed, 1500)
