"""Structured logs: case and workflow ids, never what the case says or whom it concerns."""

import logging
import sys
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Keys under which personal data, secrets or free text could reach a log line. The key stays: something was said.
PERSONAL_KEYS = frozenset(
    {
        "access_code", "address", "authorization", "bank_account", "body", "comment", "complainant", "contact",
        "content", "cookie", "description", "dsn", "email", "facts", "file_name", "form", "full_name", "id_card",
        "id_number", "identity", "legal_representative", "message", "mobile", "name", "password", "payload", "person",
        "phone", "query", "reason", "recipient", "secret", "subject", "summary", "text", "token", "uscc",
        "user_name", "values", "variables",
    }
)  # fmt: skip
DROPPED = "[dropped]"
# Libraries that tell at `info` what nobody asks for.
LIBRARY_LEVELS = {"alembic": logging.WARNING, "httpx": logging.WARNING}


def configure_logs(form: Literal["auto", "json", "pretty"], level: str) -> None:
    """Called once by a composition root. Lines of libraries that use `logging` take the same way out."""
    pretty = form == "pretty" or (form == "auto" and sys.stderr.isatty())
    rendering: list[Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if pretty
        else [
            structlog.processors.dict_tracebacks,
            drop_frame_values,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_personal_data,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *rendering,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name, least in LIBRARY_LEVELS.items():
        logging.getLogger(name).setLevel(least)


def drop_personal_data(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Also inside nested mappings, which libraries pass as `extra`."""
    for key, value in event.items():
        if key in PERSONAL_KEYS:
            event[key] = DROPPED
        elif isinstance(value, dict):
            event[key] = drop_personal_data(_, __, dict(value))
    return event


def drop_frame_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The local variables of a traceback hold whatever the code was working on: a complaint, a password."""
    for stack in event.get("exception") or ():
        for frame in stack.get("frames", ()):
            frame.pop("locals", None)
    return event
