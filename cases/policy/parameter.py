"""A parameter of a pack: its value, and whether the law or our own default says so.

Every value that shapes a case is wrapped like this, so that a page can show a user what is law and what is
our guess where the texts are silent.
"""

from datetime import time
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from cases.deadlines.errors import BadLimit
from cases.deadlines.limit import Limit

T = TypeVar("T")
Source = Literal["law", "default"]
Name = Annotated[str, Field(min_length=1)]


class Section(BaseModel):
    """Frozen, and closed: an unknown key is a mistake, not a note."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Parameter(Section, Generic[T]):
    """`basis` cites a document of the pack and its article (`S2§3`), or says why a default was chosen."""

    value: T
    source: Source
    basis: Name


def _limit(raw: Any) -> Any:
    return _parsed(raw, Limit.parse)


def _offset(raw: Any) -> Any:
    return _parsed(raw, Limit.parse_offset)


def _parsed(raw: Any, parse: Any) -> Any:
    if isinstance(raw, Limit):
        return raw
    if not isinstance(raw, str):
        raise ValueError("write a limit as text, such as 3wd or 30d")
    try:
        return parse(raw)
    except BadLimit as error:
        raise ValueError(str(error)) from error


def _clock_time(raw: Any) -> Any:
    # YAML 1.1 reads an unquoted 16:00 as the number 960.
    if isinstance(raw, int):
        raise ValueError('quote the time, as "16:00"')
    return raw


LimitText = Annotated[Limit, BeforeValidator(_limit)]
OffsetText = Annotated[Limit, BeforeValidator(_offset)]
ClockTime = Annotated[time, BeforeValidator(_clock_time)]
