"""Payloads: encrypted, and graphs travel as hashes.

The converter (synchronous, also used inside the workflow) hands out shared graph objects; the codec (asynchronous,
outside) sees every payload first, decrypts it and loads the graphs that this process lacks. So a replay in a fresh
process finds its graphs, and none is ever looked up as "latest".
"""

from __future__ import annotations

import base64
import json
import os
import zlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    DefaultPayloadConverter,
    EncodingPayloadConverter,
    PayloadCodec,
)

from bpmn.answers import Answers
from bpmn.graphset import GraphSet
from bpmn.model import Graph
from jiannuo.payload_words import WORDS_1

GRAPH_ENCODING = "json/jiannuo-graphs"
ANSWERS_ENCODING = "json/jiannuo-answers"
ENCRYPTED = b"binary/jiannuo-aes256gcm"
# Deflated before it was encrypted: a state of ten thousand open tasks is 2.2 MB of text, and Temporal takes 2 MB.
PACKED = b"binary/jiannuo-aes256gcm-deflate"
PACK_FROM_BYTES = 4_096
# The many small ones, with the list of common words of that number.
DEFLATED = b"binary/jiannuo-aes256gcm-words1"
NONCE_BYTES = 12

# Shared by everything in this process: immutable graphs by content hash, never evicted, since executions hold them.
GRAPHS: dict[str, Graph] = {}

LoadGraph = Callable[[str], Awaitable[Graph]]


class GraphSetConverter(EncodingPayloadConverter):
    @property
    def encoding(self) -> str:
        return GRAPH_ENCODING

    def to_payload(self, value: Any) -> Payload | None:
        if not isinstance(value, GraphSet):
            return None
        return Payload(metadata={"encoding": GRAPH_ENCODING.encode()}, data=json.dumps(list(value.graphs)).encode())

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> GraphSet:
        return GraphSet({hash_: GRAPHS[hash_] for hash_ in json.loads(payload.data)})


class AnswersConverter(EncodingPayloadConverter):
    @property
    def encoding(self) -> str:
        return ANSWERS_ENCODING

    def to_payload(self, value: Any) -> Payload | None:
        if not isinstance(value, Answers):
            return None
        body = {"step": value.last_step, "digest": value.digest, "at": value.at, "events": value.events}
        body |= {"more": value.more, "graphs": list(value.graphs.graphs), "bytes": value.state_bytes}
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return Payload(metadata={"encoding": ANSWERS_ENCODING.encode()}, data=data.encode())

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Answers:
        body = json.loads(payload.data)
        graphs = GraphSet({hash_: GRAPHS[hash_] for hash_ in body["graphs"]})
        events, size = tuple(body["events"]), body["bytes"]
        return Answers(body["step"], body["digest"], body["at"], events, body["more"], graphs, size)


def _graphs_in(payload: Payload) -> list[str]:
    encoding = payload.metadata.get("encoding", b"").decode()
    if encoding == GRAPH_ENCODING:
        return list(json.loads(payload.data))
    if encoding == ANSWERS_ENCODING:
        return list(json.loads(payload.data)["graphs"])
    return []


class JiannuoPayloadConverter(CompositePayloadConverter):
    def __init__(self) -> None:
        own = (GraphSetConverter(), AnswersConverter())
        super().__init__(*own, *DefaultPayloadConverter.default_encoding_payload_converters)


class Codec(PayloadCodec):
    """AES-256-GCM under the newest key; older keys only open. ``load`` is None where no graph can occur."""

    def __init__(self, keys: Sequence[bytes], load: LoadGraph | None) -> None:
        self._ciphers = {_key_id(key): AESGCM(key) for key in keys}
        self._newest = _key_id(keys[0])
        self._load = load

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._seal(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        opened = [self._open(payload) for payload in payloads]
        for payload in opened:
            for hash_ in _graphs_in(payload):
                await self._ensure(hash_)
        return opened

    async def _ensure(self, hash_: str) -> None:
        if hash_ not in GRAPHS:
            if self._load is None:
                raise RuntimeError("This process has no source of deployed models.")
            GRAPHS[hash_] = await self._load(hash_)

    def _seal(self, payload: Payload) -> Payload:
        nonce, plain, encoding = os.urandom(NONCE_BYTES), payload.SerializeToString(), ENCRYPTED
        if len(plain) >= PACK_FROM_BYTES:
            plain, encoding = zlib.compress(plain, level=1), PACKED
        elif len(short := deflated(plain)) < len(plain):
            plain, encoding = short, DEFLATED
        data = nonce + self._ciphers[self._newest].encrypt(nonce, plain, None)
        return Payload(metadata={"encoding": encoding, "key": self._newest.encode()}, data=data)

    def _open(self, payload: Payload) -> Payload:
        encoding = payload.metadata.get("encoding")
        if encoding not in (ENCRYPTED, PACKED, DEFLATED):
            return payload
        cipher = self._ciphers.get(payload.metadata["key"].decode())
        if cipher is None:
            raise ValueError("A payload was sealed with a key that this process lacks; add it to JIANNUO_PAYLOAD_KEYS.")
        data = payload.data
        opened = Payload()
        plain = cipher.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], None)
        if encoding != ENCRYPTED:
            plain = inflated(plain) if encoding == DEFLATED else zlib.decompress(plain)
        opened.ParseFromString(plain)
        return opened


def deflated(plain: bytes) -> bytes:
    # Raw: AES-GCM authenticates already, so the checksum of zlib's own envelope tells nothing.
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS, 8, zlib.Z_DEFAULT_STRATEGY, WORDS_1)
    return packer.compress(plain) + packer.flush()


def inflated(packed: bytes) -> bytes:
    opener = zlib.decompressobj(-zlib.MAX_WBITS, WORDS_1)
    return opener.decompress(packed) + opener.flush()


def _key_id(key: bytes) -> str:
    """Names a key without giving it away."""
    return base64.b16encode(sha256(b"jiannuo-key-id" + key).digest()[:4]).decode()


def data_converter(keys: Sequence[bytes], load: LoadGraph | None) -> DataConverter:
    return replace(
        DataConverter.default,
        payload_converter_class=JiannuoPayloadConverter,
        payload_codec=Codec(keys, load),
        # Exception texts are not covered by a codec unless they are encoded attributes.
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
