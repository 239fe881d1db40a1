"""The reference receiver, as a process: what it takes, what it refuses, what it still knows after a kill."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.sharing.sharing_world import ReceiverProcess

PATH = "/platforms/regional"


def message(sequence: int = 1, **content: Any) -> bytes:
    document = {"kind": "record", "subject": "NMG-2026-000001", "sequence": sequence, "to": None, "content": content}
    return json.dumps(document).encode()


def reason(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["reason"]


def test_a_signed_message_gets_a_receipt(receiver: ReceiverProcess) -> None:
    answer = receiver.post(PATH, message(status="active"))
    assert answer.status_code == 200
    assert answer.json()["receipt"] == receiver.messages()[0]["receipt"]
    assert "NMG-2026-000001" in httpx.get(receiver.url, trust_env=False).text


def test_what_is_not_signed_by_us_now_and_once_is_refused(receiver: ReceiverProcess) -> None:
    body = message()
    assert reason(httpx.post(receiver.url + PATH, content=body, trust_env=False)) == (401, "unsigned")
    assert reason(receiver.post(PATH, body, secret="another")) == (401, "signature")
    assert reason(receiver.post(PATH, body, timestamp="1700000000")) == (401, "timestamp")
    assert receiver.post(PATH, body, nonce="once").status_code == 200
    assert reason(receiver.post(PATH, body, nonce="once")) == (401, "nonce")


def test_a_changed_body_breaks_the_signature(receiver: ReceiverProcess) -> None:
    headers = receiver.signed(message(amount=1)) | {"Idempotency-Key": "key"}
    answer = httpx.post(receiver.url + PATH, content=message(amount=2), headers=headers, trust_env=False)
    assert reason(answer) == (401, "signature")


def test_the_same_message_again_has_the_same_receipt_and_another_body_is_refused(receiver: ReceiverProcess) -> None:
    first = receiver.post(PATH, message(status="active"))
    again = receiver.post(PATH, message(status="active"))
    assert again.json() == first.json()
    assert reason(receiver.post(PATH, message(status="repaired"))) == (409, "another_body_under_this_key")
    assert receiver.health() == {"received": 1, "duplicates": 1, "lost": 0}


def test_an_older_state_after_a_newer_one_is_refused(receiver: ReceiverProcess) -> None:
    assert receiver.post(PATH, message(2), key="second").status_code == 200
    assert reason(receiver.post(PATH, message(1), key="first")) == (409, "older_than_what_is_here")


@pytest.mark.parametrize("body", [b"no json", b"[]", b'{"kind": "record"}'])
def test_what_is_no_message_is_refused(receiver: ReceiverProcess, body: bytes) -> None:
    assert receiver.post(PATH, body).status_code == 422


def test_receipts_outlive_a_kill(receiver: ReceiverProcess) -> None:
    first = receiver.post(PATH, message(status="active"))
    receiver.kill()
    receiver.start()
    assert receiver.post(PATH, message(status="active")).json() == first.json()
    assert receiver.health()["received"] == 1


def test_it_loses_connections_on_demand(receiver: ReceiverProcess) -> None:
    receiver.post("/admin/losses", json.dumps({"count": 1, "moment": "after"}).encode())
    with pytest.raises(httpx.RemoteProtocolError):
        receiver.post(PATH, message())
    assert receiver.health() == {"received": 1, "duplicates": 0, "lost": 1}
    assert receiver.post(PATH, message()).json()["receipt"] == receiver.messages()[0]["receipt"]
