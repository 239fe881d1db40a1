"""Which other systems may send messages, and which: JIANNUO_MESSAGE_SENDERS."""

from __future__ import annotations

from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from api.ports import Sender
from jiannuo.errors import SettingsRefused
from jiannuo.settings import Settings

NAME = "JIANNUO_MESSAGE_SENDERS"
SHORTEST = 16


class Entry(BaseModel):
    """``messages``: names, or ``"*"`` for any."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    secret: SecretStr
    messages: list[str] | str


def message_senders(settings: Settings) -> dict[str, Sender]:
    """Raises SettingsRefused, without repeating a secret."""
    if settings.message_senders is None:
        return {}
    try:
        raw: Any = yaml.safe_load(settings.message_senders.get_secret_value())
    except yaml.YAMLError:
        raise SettingsRefused(f"{NAME} is not YAML that can be read.") from None
    if not isinstance(raw, dict):
        raise SettingsRefused(f"{NAME} must map keys to secret and messages, {{portal: {{secret: …, messages: […]}}}}.")
    return {str(key): _sender(str(key), value) for key, value in raw.items()}


def _sender(key: str, value: Any) -> Sender:
    try:
        found = Entry.model_validate(value)
    except ValidationError as error:
        where = ", ".join(".".join(str(part) for part in item["loc"]) or "the whole" for item in error.errors())
        raise SettingsRefused(f"{NAME}, {key}: {where} cannot be read.") from None
    secret = found.secret.get_secret_value().encode()
    if len(secret) < SHORTEST:
        raise SettingsRefused(f"{NAME}, {key}: the secret is shorter than {SHORTEST} bytes.")
    if isinstance(found.messages, str):
        if found.messages != "*":
            raise SettingsRefused(f'{NAME}, {key}: messages must be a list of names, or "*" for any.')
        return Sender(key, secret)
    return Sender(key, secret, frozenset(found.messages))
