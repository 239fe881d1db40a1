"""The mail channel and the gateway that the settings name."""

from __future__ import annotations

import secrets
import time
from email.utils import parseaddr

import httpx

from jiannuo.errors import SettingsRefused
from jiannuo.settings import Settings
from notifications.channels.http_gateway import GatewaySettings, HttpGateway
from notifications.channels.smtp import Smtp, SmtpSettings, Tls


def mail_channel(settings: Settings) -> Smtp | None:
    """None without a mail server. Raises SettingsRefused for a server without a sender."""
    if settings.smtp_host is None:
        return None
    sender = settings.smtp_sender or ""
    domain = parseaddr(sender)[1].partition("@")[2]
    if not domain:
        raise SettingsRefused("JIANNUO_SMTP_SENDER must be an address such as 践诺 <jiannuo@example.cn>.")
    password = settings.smtp_password
    return Smtp(
        SmtpSettings(
            host=settings.smtp_host, port=settings.smtp_port, sender=sender, domain=domain, tls=Tls(settings.smtp_tls),
            username=settings.smtp_username, password=password.get_secret_value() if password else None,
            ca_file=str(settings.smtp_ca_file) if settings.smtp_ca_file else None,
        )
    )  # fmt: skip


def gateway_channel(settings: Settings, client: httpx.AsyncClient) -> HttpGateway | None:
    """None without a gateway. Raises SettingsRefused for one without a key."""
    if settings.sms_url is None:
        return None
    if settings.sms_secret is None:
        raise SettingsRefused("JIANNUO_SMS_URL needs JIANNUO_SMS_SECRET, the key that signs what goes there.")
    return HttpGateway(
        GatewaySettings("sms", settings.sms_url, settings.sms_key_id, settings.sms_secret.get_secret_value().encode()),
        client,
        lambda: int(time.time()),
        lambda: secrets.token_hex(16),
    )
