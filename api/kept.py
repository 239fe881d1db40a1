"""What somebody typed into a form of ours while the session ran out: kept through signing in, then sent by their hand.

A browser's way back cannot be relied on for it: our pages are not stored, and over HTTPS their fields are not either.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse

from api.guard import CSRF_FIELD, FORM_LIMIT
from api.local_paths import local
from api.rendering import render
from api.services import Services
from api.who import STAFF_COOKIE, VISIT_COOKIE
from cases import accounts, visits

STAFF_SIGN_IN, VISITOR_SIGN_IN = "/login", "/follow"
FIELD, ACTION, FILES = "kept", "kept_action", "kept_files"


@dataclass(frozen=True)
class Kept:
    """``action``: where the form goes. ``files``: there were some, and no browser sends those twice."""

    action: str
    fields: tuple[tuple[str, str], ...]
    files: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        return _words(value for _, value in self.fields)

    @property
    def text(self) -> str:
        return json.dumps(self.fields, ensure_ascii=False)


def kept_words(form: FormData) -> tuple[str, ...]:
    """What a person wrote, to be copied from the page that says why it could not be taken."""
    return _words(value for _, value in form.multi_items() if isinstance(value, str))


def kept_of(form: FormData) -> Kept | None:
    """What the sign-in form carries on, if anything."""
    action = local(str(form.get(ACTION, "")), "")
    try:
        found = json.loads(str(form.get(FIELD, "")))
        fields = tuple((str(name), str(value)) for name, value in found)
    except (ValueError, TypeError):
        return None
    return Kept(action, fields, bool(form.get(FILES))) if action else None


async def sign_in_page(request: Request, to: str) -> HTMLResponse | None:
    """The sign-in page with what was typed, or None when there is nothing to keep or it was not this session's form."""
    csrf = await _lapsed_csrf(request, to)
    if csrf is None or request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return None
    form = await request.form(max_files=30, max_fields=500, max_part_size=FORM_LIMIT)
    if not hmac.compare_digest(str(form.get(CSRF_FIELD, "")).encode(), csrf.encode()):
        return None
    kept = _kept(request, form)
    if not kept.words:
        return None
    if to == VISITOR_SIGN_IN:
        return render(request, "follow_login.html", 401, case_no="", problem=None, kept=kept)
    return render(request, "login.html", 401, login="", back=page_before(request), problem=None, kept=kept)


def resume_page(request: Request, form: FormData) -> HTMLResponse | None:
    """For who signed in again beside an open form. Only where the browser itself says that the form is ours."""
    kept = _kept(request, form)
    if getattr(request.state, "who", None) is None or request.headers.get("sec-fetch-site") != "same-origin":
        return None
    return render(request, "resume.html", 409, kept=kept, back=page_before(request)) if kept.words else None


def page_before(request: Request) -> str:
    """The page whose form was sent, when the browser names one of ours."""
    before = urlsplit(request.headers.get("referer", ""))
    ours = before.netloc == request.url.netloc
    return local(before.path + (f"?{before.query}" if before.query else ""), "/") if ours else "/"


async def _lapsed_csrf(request: Request, to: str) -> str | None:
    services: Services = request.app.state.services
    token = request.cookies.get(VISIT_COOKIE if to == VISITOR_SIGN_IN else STAFF_COOKIE)
    if not token:
        return None
    async with services.transaction() as session:
        find: Any = visits.lapsed if to == VISITOR_SIGN_IN else accounts.lapsed
        found = await find(session, token)
    return found.csrf if found else None


def _words(values: Iterable[str]) -> tuple[str, ...]:
    """As far as a text tells itself from ids and codes."""
    return tuple(value for value in values if any(char.isspace() or ord(char) > 127 for char in value.strip()))


def _kept(request: Request, form: FormData) -> Kept:
    items = form.multi_items()
    texts = tuple((name, value) for name, value in items if isinstance(value, str) and name != CSRF_FIELD)
    return Kept(request.url.path, texts, any(not isinstance(value, str) and value.filename for _, value in items))
