"""User task: a row of the work list; the lane is its candidate group when the task names none."""

from __future__ import annotations

from bpmn import dialect
from bpmn.commands import CreateTask
from bpmn.elements.details import UserTask as Detail
from bpmn.elements.expression import Value
from bpmn.elements.node import Node
from bpmn.instance.token import Token
from bpmn.run.deadlines import find
from bpmn.run.evaluate import as_json, integer, json_at, names, plain, result, zone_of
from bpmn.run.functions import reference
from bpmn.run.jobs import wait_self
from bpmn.run.mapping import properties_of
from bpmn.run.run import Run
from bpmn.run.variables import visible
from bpmn.timers.schedule import moment


class UserTask:
    def enter(self, run: Run, token: Token, node: Node) -> None:
        detail = node.detail
        assert isinstance(detail, Detail)
        properties = properties_of(run, token, node, token.scope)
        groups = names(run, detail.candidate_groups, token, "The candidate groups")
        users = names(run, detail.candidate_users, token, "The candidate users")
        assignee = _text(run, detail.assignee, token)
        if not groups:
            role = properties.get(dialect.ROLE) or node.lane
            groups = (str(role),) if role else ()
        due_at, due_deadline = _date(run, detail.due, token)
        follow_up, _ = _date(run, detail.follow_up, token)
        priority = 50
        if detail.priority is not None:
            priority = integer(run, detail.priority, visible(run, token), token.scope, "The priority")
        form = _text(run, detail.form_id, token)
        wait = wait_self(run, token, node, "task")
        run.commands.append(
            CreateTask(
                task_key=wait.key,
                ref=run.ref(token.scope),
                element_id=node.id,
                name=node.name,
                assignee=assignee,
                candidate_groups=groups,
                candidate_users=users,
                due_at=due_at,
                due_deadline=due_deadline,
                follow_up_at=follow_up,
                priority=priority,
                form_id=form,
                properties=properties,
                inputs=dict(run.tokens[token.key].locals or {}),
                scope_path=scope_path(run, token.scope),
            )
        )


def _text(run: Run, value: Value | None, token: Token) -> str | None:
    found = None if value is None else json_at(run, value, token)
    return None if found is None or found == "" else plain(found)


def _date(run: Run, value: Value | None, token: Token) -> tuple[str | None, int | None]:
    if value is None:
        return None, None
    found = as_json(result(run, value, visible(run, token), token.scope)[0])
    named = reference(found)
    if named is not None:
        live = find(run, token, named[0])
        return None, live.key if live is not None else None
    if found is None or found == "":
        return None, None
    return moment(plain(found), zone_of(run, token.scope)).isoformat(), None


def scope_path(run: Run, scope_key: int) -> tuple[int, ...]:
    path: list[int] = []
    while scope_key:
        path.append(scope_key)
        scope_key = run.scopes[scope_key].parent
    return tuple(reversed(path))


BEHAVIOURS = {"userTask": UserTask()}
