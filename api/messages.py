"""Messages from outside and an operator's acts on messages: kept, matched, told to the execution. For pages and API."""

from __future__ import annotations

from dataclasses import replace

from api.services import Services
from api.who import Staff
from cases import message_acts, message_deliveries
from cases.errors import Conflict
from cases.message_deliveries import UnderWay
from cases.message_sending import Outside, Said, outcome, say
from cases.queries.message_figures import Figures, figures


def actor_of(who: Staff) -> str:
    return f"account:{who.account.id}"


async def receive(services: Services, sender: str, given: Outside) -> Said:
    """Of another system. Raises Invalid and Conflict."""
    async with services.transaction() as session:
        said = await say(session, services.definitions, sender, given, services.clock())
    return await told(services, said)


async def send(services: Services, who: Staff, given: Outside, reason: str) -> Said:
    """By hand. Raises Invalid and Conflict."""
    async with services.transaction() as session:
        now = services.clock()
        said = await message_acts.send(session, services.definitions, given, actor_of(who), reason, now)
    return await told(services, said)


async def drop(services: Services, who: Staff, id_: str, reason: str) -> Said:
    async with services.transaction() as session:
        await message_acts.drop(session, id_, actor_of(who), reason, services.clock())
        return await outcome(session, id_)


async def restore(services: Services, who: Staff, id_: str, reason: str) -> Said:
    async with services.transaction() as session:
        await message_acts.restore(session, id_, actor_of(who), reason, services.clock())
        return await outcome(session, id_)


async def deliver(services: Services, who: Staff, id_: str, instance_id: str, key: int, reason: str) -> Said:
    async with services.transaction() as session:
        await message_acts.deliver(session, id_, instance_id, key, actor_of(who), reason, services.clock())
        said = await outcome(session, id_)
    return await told(services, said)


async def told(services: Services, said: Said) -> Said:
    """Tells the execution at once, so that whoever asks learns how it came out. What is refused, or gets no answer in
    time, is left to the correlator, which asks again.
    """
    if said.open is None:
        return said
    if not await _taken(services, said.open):
        return said
    async with services.transaction() as session:
        await message_deliveries.taken(session, said.open.id, services.clock())
        return replace(await outcome(session, said.id), open=None)


async def _taken(services: Services, delivery: UnderWay) -> bool:
    try:
        sent = await services.client.send(delivery.id, delivery.instance_id, delivery.event, delivery.actor)
    except Conflict:
        return False
    return not sent.pending


async def figures_now(services: Services) -> Figures:
    async with services.transaction() as session:
        return await figures(session, services.clock())
