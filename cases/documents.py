"""Papers of a case: what may come in, and who may read which."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from cases import access, audit
from cases.access import Actor
from cases.errors import Forbidden, Invalid, NotFound
from cases.relations import Part, opened, relations_of
from cases.tables.complaints import Complaint, Document

MAX_BYTES = 20 * 1024 * 1024
PURPOSES = {"evidence": "证据材料", "rectification": "整改材料", "extension": "延期材料", "other": "其他材料"}
# First bytes of what we take, since a name's ending proves nothing; Office and OFD files are ZIP.
KINDS: dict[str, tuple[str, bytes]] = {
    "pdf": ("application/pdf", b"%PDF-"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    "png": ("image/png", b"\x89PNG\r\n"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
    "ofd": ("application/ofd", b"PK\x03\x04"),
}
ACCEPTED = ",".join(f".{ending}" for ending in KINDS)


def problem(name: str, content: bytes) -> str | None:
    """A sentence about a file that cannot be taken, or None."""
    ending = name.rpartition(".")[2].lower()
    if ending not in KINDS:
        return f"“{name}”的格式不在接收范围内，请提交 {'、'.join(KINDS)} 文件。"
    if len(content) > MAX_BYTES:
        return f"“{name}”超过{MAX_BYTES // 1024 // 1024} MB，请压缩或分次提交。"
    if not content.startswith(KINDS[ending][1]):
        return f"“{name}”的内容与其格式不符，可能已经损坏，请重新导出后提交。"
    return None


async def add_document(
    session: AsyncSession, actor: Actor, complaint_id: str, purpose: str, name: str, content: bytes, now: datetime
) -> Document:
    complaint = await session.scalar(access.visible(actor).where(Complaint.id == complaint_id))
    if complaint is None:
        raise NotFound("没有找到这个案件，或者您无权查看。")
    if Part.ADD_DOCUMENT not in opened(relations_of(actor, complaint)):
        raise Forbidden("您不是本案的当事人或承办人员，不能提交材料。")
    wrong = problem(name, content)
    if purpose not in PURPOSES:
        wrong = "请选择材料种类。"
    if wrong:
        raise Invalid({"file": wrong})
    row = store(session, complaint.id, purpose, name, content, _author(actor), now)
    await audit.append(
        session, at=now, recorded_at=now, actor=row.added_by, act="add_document", complaint_id=complaint.id,
        facts={"document": row.id, "sha256": row.sha256},
    )  # fmt: skip
    return row


def store(
    session: AsyncSession, complaint_id: str, purpose: str, name: str, content: bytes, author: str, now: datetime
) -> Document:
    """Of a case that is the caller's own doing (filing); everyone else asks ``add_document``."""
    row = Document(
        id=secrets.token_hex(10), complaint_id=complaint_id, purpose=purpose, name=name[-200:],
        media_type=KINDS[name.rpartition(".")[2].lower()][0], content=content, sha256=sha256(content).hexdigest(),
        added_at=now, added_by=author,
    )  # fmt: skip
    session.add(row)
    return row


def readable(actor: Actor, complaint: Complaint) -> Select[Document]:
    """The documents of a visible case that the actor may read, without their content."""
    parts = opened(relations_of(actor, complaint))
    query = select(Document).where(Document.complaint_id == complaint.id).options(defer(Document.content))
    if Part.DOCUMENTS in parts:
        return query.order_by(Document.added_at)
    own = {_author(actor)} | {f"unit:{duty.uscc}" for duty in actor.duties}
    return query.where(Document.added_by.in_(own)).order_by(Document.added_at)


async def content_of(session: AsyncSession, actor: Actor, complaint: Complaint, document_id: str) -> Document:
    row = await session.scalar(readable(actor, complaint).where(Document.id == document_id))
    if row is None:
        raise NotFound("没有找到这份材料，或者您无权查看。")
    await session.refresh(row, ["content"])
    if row.content is None:
        raise NotFound("这份材料只登记了名称，原件由受理部门保存。")
    return row


def _author(actor: Actor) -> str:
    if actor.complaint_id is not None:
        return "complainant"
    return f"unit:{actor.duties[0].uscc}" if actor.duties else f"account:{actor.account_id}"
