"""JIANNUO_MESSAGE_SENDERS: who may send messages, and which."""

from __future__ import annotations

import pytest

from cases.errors import Forbidden
from jiannuo.errors import SettingsRefused
from jiannuo.message_senders import message_senders
from jiannuo.settings import Settings

SECRET = "at least sixteen bytes"


def settings(text: str | None) -> Settings:
    return Settings(message_senders=text)  # type: ignore[arg-type]


def test_a_sender_may_send_what_is_named_and_a_star_allows_all() -> None:
    found = message_senders(
        settings(f"portal: {{secret: {SECRET}, messages: [paid]}}\ncourt: {{secret: {SECRET}, messages: '*'}}")
    )
    found["portal"].require("paid")
    found["court"].require("anything")
    with pytest.raises(Forbidden):
        found["portal"].require("Paid")
    assert found["portal"].actor == "system:portal"
    assert SECRET not in repr(found)
    assert message_senders(settings(None)) == {}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: [", "is not YAML"),
        ("[portal]", "must map keys to secret and messages"),
        ("portal: {messages: [paid]}", "portal: secret cannot be read"),
        (f"portal: {{secret: {SECRET}}}", "portal: messages cannot be read"),
        (f"portal: {{secret: {SECRET}, messages: [paid], url: x}}", "portal: url cannot be read"),
        (f"portal: {{secret: {SECRET}, messages: all}}", "a list of names"),
        ("portal: {secret: short, messages: [paid]}", "shorter than 16 bytes"),
        ("portal: text", "portal: the whole cannot be read"),
    ],
)
def test_what_cannot_be_meant_is_refused_without_repeating_a_secret(text: str, sentence: str) -> None:
    with pytest.raises(SettingsRefused, match=sentence) as told:
        message_senders(settings(text))
    assert SECRET not in str(told.value)
