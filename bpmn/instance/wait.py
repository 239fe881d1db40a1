"""What a token or scope waits for: one record for each key that the outside may answer, and for each condition."""

from __future__ import annotations

from dataclasses import field

from bpmn.record import record


@record
class TimerPlan:
    """``at`` is the next instant. A cycle repeats ``left`` more times (-1: without end) by ``interval`` or ``cron``.

    A deadline timer names its deadline; ``rung`` None means each rung in order, ``fired`` those done by the key of the
    clock that they were rungs of, forgotten with it (``bpmn.run.rungs``); ``bound`` is the live deadline, ``armed`` the
    rung that the shell has been asked to time.
    """

    at: str = ""
    left: int = 0
    interval: str = ""
    anchor: str = ""
    count: int = 0
    cron: str = ""
    deadline: str = ""
    rung: str | None = None
    each_rung: bool = False
    fired: dict[int, tuple[str, ...]] = field(default_factory=dict)
    bound: int = 0
    armed: str = ""


@record
class Wait:
    """``kind``: task, job, timer, message, signal, conditional, definition, decision.

    ``role`` says who waits: self (the token's own node), boundary, gateway (an event after an event-based gateway) or
    start (an event subprocess of the scope). ``node`` is the catching node, ``index`` the event definition in it.
    ``name`` is a signal or message name; ``last`` a condition's last value.
    """

    key: int
    kind: str
    role: str
    scope: int
    token: int
    node: str
    index: int = 0
    name: str = ""
    last: bool = False
    timer: TimerPlan | None = None
