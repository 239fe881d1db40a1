"""Templates: one environment per language, autoescaped, undefined names are errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel
from starlette.responses import HTMLResponse

from api.assets import asset
from api.calendar_words import counted_by, weekday
from api.language import LANGUAGES, Language, language_of
from cases import engine_words, escalations, words
from cases.deadlines.limit import Limit
from cases.deadlines.zone import SHANGHAI
from cases.documents import ACCEPTED, PURPOSES
from cases.notes import KINDS
from cases.orders import states
from cases.orders.issue import ADDRESSEES
from cases.people.priority import named as priority_word
from cases.people.task_notes import KINDS as TASK_NOTE_KINDS
from cases.policy.loader import load

TEMPLATES = Path(__file__).with_name("templates")


def render(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    who = context.pop("who", getattr(request.state, "who", None))
    csrf = who.csrf if who is not None else request.state.form_token
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    body = (
        environment(language_of(request))
        .get_template(template)
        .render(who=who, csrf=csrf, path=path, here=request.url.path, now=_now(request), **context)
    )
    return HTMLResponse(body, status)


def _now(request: Request) -> datetime:
    clock: Callable[[], datetime] = request.app.state.services.clock
    return clock()


_ENVIRONMENTS: dict[str, Environment] = {}


def environment(lang: Language) -> Environment:
    if lang.code not in _ENVIRONMENTS:
        _ENVIRONMENTS[lang.code] = _environment(lang)
    return _ENVIRONMENTS[lang.code]


def _environment(lang: Language) -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(lang.gettext, lang.ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.filters |= {
        "day": day,
        "readable": readable,
        "moment": moment,
        "money": money,
        "limit": lambda text: limit(lang, text),
        "left": lambda days: left(lang, days),
        **{name: named(lang, table) for name, table in NAMED.items()},
        "priority": lambda level: lang.gettext(priority_word(level)),
        "w": lang.gettext,
        "pairs_of": lambda table: [(code, lang.gettext(name)) for code, name in table.items()],
        "pairs": lambda items: [(item, lang.gettext(item)) for item in items],
        "named_pairs": lambda table, name: [(code, named(lang, NAMED[name])(code)) for code in table],
        "channels": lambda pack: [
            (code, channel.title) for code, channel in pack.channels.items() if channel.offered.value
        ],
        "domains": lambda pack: [(code, lang.gettext(title.value)) for code, title in pack.domains.items()],
        "chart_rows": lambda rows: [{"title": lang.gettext(row.title), "by_light": row.by_light} for row in rows],
        "parameter": parameter,
        "age": lambda seconds: age(lang, seconds),
        "counted_by": lambda row: counted_by(lang, row),
        "weekday": lambda value: weekday(lang, value),
        "sender": lambda actor: sender(lang, actor),
    }
    env.globals |= {
        "lang": lang, "languages": LANGUAGES, "asset": asset, "pack_of": load, "cite": cite,
        "purposes": PURPOSES, "accepted": ACCEPTED, "note_kinds": KINDS,
        "every_note_kind": {**KINDS, **TASK_NOTE_KINDS}, "words": words,
    }  # fmt: skip
    return env


NAMED: Mapping[str, Mapping[str, str]] = {
    "stage": words.STAGES,
    "status": words.STATUSES,
    "role": words.ROLES,
    "addressee": words.ADDRESSEES,
    "act": words.ACTS,
    "letter_status": words.LETTER_STATUSES,
    "deadline_status": words.DEADLINE_STATUSES,
    "record_status": words.RECORD_STATUSES,
    "satisfaction": words.SATISFACTION,
    "event": engine_words.EVENTS,
    "order_state": states.STATES,
    "platform_state": escalations.STATES,
    "decision": words.DECISIONS,
    "trigger": words.TRIGGERS,
    "order_kind": states.KINDS,
    "addressee_place": ADDRESSEES,
    "incident_rule": engine_words.INCIDENT_RULES,
    "operation": {**engine_words.OPERATIONS, **engine_words.MESSAGE_ACTS, **engine_words.INSTANCE_ACTS},
    "start_status": engine_words.START_STATUSES,
    "start_act": engine_words.START_ACTS,
    "change": engine_words.CHANGES,
    "change_kind": engine_words.CHANGE_KINDS,
    "definition_kind": engine_words.DEFINITION_KINDS,
    "message_kind": engine_words.MESSAGE_KINDS,
    "message_status": engine_words.MESSAGE_STATUSES,
    "message_shown": engine_words.MESSAGE_SHOWN,
    "message_empty": engine_words.MESSAGE_EMPTY,
    "delivery_status": engine_words.DELIVERY_STATUSES,
    "instance_shown": engine_words.INSTANCE_SHOWN,
    "instance_empty": engine_words.INSTANCE_EMPTY,
    "instance_status": engine_words.INSTANCE_STATUSES,
    "begun_by": engine_words.BEGUN_BY,
    "task_outcome": engine_words.TASK_OUTCOMES,
    "leave": words.LEAVES,
    "ground": words.RECUSAL_GROUNDS,
    "bulk_act": words.BULK_ACTS,
}


def named(lang: Language, table: Mapping[str, str]) -> Callable[[str | None], str]:
    return lambda code: lang.gettext(table.get(code, code)) if code else ""


def day(value: date | datetime | str | None) -> str:
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).date()
    return value.isoformat() if isinstance(value, date) else value or ""


def readable(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def moment(value: datetime | None) -> str:
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if value else ""


def age(lang: Language, seconds: float) -> str:
    """Of two units the larger only: whether something waits for 3 hours or for 3 hours and a minute is the same."""
    for size, singular in ((86_400, "%(n)s天"), (3_600, "%(n)s小时"), (60, "%(n)s分钟")):
        if seconds >= size:
            return lang.gettext(singular) % {"n": int(seconds // size)}
    return lang.gettext("%(n)s秒") % {"n": int(seconds)}


def sender(lang: Language, actor: str | None) -> str:
    """Who sent a message from outside; which person it was stands in the record of acts."""
    kind, _, name = (actor or "").partition(":")
    if kind == "system":
        return lang.gettext("外部系统 %(name)s") % {"name": name}
    return lang.gettext("管理员手工发出")


def money(value: Decimal | float | None) -> str:
    return "" if value is None else f"{value:,.2f}"


def limit(lang: Language, text: str | None) -> str:
    if not text:
        return ""
    found = Limit.parse(text)
    return found.zh if lang.code == "zh" else found.en


def left(lang: Language, days: int | None) -> str:
    """Working days left as a person says it."""
    if days is None:
        return ""
    if abs(days) == 1:  # English has a word of its own for one
        return lang.gettext("剩1个工作日") if days == 1 else lang.gettext("逾期1个工作日")
    if days < 0:
        return lang.gettext("逾期%(days)s个工作日") % {"days": -days}
    if days == 0:
        return lang.gettext("今日到期")
    return lang.gettext("剩%(days)s个工作日") % {"days": days}


def cite(pack: str, basis: str | None) -> str:
    return load(pack).cite(basis) if basis else ""


def parameter(value: object) -> str:
    """A policy value as a person reads it."""
    if isinstance(value, Limit):
        return value.zh
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple | list):
        return "、".join(parameter(item) for item in value)
    if isinstance(value, BaseModel):
        return "；".join(f"{name} {parameter(item)}" for name, item in value if item is not None)
    return "—" if value is None else str(value)
