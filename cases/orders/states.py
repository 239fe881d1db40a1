"""The states of a supervision order, as the elements of its model name them (``jiannuo:orderState``)."""

from __future__ import annotations

PROCESS = "supervision_order"

DRAFTING = "drafting"
AWAITING = "awaiting_reply"
RETURNED = "returned"
CHECKING = "checking"
TO_CLOSE = "to_close"
CLOSED = "closed"
WITHDRAWN = "withdrawn"
DISCARDED = "discarded"

STATES: dict[str, str] = {
    DRAFTING: "拟稿中",
    AWAITING: "待答复",
    RETURNED: "退回重报",
    CHECKING: "待核查",
    TO_CLOSE: "待销号",
    CLOSED: "已销号",
    WITHDRAWN: "已撤回",
    DISCARDED: "未发出",
}
ENDED = frozenset({CLOSED, WITHDRAWN, DISCARDED})
OPEN = tuple(state for state in STATES if state not in ENDED)
UNANSWERED = (AWAITING, RETURNED)

SUPERVISION = "supervision"
LISTED = "listed"
KINDS: dict[str, str] = {SUPERVISION: "督办", LISTED: "挂牌督办"}
# The letter that carries an order of the kind.
LETTERS: dict[str, str] = {SUPERVISION: "督办函", LISTED: "挂牌督办通知书"}

# What an order asks for where its issuer enters nothing else.
DEMAND = ("立即依法办理该投诉，说明尚未办结的原因", "将办理进展和结果书面报送我单位")

# Who may issue one (R27: 发改委, 政府督查室; 1E.23: credit lead or 政府督查室).
ISSUERS = ("supervisor", "credit_lead_dept", "region_drc")
# Who at the addressee may answer.
ANSWERING = (
    "verifying_dept", "verifying_head", "accepting_dept", "referring_dept", "respondent", "credit_lead_dept",
    "region_drc", "head",
)  # fmt: skip


def instance_of(order_id: str) -> str:
    return f"{PROCESS}:{order_id}"


def order_of(instance_id: str) -> str | None:
    """The order of a process instance, None when it is another process."""
    process, _, key = instance_id.partition(":")
    return key if process == PROCESS else None
