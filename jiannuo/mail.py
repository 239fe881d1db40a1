"""The mail channel that the settings name."""

from __future__ import annotations

from email.utils import parseaddr

from jiannuo.errors import SettingsRefused
from jiannuo.settings import Settings
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
