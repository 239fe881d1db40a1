"""What Temporal is given to keep: sealed, deflated where that pays, and read back by whoever has the key."""

import pytest
from temporalio.api.common.v1 import Payload

from jiannuo.payloads import DEFLATED, PACKED, Codec

OLD, NEW = b"o" * 32, b"n" * 32
# What the server accepts in one payload.
LIMIT_BYTES = 2 * 1024 * 1024


def payload(size: int) -> Payload:
    record = b'{"kind":"Token","key":12345,"scope":2,"node":"t","status":"waiting"},'
    return Payload(metadata={"encoding": b"json/plain"}, data=(record * (size // len(record) + 1))[:size])


@pytest.mark.parametrize(("size", "encoding"), [(200, DEFLATED), (200_000, PACKED)])
async def test_a_payload_comes_back_as_it_was(size: int, encoding: bytes) -> None:
    given = payload(size)
    (sealed,) = await Codec([NEW, OLD], None).encode([given])
    assert sealed.metadata["encoding"] == encoding
    assert b"Token" not in sealed.data
    assert await Codec([NEW], None).decode([sealed]) == [given]


async def test_a_state_larger_than_temporal_takes_travels_deflated() -> None:
    (sealed,) = await Codec([NEW], None).encode([payload(3 * LIMIT_BYTES)])
    assert len(sealed.data) < LIMIT_BYTES / 10


async def test_a_key_that_is_missing_is_named_by_the_setting_that_lacks_it() -> None:
    (sealed,) = await Codec([OLD], None).encode([payload(10_000)])
    with pytest.raises(ValueError, match="JIANNUO_PAYLOAD_KEYS"):
        await Codec([NEW], None).decode([sealed])
