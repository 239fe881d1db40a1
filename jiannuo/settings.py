"""Every setting, read once by the composition root. Nothing below it reads the environment.

A value comes from `JIANNUO_NAME`, else from the file named by `JIANNUO_NAME_FILE` (for secrets), else from the default.
"""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bpmn.semantics import BEGUN, RULES
from jiannuo.embedded.account import service_account
from jiannuo.errors import SettingsRefused

PREFIX = "JIANNUO_"
CHECKOUT = Path(__file__).resolve().parent.parent
# Root's folders are closed to the user that PostgreSQL is handed to; this one is open.
SYSTEM_FOLDER = Path("/var/lib/jiannuo")


def default_data_dir() -> Path:
    """`.data` in the checkout (in the working directory of an installed wheel), unless PostgreSQL cannot enter it."""
    base = CHECKOUT if (CHECKOUT / "pyproject.toml").exists() else Path.cwd()
    wished = base / ".data"
    account = service_account(wished / "postgres")
    if account is None or account.may_enter(wished) is None:
        return wished
    return SYSTEM_FOLDER / f"{base.name}-{hashlib.sha256(bytes(base)).hexdigest()[:8]}"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    data_dir: Path = Field(
        default_factory=default_data_dir,
        description="Folder of the embedded servers' data and logs; below /var/lib/jiannuo if root's is closed.",
    )
    host: str = Field(default="127.0.0.1", description="Address that the pages and the API listen on.")
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port of the pages and the API; `jiannuo run` replaces a busy one."
    )
    postgres_dsn: SecretStr | None = Field(
        default=None, description="URI of a PostgreSQL server, postgresql://…; without it the embedded one is started."
    )
    postgres_port: int = Field(
        default=0, ge=0, le=65535, description="Wished port of the embedded PostgreSQL; 0 means any free one."
    )
    temporal_address: str | None = Field(
        default=None, description="host:port of a Temporal server; without it the embedded one is started."
    )
    temporal_namespace: str = Field(default="jiannuo", description="Namespace in a named Temporal server.")
    temporal_task_queue: str = Field(default="jiannuo", description="Task queue between API and worker.")
    temporal_port: int = Field(
        default=7233, ge=0, le=65535, description="Wished port of the embedded Temporal; 0 means any free one."
    )
    temporal_ui_port: int = Field(
        default=8233, ge=0, le=65535, description="Wished port of the embedded Temporal's pages; 0 means any free one."
    )
    vault_key: SecretStr | None = Field(
        default=None,
        description="Key of the identity vault, 32 bytes in base64; without it one is made in the data folder.",
    )
    payload_keys: SecretStr | None = Field(
        default=None,
        description="Keys of workflow payloads, base64, newest first, blanks between; without them one is made.",
    )
    platforms: SecretStr | None = Field(
        default=None,
        description="Where the other platforms are, as YAML: key to url, key_id and secret, or to folder.",
    )
    receiver_url: str | None = Field(
        default=None,
        description="Receiver of what JIANNUO_PLATFORMS does not name; without it: files in the data folder.",
    )
    receiver_secret: SecretStr | None = Field(
        default=None, description="Secret shared with that receiver; without it one is made in the data folder."
    )
    receiver_port: int = Field(
        default=8300, ge=0, le=65535, description="Port of the reference receiver; `jiannuo run` replaces a busy one."
    )
    semantics: int = Field(
        default=BEGUN,
        description="Rules that new cases begin with; raised once every worker runs the release that brought them.",
    )
    policy: str = Field(default="nmg-2023", description="The policy that `jiannuo run` deploys, a folder of policies/.")
    sample_region: bool = Field(
        default=True, description="Whether `jiannuo run` seeds the fictional region with its people and cases."
    )
    sample_cases: int = Field(
        default=25, ge=0, description="How many sample cases the fictional region gets, from the front of the file."
    )
    message_retention_days: int = Field(
        default=90, ge=1, description="Days for which settled messages and signals are kept, for who asks after one."
    )
    message_overdue_s: int = Field(
        default=3600, ge=1, description="Seconds after which an undelivered message is shown to operators as overdue."
    )
    message_senders: SecretStr | None = Field(
        default=None,
        description="Systems that may send messages, as YAML: key to secret and the names of their messages.",
    )
    smtp_host: str | None = Field(default=None, description="Mail server; without it mail waits, visibly pending.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server.")
    smtp_tls: Literal["starttls", "implicit", "none"] = Field(
        default="starttls", description="How mail is encrypted on its way to the server."
    )
    smtp_sender: str | None = Field(
        default=None, description="Sender of mail, 践诺 <jiannuo@example.cn>; its domain is that of every Message-ID."
    )
    smtp_username: str | None = Field(default=None, description="Login at the mail server; without it none.")
    smtp_password: SecretStr | None = Field(default=None, description="Password at the mail server.")
    smtp_ca_file: Path | None = Field(
        default=None, description="Certificates that the mail server's is checked against; without it the system's."
    )
    sms_url: str | None = Field(
        default=None, description="SMS or chat gateway for notices that mail did not deliver; without it none."
    )
    sms_key_id: str = Field(default="jiannuo", description="Name of the key by which the gateway knows us.")
    sms_secret: SecretStr | None = Field(default=None, description="Key that signs what goes to the gateway.")
    log_format: Literal["auto", "json", "pretty"] = Field(
        default="auto", description="Form of the log lines; auto is pretty in a terminal and JSON elsewhere."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least severe level that is logged."
    )

    @field_validator("semantics")
    @classmethod
    def _known(cls, number: int) -> int:
        if number not in RULES:
            raise ValueError(f"this release knows {', '.join(map(str, sorted(RULES)))}")
        return number

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only the process environment: a forgotten .env file would steer a server silently."""
        return init_settings, env_settings, NamedFiles(settings_cls)


class NamedFiles(PydanticBaseSettingsSource):
    """`JIANNUO_NAME_FILE=/run/secrets/x`: the value is the content of that file, less the newline at its end."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        path = os.environ.get(variable(field_name) + "_FILE")
        return (read_named_file(variable(field_name) + "_FILE", path) if path else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        values = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in values.items() if value is not None}


def read_named_file(name: str, path: str) -> str:
    try:
        return Path(path).read_text().rstrip("\n")
    except OSError as error:
        raise SettingsRefused(f"{name} names {path}, which cannot be read: {error.strerror}.") from None


def variable(field_name: str) -> str:
    return PREFIX + field_name.upper()


def load_settings() -> Settings:
    """Raises SettingsRefused, naming the variable; never its value, which may be a secret."""
    require_known(os.environ)
    try:
        return Settings()
    except ValidationError as error:
        problems = "; ".join(f"{variable(str(item['loc'][0]))}: {item['msg']}" for item in error.errors())
        raise SettingsRefused(f"{problems}. See jiannuo settings and docs/operating.md.") from None


def require_known(environment: Mapping[str, str]) -> None:
    """A misspelt variable would leave its default in force unnoticed."""
    known = {variable(name) + suffix for name in Settings.model_fields for suffix in ("", "_FILE")}
    unknown = sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingsRefused(f"There is no setting {', '.join(unknown)}. jiannuo settings lists those there are.")
