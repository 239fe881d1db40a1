"""What every handler works with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, cast

from fastapi import Depends, Request
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, TimeoutError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from api.ports import CaseClient, Clock, LetterSheets, Probe, Sender
from cases.definitions import DefinitionStore
from cases.errors import Invalid, Unavailable
from cases.tables.engine import Instance
from cases.vault import Vault

AWAY = "数据库暂时无法使用，本次操作没有保存，也没有给出编号。请稍后再试。"


@dataclass
class Services:
    """``pack`` is the policy that the public column files under. ``senders``: other systems that may send messages, by
    key; ``message_overdue``: after so long an undelivered one is shown to operators.
    """

    sessions: async_sessionmaker[AsyncSession]
    vault: Vault
    definitions: DefinitionStore
    client: CaseClient
    letters: LetterSheets
    clock: Clock
    pack: str
    probes: Mapping[str, Probe] = field(default_factory=dict)
    senders: Mapping[str, Sender] = field(default_factory=dict)
    message_overdue: timedelta = timedelta(hours=1)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """One transaction, committed here. That the database is away is said; its texts may hold data."""
        try:
            async with self.sessions.begin() as session:
                yield session
        except IntegrityError:
            raise
        except DataError as error:
            # A NUL character, a number too large: nothing that a person meant to write.
            raise Invalid({"content": "提交的内容含有无法保存的字符或数值，请检查后重新提交。"}) from error
        except (OperationalError, TimeoutError, OSError) as error:
            raise Unavailable(AWAY) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise Unavailable(AWAY) from error
            raise

    def case_now(self, instance: Instance | None) -> datetime:
        """The case's own time axis; the same as the clock except in rehearsals."""
        return self.clock() + timedelta(seconds=instance.clock_offset_s if instance else 0.0)


def _services(request: Request) -> Services:
    return cast(Services, request.app.state.services)


Wired = Annotated[Services, Depends(_services)]
