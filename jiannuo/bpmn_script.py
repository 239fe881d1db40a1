"""The answers of a dry run: what people, jobs, messages and the calendar say, from a YAML file.

```yaml
tasks:      {element id: answer or list of answers}
jobs:       {element id or task type: answer or list}
messages:   {message name: answer or list}
signals:    {signal name: answer or list}
decisions:  {decision id: value}
deadlines:  {name: {due_at: instant, rungs: {name: instant}}}
```

An answer is ``{variables: {...}}``, ``{error: CODE}``, ``{escalation: CODE}`` (the task stays open) or, for a job,
``{fail: reason}``; ``after: PT2H`` lets that much virtual time pass first. A single answer is given again and again, a
list once each. A job without an answer completes with nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bpmn.events import Event, JobCompleted, JobErrored, JobFailed, TaskCompleted, TaskErrored, TaskEscalated
from jiannuo.errors import JiannuoError


class ScriptRefused(JiannuoError):
    """The file is no script of answers."""


@dataclass(frozen=True, slots=True)
class Answer:
    variables: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None
    escalation: str | None = None
    fail: str | None = None
    after: str | None = None


_TABLES = ("tasks", "jobs", "messages", "signals")


class Script:
    def __init__(self, plain: Any) -> None:
        if plain is None:
            plain = {}
        known = (*_TABLES, "decisions", "deadlines")
        if not isinstance(plain, dict) or any(name not in known for name in plain):
            raise ScriptRefused(f"A script of answers has the keys {', '.join(known)}; this one has others.")
        self.decisions: Mapping[str, Any] = json_data(plain.get("decisions") or {})
        self.deadlines: Mapping[str, Any] = json_data(plain.get("deadlines") or {})
        self._answers = {
            table: {str(name): _answers(name, given) for name, given in (plain.get(table) or {}).items()}
            for table in _TABLES
        }

    def peek(self, table: str, *names: str) -> Answer | None:
        for name in names:
            entry = self._answers[table].get(name)
            if entry is not None and entry[1]:
                return entry[1][0]
        return None

    def take(self, table: str, *names: str) -> Answer | None:
        for name in names:
            entry = self._answers[table].get(name)
            if entry is not None and entry[1]:
                once, answers = entry
                return answers.pop(0) if once else answers[0]
        return None


def _answers(name: object, given: Any) -> tuple[bool, list[Answer]]:
    items = given if isinstance(given, list) else [given]
    return isinstance(given, list), [_answer(name, item or {}) for item in items]


def _answer(name: object, given: Any) -> Answer:
    known = ("variables", "error", "escalation", "fail", "after")
    if not isinstance(given, dict) or any(key not in known for key in given):
        raise ScriptRefused(f"An answer to '{name}' has the keys {', '.join(known)}; it is {given!r}.")
    return Answer(**{**given, "variables": json_data(given.get("variables") or {})})


def json_data(value: Any) -> Any:
    """YAML's floats and dates as the engine's variables have them."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): json_data(item) for key, item in value.items()}
    return [json_data(item) for item in value] if isinstance(value, list) else value


def task_event(key: int, answer: Answer) -> Event:
    if answer.escalation is not None:
        return TaskEscalated(key, answer.escalation, answer.variables)
    if answer.error is not None:
        return TaskErrored(key, answer.error, answer.variables)
    return TaskCompleted(key, answer.variables)


def job_event(key: int, answer: Answer) -> Event:
    if answer.fail is not None:
        return JobFailed(key, answer.fail)
    if answer.error is not None:
        return JobErrored(key, answer.error, "", answer.variables)
    return JobCompleted(key, answer.variables)
