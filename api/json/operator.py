"""Incidents, an administrator's acts on them, and what is deployed, by program."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api import operations
from api.services import Wired
from api.who import ApiStaff
from bpmn.json_text import dumps
from cases import engine_words
from cases.queries.definitions import definitions, name_of
from cases.queries.incidents import Stuck, open_incidents

router = APIRouter(tags=["operator"])


class IncidentOut(BaseModel):
    """``sentence``: the reason in Chinese; ``technical``: the engine's own words."""

    instance_id: str
    key: int
    case_id: str
    case_no: str | None
    element: str
    name: str
    rule: str
    sentence: str
    technical: str
    since: datetime


class ScopeOut(BaseModel):
    scope: int
    element: str
    name: str
    variables: dict[str, Any]


class TargetOut(BaseModel):
    element: str
    name: str
    kind: str


class IncidentDetail(IncidentOut):
    """``acts``: what is possible now; ``targets``: where ``move`` may lead."""

    acts: list[str]
    scopes: list[ScopeOut]
    targets: list[TargetOut]


class OperateIn(BaseModel):
    """``variables`` for edit and skip, ``scope`` for edit (the innermost if left out), ``element`` for move."""

    reason: str = Field(max_length=1_000)
    variables: dict[str, Any] | None = None
    scope: int | None = None
    element: str | None = None


class UndoIn(BaseModel):
    reason: str = Field(max_length=1_000)


class StepOut(BaseModel):
    """The step of the case that recorded the act."""

    step: int | None


class ChangeOut(BaseModel):
    what: str
    kind: str
    element: str
    name: str
    to: str
    detail: str


class ForeseenOut(BaseModel):
    refusal: str | None
    finishes: bool
    changes: list[ChangeOut]


class DefinitionOut(BaseModel):
    """``open_cases``: cases that stand in this version now; null for decisions and forms."""

    kind: str
    id: str
    name: str
    version: int
    version_tag: str | None
    hash: str
    file: str
    deployed_at: datetime
    newest: bool
    open_cases: int | None


Act = Literal["retry", "edit", "skip", "move"]


@router.get("/incidents", summary="受阻的流程")
async def incidents(
    services: Wired, who: ApiStaff, limit: Annotated[int, Query(ge=1, le=1_000)] = 200
) -> list[IncidentOut]:
    operations.require_operator(who)
    async with services.transaction() as session:
        return [IncidentOut(**_plain(stuck)) for stuck in await open_incidents(session, services.definitions, limit)]


@router.get("/incidents/{instance_id}/{key}", summary="一处受阻，及可作的处置")
async def incident(services: Wired, who: ApiStaff, instance_id: str, key: int) -> IncidentDetail:
    operations.require_operator(who)
    view = await operations.look(services, instance_id, key)
    return IncidentDetail(
        **_plain(view.stuck),
        acts=sorted(view.acts),
        scopes=[ScopeOut(scope=v.scope, element=v.element, name=v.name, variables=v.values) for v in view.variables],
        targets=[TargetOut(element=t.element, name=t.name, kind=t.kind) for t in view.targets],
    )


@router.post("/incidents/{instance_id}/{key}/{act}", summary="处置：重试、修改变量、跳过、移动")
async def operate(
    services: Wired, who: ApiStaff, instance_id: str, key: int, act: Act, given: OperateIn
) -> StepOut:
    operations.require_operator(who)
    event = await _event(services, instance_id, key, act, given)
    sent = await operations.perform(services, who, instance_id, event, given.reason)
    return StepOut(step=sent.step)


@router.post("/incidents/{instance_id}/{key}/{act}/preview", summary="处置前预览，不作任何改动")
async def preview(
    services: Wired, who: ApiStaff, instance_id: str, key: int, act: Act, given: OperateIn
) -> ForeseenOut:
    operations.require_operator(who)
    event = await _event(services, instance_id, key, act, given)
    found = await operations.foreseen(services, instance_id, event)
    changes = [
        ChangeOut(what=c.what, kind=c.kind, element=c.element, name=c.name, to=c.to, detail=c.detail)
        for c in found.changes
    ]
    return ForeseenOut(refusal=operations.refusal_of(found), finishes=found.finishes, changes=changes)


@router.post("/instances/{instance_id}/undo", summary="撤销上一处置（流程尚未有进展且未对外产生效果时）")
async def undo(services: Wired, who: ApiStaff, instance_id: str, given: UndoIn) -> StepOut:
    operations.require_operator(who)
    sent = await operations.take_back(services, who, instance_id, given.reason)
    return StepOut(step=sent.step)


@router.get("/definitions", summary="已部署的流程、规则和表单")
async def deployed(services: Wired, who: ApiStaff) -> list[DefinitionOut]:
    operations.require_operator(who)
    async with services.transaction() as session:
        found = await definitions(session, services.pack)
        names = [await name_of(session, services.definitions, one) for one in found]
    return [
        DefinitionOut(
            kind=d.kind, id=d.id, name=name, version=d.version, version_tag=d.version_tag, hash=d.hash, file=d.file,
            deployed_at=d.deployed_at, newest=d.newest, open_cases=d.open,
        )
        for d, name in zip(found, names, strict=True)
    ]  # fmt: skip


async def _event(services: Wired, instance_id: str, key: int, act: Act, given: OperateIn) -> Any:
    view = await operations.look(services, instance_id, key)
    fields = {"scope": given.scope, "element": given.element}
    variables = "" if given.variables is None else dumps(given.variables)
    return operations.event_of(view, act, {**fields, "variables": variables})


def _plain(stuck: Stuck) -> dict[str, Any]:
    return {
        "instance_id": stuck.instance_id, "key": stuck.key, "case_id": stuck.complaint_id, "case_no": stuck.case_no,
        "element": stuck.element, "name": stuck.name, "rule": stuck.rule, "technical": stuck.reason,
        "sentence": engine_words.INCIDENT_RULES.get(stuck.rule, engine_words.INCIDENT_RULES["engine-fault"]),
        "since": stuck.since,
    }  # fmt: skip
