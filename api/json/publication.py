"""Messages and signals that other systems send to processes."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api import messages
from api.json.message_models import SaidOut, said_out
from api.machine import FromSystem
from api.services import Wired
from bpmn.json_text import loads
from cases.errors import Invalid
from cases.message_sending import Outside

router = APIRouter(tags=["messages"])
# Whoever asks again by the same message id learns how it stands by then.
SETTLED = ("taken", "started", "unheard")


class PublicationIn(BaseModel):
    """``message_id``: the sender's own; repeated, it is the same message. ``time_to_live``: an ISO 8601 duration, 24
    hours if left out. ``variables``: routing facts only, no personal data.
    """

    model_config = ConfigDict(extra="forbid", strict=True)
    name: str
    message_id: str
    kind: str = "message"
    key: str = ""
    time_to_live: str | None = None
    variables: dict[str, Any] = Field(default_factory=dict)


NOT_JSON = "正文须是一个 JSON 对象，以 UTF-8 编码。"
SENTENCES = {
    "name": "请填写 name，一个文本：模型中消息或信号的名称。",
    "message_id": "请填写 message_id，一个文本：重发时用同一编号，只会送达一次。",
    "kind": "kind 须是文本 message 或 signal。",
    "key": "key 须是文本：等待消息的流程按它找到。",
    "time_to_live": "time_to_live 须是 PT2H 这样的文本，或不写。",
    "variables": "variables 须是一个 JSON 对象。",
}
UNKNOWN = "没有这个字段。可用的字段：name、message_id、kind、key、time_to_live、variables。"
_BODY = {"content": {"application/json": {"schema": PublicationIn.model_json_schema()}}, "required": True}


_SIGNATURE = [
    {"name": f"X-Jiannuo-{name}", "in": "header", "required": True, "schema": {"type": "string"}}
    for name in ("Key", "Timestamp", "Nonce", "Signature")
]


@router.post(
    "/messages/publication", summary="外部系统向流程发送消息或信号（须签名）",
    openapi_extra={"requestBody": _BODY, "parameters": _SIGNATURE},
)  # fmt: skip
async def publish(services: Wired, signed: FromSystem, response: Response) -> SaidOut:
    """200 when it was taken or has started a process, 202 while it waits or is on its way."""
    given = _read(signed.body)
    signed.sender.require(given.name)
    outside = Outside(
        services.pack, given.name, given.key, given.kind, given.message_id, given.time_to_live, given.variables
    )
    said = await messages.receive(services, signed.sender.actor, outside)
    response.status_code = 200 if said.outcome in SETTLED else 202
    return said_out(said)


def _read(body: bytes) -> PublicationIn:
    try:
        given = PublicationIn.model_validate_json(body)
        # Of numbers every digit counts, which a float would lose.
        exact = loads(body.decode()).get("variables", {})
        return given.model_copy(update={"variables": exact})
    except ValueError as error:
        if not isinstance(error, ValidationError):
            raise Invalid({"variables": "变量中有无法保存的数值，例如 NaN。"}) from None
        fields = {".".join(map(str, item["loc"][:1])): item["type"] for item in error.errors()}
    if "" in fields:
        raise Invalid({"body": NOT_JSON})
    raise Invalid({name: UNKNOWN if type_ == "extra_forbidden" else SENTENCES[name] for name, type_ in fields.items()})
