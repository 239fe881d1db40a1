"""What an execution can hold, below the 2 MB that Temporal takes in one payload, and the sentences said beyond.

A workflow task whose commands exceed it would fail again and again: so the limits are asked for before, in validators.
"""

from __future__ import annotations

from temporalio.exceptions import ApplicationError

from workflows import messages

EVENT_CHARACTERS = 250_000
"""One act or one job's result as JSON text. Forms and documents go to PostgreSQL; an event carries routing facts."""

PENDING_CHARACTERS = 500_000
"""All that waits to be recorded goes in one payload, too."""

STATE_BYTES = 1_500_000
"""The state, deflated. The rest of a payload is for what jobs still bring and the open commands beside it."""

ACT_TOO_LARGE = "这次提交的数据过大,系统不能保存。请把长文字或文件作为附件上传后再提交。"
STATE_TOO_LARGE = "案件携带的数据已达上限,不能再增加。请联系管理员删减案件变量后再办理。"


def refuse_large(text: str) -> None:
    if len(text) > EVENT_CHARACTERS:
        raise ApplicationError(ACT_TOO_LARGE, type=messages.TOO_LARGE, non_retryable=True)


def refuse_crowd(crowded: bool) -> None:
    if crowded:
        raise ApplicationError("系统正在记录先前的办理动作,请稍候再试。", type=messages.BUSY)


def too_large_result(text: str) -> str | None:
    """The reason for an incident of a job that answered with too much."""
    if len(text) <= EVENT_CHARACTERS:
        return None
    return f"The job answered with {len(text)} characters of variables; at most {EVENT_CHARACTERS} can be kept."
