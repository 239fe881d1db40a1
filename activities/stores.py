"""What every activity works with, built once by the composition root."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from temporalio.exceptions import ApplicationError

from activities import contracts
from cases.definitions import DefinitionStore
from cases.errors import Disagreement, Problem
from cases.steps import StateCache
from cases.vault import Vault


@dataclass
class Stores:
    sessions: async_sessionmaker[AsyncSession]
    vault: Vault
    definitions: DefinitionStore = field(default_factory=DefinitionStore)
    states: StateCache = field(default_factory=StateCache)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """One transaction per activity, committed here. Database errors may quote data: only their class leaves."""
        try:
            async with self.sessions.begin() as session:
                yield session
        except Disagreement as error:
            raise ApplicationError(error.sentence, type=contracts.STORES_DISAGREE, non_retryable=True) from None
        except IntegrityError as error:
            constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
            raise ApplicationError(f"constraint {constraint} refused the row", type=contracts.DATA_ERROR) from None
        except DataError as error:
            # A value that PostgreSQL cannot hold (a NUL in a text, a number too large) will not fit next time either.
            raise ApplicationError(f"PostgreSQL: {type(error.orig).__name__}", type=contracts.DATA_ERROR) from None
        except DBAPIError as error:
            raise ApplicationError(f"PostgreSQL: {type(error.orig).__name__}", type="Unavailable") from None
        except Problem as error:
            raise ApplicationError(error.sentence, type=error.code) from None


def now_utc() -> datetime:
    """Real time, for recording and sending; business time comes with the input."""
    return datetime.now(UTC)
