"""Which adapter leads to which platform: named by JIANNUO_PLATFORMS, else the receiver, else files."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
import yaml
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from activities.platforms.file_drop import FilePlatform
from activities.platforms.http import HttpPlatform
from activities.platforms.port import PlatformPort
from cases.policy.loader import available, load
from cases.sharing_platforms import platforms
from jiannuo.errors import SettingsRefused
from jiannuo.keys import receiver_secret
from jiannuo.settings import Settings

NAME = "JIANNUO_PLATFORMS"
KEY_ID = "jiannuo"
FOLDER = "outgoing"


class Endpoint(BaseModel):
    """Either ``url`` with ``secret``, or ``folder``."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    url: str | None = None
    key_id: str = KEY_ID
    secret: SecretStr | None = None
    folder: str | None = None


@asynccontextmanager
async def platform_ports(settings: Settings) -> AsyncIterator[Mapping[str, PlatformPort]]:
    """Key to adapter, for every platform that any pack knows. Raises SettingsRefused."""
    named = endpoints(settings)
    async with httpx.AsyncClient(trust_env=False) as client:
        yield {key: _port(key, title, named.get(key), settings, client) for key, title in known().items()}


def known() -> dict[str, str]:
    """Key to title of every platform of the packs."""
    return {key: found.title for pack in available() for key, found in platforms(load(pack)).items()}


def endpoints(settings: Settings) -> dict[str, Endpoint]:
    """Raises SettingsRefused, without repeating a secret."""
    if settings.platforms is None:
        return {}
    try:
        raw: Any = yaml.safe_load(settings.platforms.get_secret_value())
    except yaml.YAMLError:
        raise SettingsRefused(f"{NAME} is not YAML that can be read.") from None
    if not isinstance(raw, dict):
        raise SettingsRefused(f"{NAME} must map platform keys to url, key_id and secret, or to folder.")
    unknown = sorted(set(raw) - set(known()))
    if unknown:
        raise SettingsRefused(f"{NAME} names {', '.join(unknown)}; the packs know {', '.join(sorted(known()))}.")
    return {key: _endpoint(key, value) for key, value in raw.items()}


def _endpoint(key: str, value: Any) -> Endpoint:
    try:
        found = Endpoint.model_validate(value)
    except ValidationError as error:
        where = ", ".join(".".join(str(part) for part in item["loc"]) for item in error.errors())
        raise SettingsRefused(f"{NAME}, {key}: {where} cannot be read.") from None
    if (found.url is None) == (found.folder is None) or (found.url is not None and found.secret is None):
        raise SettingsRefused(f"{NAME}, {key}: give url and secret, or folder, and not both.")
    return found


def _port(
    key: str, title: str, named: Endpoint | None, settings: Settings, client: httpx.AsyncClient
) -> PlatformPort:
    if named is not None and named.folder is not None:
        return FilePlatform(title, settings.data_dir / FOLDER / named.folder)
    if named is not None and named.url is not None and named.secret is not None:
        return _http(title, named.url, named.key_id, named.secret.get_secret_value().encode(), client)
    if settings.receiver_url is not None:
        url = f"{settings.receiver_url.rstrip('/')}/platforms/{key}"
        return _http(title, url, KEY_ID, receiver_secret(settings), client)
    return FilePlatform(title, settings.data_dir / FOLDER / key)


def _http(title: str, url: str, key_id: str, secret: bytes, client: httpx.AsyncClient) -> HttpPlatform:
    return HttpPlatform(title, url, key_id, secret, client, lambda: int(time.time()), lambda: secrets.token_hex(16))
