"""What comes next in the work list after a task is done, in the list that it was opened from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, urlencode

from sqlalchemy.ext.asyncio import AsyncSession

from api.local_paths import list_of
from api.pages.target import home_of
from cases.access import Actor
from cases.errors import Invalid
from cases.queries.light import Lights
from cases.queries.tasks import TaskFilter, TaskRow, place_of, task_list

WORK_LIST = "/tasks"


@dataclass(frozen=True)
class Onward:
    """Ways on from a page that says that something was done. ``back`` leads to the place in the list."""

    next: TaskRow | None
    back: str
    address: str = ""


def filter_of(asked: Mapping[str, str | None]) -> TaskFilter:
    """What the address of the work list asks for; empty fields mean any."""
    return TaskFilter(
        asked.get("unit") or None, asked.get("stage") or None, asked.get("light") or None, asked.get("whose") or "all",
        asked.get("after") or None, urgent=bool(asked.get("urgent")), text=asked.get("text") or None,
        newest=asked.get("sort") == "newest",
    )  # fmt: skip


def done_at(home: str, instance_id: str, key: int | None, back: str | None) -> str:
    """Where a person is led after an act: ``key`` of the task that was done, ``back`` the list that it was found in."""
    listed = list_of(back)
    known = {"task": f"{instance_id}~{key}" if key is not None and listed else "", "back": listed}
    return f"{home}?" + urlencode({"done": "1", **{name: value for name, value in known.items() if value}})


def row_id(row: TaskRow) -> str:
    return f"t-{row.order_id or row.complaint.id}-{row.task.key}"


async def onward(session: AsyncSession, actor: Actor, lights: Lights, task: str, back: str) -> Onward:
    listed = list_of(back)
    here = listed if listed.partition("?")[0] == WORK_LIST else WORK_LIST
    wanted = filter_of(dict(parse_qsl(here.partition("?")[2])))
    following = await _following(session, actor, lights, wanted, task)
    if following is None:
        return Onward(None, listed or WORK_LIST)
    address = f"{home_of(following.complaint.id, following.order_id)}/tasks/{following.task.key}?back={quote(here)}"
    return Onward(following, f"{here}#{row_id(following)}" if listed in ("", here) else listed, address)


async def _following(
    session: AsyncSession, actor: Actor, lights: Lights, wanted: TaskFilter, task: str
) -> TaskRow | None:
    """The one behind the one that was done, else the first: what was passed over is not put before them again."""
    instance_id, _, key = task.rpartition("~")
    place = await place_of(session, instance_id, int(key), wanted.newest) if key.isdigit() and len(key) < 10 else None
    for after in dict.fromkeys((place, None)):
        try:
            rows = (await task_list(session, actor, lights, replace(wanted, after=after, size=1))).rows
        except Invalid:
            return None
        if rows:
            return rows[0]
    return None
