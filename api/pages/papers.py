"""Letters as PDF, and documents in and out."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from api import acts
from api.guard import checked_form
from api.pages.case import page_with
from api.services import Services, Wired
from api.who import SignedIn
from cases import documents
from cases.access import Actor
from cases.errors import Conflict, Invalid
from cases.queries.case_view import case_view, find_case
from cases.queries.letters import letter_of, pdf_of, require_name

router = APIRouter()
NOT_SET = "这份文书的版面还不能生成：起草所需的内容尚不齐全。请先完成拟稿内容再预览。"


def download(content: bytes, media_type: str, name: str, *, inline: bool = False) -> Response:
    """``sandbox``: what somebody uploaded never runs as a page of ours."""
    kind = "inline" if inline else "attachment"
    return Response(
        content,
        media_type=media_type,
        headers={
            "content-disposition": f"{kind}; filename*=UTF-8''{quote(name)}",
            "content-security-policy": "default-src 'none'; object-src 'self'; plugin-types application/pdf"
            if inline
            else "sandbox",
        },
    )


async def letter_pdf(services: Services, actor: Actor, case_id: str, letter_id: str, body: str | None) -> Response:
    async with services.transaction() as session:
        now = await acts.case_time(session, services, case_id)
        view = await case_view(session, actor, case_id, now)
        letter = await letter_of(session, view, letter_id)
        require_name(actor, view, letter)
        pdf = await pdf_of(session, letter) if body is None else None
        if pdf is None:
            pdf = await services.letters.pdf(session, letter, body)
    if pdf is None:
        raise Conflict(NOT_SET)
    return download(pdf, "application/pdf", f"{view.complaint.case_no}-{letter.kind}.pdf", inline=True)


@router.get("/cases/{case_id}/letters/{letter_id}.pdf")
async def letter(services: Wired, who: SignedIn, case_id: str, letter_id: str) -> Response:
    return await letter_pdf(services, who.actor, case_id, letter_id, None)


@router.post("/cases/{case_id}/letters/{letter_id}/preview")
async def preview(request: Request, services: Wired, who: SignedIn, case_id: str, letter_id: str) -> Response:
    """The text of the editor as it would be issued, in a tab of its own; nothing is kept."""
    form = await checked_form(request, who.csrf)
    body = next((str(form[key]) for key in form if key.startswith("f.letter_body")), "")
    return await letter_pdf(services, who.actor, case_id, letter_id, body)


async def send_document(services: Services, actor: Actor, case_id: str, document_id: str) -> Response:
    async with services.transaction() as session:
        complaint = await find_case(session, actor, case_id)
        row = await documents.content_of(session, actor, complaint, document_id)
        content = row.content or b""
    return download(content, row.media_type or "application/octet-stream", row.name)


async def take_documents(request: Request, services: Services, actor: Actor, csrf: str, case_id: str) -> None:
    form = await checked_form(request, csrf)
    files = [file for file in form.getlist("file") if isinstance(file, UploadFile) and file.filename]
    if not files:
        raise Invalid({"file": "请选择要提交的文件。"})
    async with services.transaction() as session:
        now = await acts.case_time(session, services, case_id)
        for file in files:
            purpose = str(form.get("purpose", "evidence"))
            content = await file.read()
            await file.close()
            await documents.add_document(session, actor, case_id, purpose, file.filename or "", content, now)


@router.get("/cases/{case_id}/documents/{document_id}")
async def document(services: Wired, who: SignedIn, case_id: str, document_id: str) -> Response:
    return await send_document(services, who.actor, case_id, document_id)


@router.post("/cases/{case_id}/documents")
async def add(request: Request, services: Wired, who: SignedIn, case_id: str) -> Response:
    try:
        await take_documents(request, services, who.actor, who.csrf, case_id)
    except Invalid as invalid:
        return await page_with(request, services, who, case_id, status=422, problems=dict(invalid.fields))
    return RedirectResponse(f"/cases/{case_id}#papers", 303)
