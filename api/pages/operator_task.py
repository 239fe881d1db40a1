"""运行维护: a task of an execution that belongs to no case, answered by an administrator."""

from __future__ import annotations

import secrets
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api import instances, operations
from api.form_fields import content, fields, labels
from api.guard import checked_form, texts
from api.operations import require_operator
from api.pages.operator_instances import HERE
from api.rendering import render
from api.services import Services, Wired
from api.who import SignedIn
from bpmn.json_text import dumps
from cases.errors import Invalid
from cases.forms import components
from cases.instance_acts import COMPLETE, OUTCOMES, TaskAnswer, variables_in
from cases.operations import required_reason

router = APIRouter()
TASK = f"{HERE}/{{instance_id}}/tasks/{{key}}"
CARRIED = ("outcome", "act", "code", "variables", "reason", "submission_id")


@router.get(TASK)
async def task_page(request: Request, services: Wired, who: SignedIn, instance_id: str, key: int) -> Response:
    require_operator(who)
    return await _page(request, services, instance_id, key)


@router.post(TASK)
async def answer(request: Request, services: Wired, who: SignedIn, instance_id: str, key: int) -> Response:
    """First what would happen; then, ``confirmed``, the act. What the form's fields say goes into the variables."""
    form = await checked_form(request, who.csrf)
    require_operator(who)
    typed = texts(form)
    given = {name: str(typed.get(name) or "") for name in CARRIED}
    wanted = TaskAnswer(given["outcome"], given["act"], given["variables"], given["code"])
    id_ = given["submission_id"] or secrets.token_hex(12)
    if typed.get("confirmed"):
        await instances.answer_task(services, who, instance_id, key, wanted, given["reason"], id_)
        return RedirectResponse(f"{HERE}/{instance_id}", 303)
    try:
        wanted = await _with_fields(services, instance_id, key, wanted, typed)
        event = await _event(services, instance_id, key, wanted, id_, given["reason"])
    except Invalid as invalid:
        return await _page(request, services, instance_id, key, typed, invalid.fields)
    found = await operations.foreseen(services, instance_id, event)
    _, task, _ = await instances.look_at_task(services, instance_id, key)
    return render(
        request, "operator_confirm.html", subject=task.name or task.element_id,
        back=f"{HERE}/{instance_id}/tasks/{key}", carried=CARRIED,
        typed={**given, "variables": wanted.variables, "submission_id": id_}, found=found,
        event=type(event).__name__, refusal=operations.refusal_of(found), reason=given["reason"],
    )  # fmt: skip


async def _event(
    services: Services, instance_id: str, key: int, wanted: TaskAnswer, submission_id: str, reason: str
) -> Any:
    wrong: dict[str, str] = {}
    try:
        required_reason(reason)
    except Invalid as invalid:
        wrong |= invalid.fields
    try:
        event = await instances.answer_event(services, instance_id, key, wanted, submission_id)
    except Invalid as invalid:
        wrong |= invalid.fields
    if wrong:
        raise Invalid(wrong)
    return event


async def _with_fields(
    services: Services, instance_id: str, key: int, wanted: TaskAnswer, typed: dict[str, Any]
) -> TaskAnswer:
    """A field of the form that was filled in says more than the JSON beside it. Raises Invalid."""
    _, _, form = await instances.look_at_task(services, instance_id, key)
    if wanted.outcome != COMPLETE or not components(form, wanted.act):
        return wanted
    filled = content(form, wanted.act, typed)
    said = {name: value for name, value in filled.items() if value not in (None, "", [])}
    return TaskAnswer(wanted.outcome, wanted.act, dumps({**variables_in(str(wanted.variables)), **said}), wanted.code)


async def _page(
    request: Request, services: Services, instance_id: str, key: int, typed: dict[str, Any] | None = None,
    problems: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    instance, task, form = await instances.look_at_task(services, instance_id, key)
    choice = labels(form, task.acts)
    act = (typed or {}).get("act") or (choice[0][0] if len(choice) == 1 else None)
    # A task without acts is answered as a whole: its form is asked for under no act's name.
    shown = fields(form, task.acts or [""], typed, None, problems, act)
    return render(
        request, "operator_task.html", 422 if problems else 200, instance=instance, task=task, choice=choice, act=act,
        fields=shown, outcomes=OUTCOMES, typed=typed or {}, problems=problems or {},
        submission_id=(typed or {}).get("submission_id") or secrets.token_hex(12),
    )  # fmt: skip
