"""Evaluates expressions at one fixed instant and writes results as FEEL text."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bpmn.feel.api import DEFAULT, Budget, Result, compile_expression, compile_unary_tests, evaluate, text_of

NOW = datetime(2026, 9, 18, 2, 30, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


def result(text: str, context: Mapping[str, Any] | None = None, budget: Budget = DEFAULT) -> Result:
    variables = context or {}
    compiled = compile_expression(text, variables, members=variables)
    return evaluate(compiled, variables, now=NOW, zone=ZONE, budget=budget)


def value(text: str, context: Mapping[str, Any] | None = None, budget: Budget = DEFAULT) -> Any:
    return result(text, context, budget).value


def shown(text: str, context: Mapping[str, Any] | None = None) -> str:
    """The value as FEEL would write it, strings in lists quoted."""
    return text_of(value(text, context))


def unary(tests: str, given: Any, context: Mapping[str, Any] | None = None) -> Any:
    variables = {**(context or {}), "?": given}
    return evaluate(compile_unary_tests(tests, variables), variables, now=NOW, zone=ZONE).value
