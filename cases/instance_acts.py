"""What an operator does about an execution that belongs to no case: answer its tasks, end it, read its variables.

These go by the Update of operators, not by ``cases.submissions``: a submission is an act on a complaint, judged by the
duties that somebody has in it, and its content is kept with the case. Here there is neither, while a reason is owed and
must stand in the audit log in the transaction of the step, whatever is killed; the operators' Update has just that. So
of a form only what travels is asked for: there is no case that could keep the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn import codec
from bpmn.events import Event, TaskCompleted, TaskErrored, TaskEscalated
from bpmn.values import Json
from cases import audit, forms
from cases.definitions import DefinitionStore
from cases.errors import Conflict, Invalid, NotFound
from cases.offers import MATCHES
from cases.operations import required_reason, variables_of
from cases.plain import plain
from cases.states import state_of
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance, LoggedStep
from cases.tables.worklist import Task

COMPLETE, ERROR, ESCALATE = "complete", "error", "escalate"
OUTCOMES = (COMPLETE, ERROR, ESCALATE)
MAX_NAME, MAX_VARIABLES = 200, 64 * 1024
OF_A_CASE = "这个流程属于案件，它的任务由案件的承办人办理，管理员不能代办。"
GONE = "已经结束：可能刚由他人办理，或者因流程进展而取消。您填写的内容没有提交，请刷新后查看。"


@dataclass(frozen=True)
class TaskAnswer:
    """``outcome``: complete, error or escalate, the latter two with a ``code``. ``act``: one of the task's, if it has
    any. ``variables``: as they are, or as the text of their JSON.
    """

    outcome: str = COMPLETE
    act: str = ""
    variables: Mapping[str, Any] | str = field(default_factory=dict)
    code: str = ""


async def without_case(session: AsyncSession, instance_id: str) -> Instance:
    """Raises NotFound, and Conflict for one that belongs to a case: who may act on that is decided by the case."""
    row = await session.get(Instance, instance_id)
    if row is None:
        raise NotFound("没有这个流程实例。")
    if await session.scalar(select(Complaint.id).where(Complaint.id == row.business_key)):
        raise Conflict(OF_A_CASE)
    return row


async def open_task(session: AsyncSession, instance_id: str, key: int) -> Task:
    """Raises NotFound; Conflict when somebody or something was faster."""
    # A key of the engine is a small number; what is none of the column's would be an error of the database.
    task = await session.get(Task, (instance_id, key)) if 0 < key < 2**31 else None
    if task is None:
        raise NotFound("没有这项任务。")
    if task.status != "open":
        raise Conflict(f"“{task.name or task.element_id}”{GONE}")
    return task


async def task_named(session: AsyncSession, instance_id: str, text: str) -> int:
    """The key of an open task, by that or by its element. Raises NotFound, and Conflict where several are open."""
    if text.isascii() and text.isdecimal():
        return int(text)
    keys = (
        await session.scalars(
            select(Task.key)
            .where(Task.instance_id == instance_id, Task.element_id == text, Task.status == "open")
            .order_by(Task.key)
        )
    ).all()
    if not keys:
        raise NotFound(f"没有进行中的任务“{text}”：可能已经结束。请用 jiannuo bpmn instances 查看。")
    if len(keys) > 1:
        raise Conflict(f"有{len(keys)}项任务都是“{text}”，请写编号：{'、'.join(map(str, keys))}。")
    return keys[0]


async def already(session: AsyncSession, instance_id: str, submission_id: str) -> int | None:
    """The step that recorded this submission: sent again, it is answered and not done again."""
    return await session.scalar(
        select(LoggedStep.number).where(
            LoggedStep.instance_id == instance_id, LoggedStep.submission_id == submission_id
        )
    )


async def task_form(session: AsyncSession, store: DefinitionStore, instance: Instance, task: Task) -> dict[str, Any]:
    """Its fields that travel; none where no form is deployed."""
    form = await store.form(session, instance.pack, task.form_id) if task.form_id else None
    whole = form or {}
    return {**whole, "components": [one for one in whole.get("components", []) if _travels(one)]}


def _travels(component: Mapping[str, Any]) -> bool:
    return component.get("key") == forms.ACT or forms.routed(component)


def task_event(
    task: Task, form: Mapping[str, Any], answer: TaskAnswer, submission_id: str, now: datetime
) -> Event:
    """Raises Invalid, all fields at once."""
    wrong: dict[str, str] = {}
    values: dict[str, Json] = {}
    try:
        values = variables_in(answer.variables)
    except Invalid as invalid:
        wrong |= invalid.fields
    if answer.outcome not in OUTCOMES:
        wrong["outcome"] = "请选择怎样办理。"
    if answer.outcome in (ERROR, ESCALATE):
        code = answer.code.strip()
        if not code or len(code) > MAX_NAME:
            wrong["code"] = f"请填写模型中错误或升级的代码，不超过{MAX_NAME}个字符。"
        if wrong:
            raise Invalid(wrong)
        kind = TaskErrored if answer.outcome == ERROR else TaskEscalated
        return kind(task.key, code, values)
    if task.acts and answer.act not in task.acts:
        wrong["act"] = "请选择办理动作。"
    elif not wrong:
        checked = forms.check(form, answer.act, values)
        wrong |= checked.problems
        values |= checked.routing
        for key, value in (task.properties.get(MATCHES) or {}).items():
            if values.setdefault(key, value) != value:
                wrong[key] = f"这一办理动作针对的是“{value}”。"
    if wrong:
        raise Invalid(wrong)
    if task.acts:
        # What a model with acts may read of everybody's act, see cases.submissions.
        values |= {
            "act": answer.act, "submission": submission_id, "acted_at": now.isoformat(), "actor_unit": None,
            "actor_role": "administrator",
        }  # fmt: skip
    return TaskCompleted(task.key, values)


def variables_in(given: Mapping[str, Any] | str) -> dict[str, Json]:
    """Raises Invalid: what is no JSON object, too large, or has names that no expression could say."""
    try:
        values: dict[str, Json] = variables_of(given) if isinstance(given, str) else dict(given)
        text = codec.dump_variables(values)
        size = len(text.encode())
    except (ValueError, RecursionError):
        raise Invalid({"variables": "变量中有无法保存的数值，或者嵌套过深。请改正后再提交。"}) from None
    if any(not name.strip() or len(name) > MAX_NAME or not name.isprintable() for name in values):
        raise Invalid({"variables": f"变量名不能为空，不超过{MAX_NAME}个字符，不能含有控制字符。"})
    if size > MAX_VARIABLES:
        raise Invalid({"variables": f"变量合计不能超过{MAX_VARIABLES // 1024} KB：只写流转所需的事实。"})
    if "\\u0000" in text or "\x00" in text:
        raise Invalid({"variables": "变量中含有无法保存的空字符。"})
    return values


@dataclass(frozen=True)
class ScopeValues:
    """Of one open scope, the process first; ``element`` is what it belongs to."""

    scope: int
    element: str
    name: str
    values: dict[str, Any]


async def read_variables(
    session: AsyncSession, store: DefinitionStore, instance_id: str, actor: str, reason: str, now: datetime
) -> list[ScopeValues]:
    """Each look is in the audit log with its reason. Raises Invalid, NotFound, Conflict."""
    why = required_reason(reason)
    row = await without_case(session, instance_id)
    await note(session, row, "VariablesRead", actor, why, now)
    return await scopes_of(session, store, row)


async def scopes_of(session: AsyncSession, store: DefinitionStore, row: Instance) -> list[ScopeValues]:
    found = []
    for key, scope in sorted((state_of(row.state).scopes if row.state else {}).items()):
        graph = await store.graph(session, scope.graph)
        node, process = graph.node(scope.element), graph.processes.get(scope.element)
        name = node.name if node is not None else process.name if process is not None else ""
        values = {name_: plain(value) for name_, value in sorted(scope.variables.items())}
        found.append(ScopeValues(key, scope.element, name, values))
    return found


async def note(session: AsyncSession, row: Instance, act: str, actor: str, reason: str, now: datetime) -> None:
    facts = {"reason": reason, "instance": row.id, "process": row.process_id}
    await audit.append(
        session, at=now, recorded_at=now, actor=actor, act=f"operate:{act}", complaint_id=row.business_key, facts=facts
    )
