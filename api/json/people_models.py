"""Shapes of the JSON API for stand-ins, leave, recusals, load and acts on many tasks. Days are of Asia/Shanghai."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, Field

from api.json.models import VersionIn


class PairIn(BaseModel):
    """``stand_in``: a login; empty ends the AB岗. ``person``: account id, empty means oneself."""

    stand_in: str
    person: int | None = None


class LeaveIn(BaseModel):
    """``grave``: the AB岗 may also do grave acts."""

    kind: str
    since: date
    until: date
    grave: bool = False
    person: int | None = None


class LeaveOut(BaseModel):
    """``delegation``: what came with the leave; null when nobody stands in."""

    id: str
    delegation: str | None


class DelegationIn(BaseModel):
    """``units`` (USCC) and ``roles`` empty mean all. Both days are included."""

    stand_in: str
    since: date
    until: date
    reason: str
    units: list[str] = []
    roles: list[str] = []
    grave: bool = False
    person: int | None = None


class DelegationOut(BaseModel):
    """``state``: coming, in_force, ended or revoked."""

    id: str
    of: str
    stand_in: str
    since: date
    until: date
    scope: str
    reason: str
    grave: bool
    granted_by: str
    granted_at: datetime
    state: str


class StandingInOut(BaseModel):
    person: int
    name: str
    stand_in: str | None
    delegations: list[DelegationOut]


class WordsIn(BaseModel):
    words: str = Field(default="", max_length=2000)


class RecusalIn(BaseModel):
    """``person``: a login; empty means oneself."""

    ground: str
    reason: str
    person: str = ""


class RecusalOut(BaseModel):
    id: str
    person: str
    ground: str
    reason: str
    declared_by: str
    declared_at: datetime
    lifted_at: datetime | None


class PriorityIn(VersionIn):
    """``priority``: 90 特急, 70 加急, 50 普通, 30 缓办."""

    priority: int
    reason: str


class TaskNoteIn(BaseModel):
    body: str


class TaskNoteOut(BaseModel):
    kind: str
    body: str
    author: str
    at: datetime


class LoadOut(BaseModel):
    """``person`` null: what lies in nobody's name in ``unit`` (``complainant``: waits for complainants). ``age_days``:
    average since the task came.
    """

    person: int | None
    name: str
    units: list[str]
    unit: str | None
    open: int
    late: int
    due_today: int
    due_in_3_working_days: int
    away_without_stand_in: int
    age_days: float | None
    away: bool
    stand_ins: list[str]


class SeenIn(VersionIn):
    """``order_id``: when the task is one of a supervision order of the case."""

    case_id: str
    key: int
    order_id: str = ""


class BulkIn(BaseModel):
    """``token`` is yours and random: the same one twice is one run. ``to``: a login, empty means back to the unit."""

    token: str = Field(min_length=16, max_length=64)
    tasks: list[SeenIn]
    to: str = ""
    words: str = Field(default="", max_length=500)


class BulkItemOut(BaseModel):
    case_id: str
    case_no: str
    key: int
    name: str
    done: bool
    sentence: str


class BulkOut(BaseModel):
    """``items`` null: still under way, ask ``/bulk/{token}``."""

    token: str
    act: str
    items: list[BulkItemOut] | None
