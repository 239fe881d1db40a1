"""A reason why a file is not deployed, as people and programs read it: Chinese first, then what was found."""

from __future__ import annotations

from typing import Any

from bpmn.dmn.errors import Problem as DmnProblem
from bpmn.errors import Problem
from cases.engine_words import REFUSALS
from jiannuo.problem_rules import BPMN_RULES, DMN_RULES

FIELDS = ("rule", "element_id", "name", "line", "message", "remedy")
_ELSEWHERE = ("与规则不符", "按英文提示改正")


def plain(problem: Problem) -> dict[str, Any]:
    """For ``--json``: the fields, and the rule in Chinese."""
    what, remedy = words(problem.rule)
    return {name: getattr(problem, name) for name in FIELDS} | {"message_zh": what, "remedy_zh": remedy}


def text(problem: Problem | DmnProblem) -> str:
    """Two lines: 第6行 f2「转交」：…；then the English sentence with the rule's name."""
    what, remedy = words(problem.rule)
    place = f"第{problem.line}行 " if problem.line else ""
    called = f"「{problem.name}」" if problem.name else ""
    element = problem.element if isinstance(problem, DmnProblem) else problem.element_id
    return f"{place}{element or 'definitions'}{called}：{what}。{remedy}。\n    {problem}"


def words(rule: str) -> tuple[str, str]:
    """What the rule says and what to do, without full stops. A migration that was tried may end in a case's refusal."""
    if rule in REFUSALS:
        return REFUSALS[rule].rstrip("。"), "改正新模型或迁移方案"
    return BPMN_RULES.get(rule) or DMN_RULES.get(rule, _ELSEWHERE)
