"""What one part of a pack may not say against another."""

from collections.abc import Iterator, Set

from cases.deadlines.errors import BadLimit
from cases.policy.chain import Chain
from cases.policy.clock import Clock
from cases.policy.errors import Problem
from cases.policy.pack import PolicyPack, build_rule


def cross_checks(pack: PolicyPack, chain: Chain) -> list[Problem]:
    found = [*_citations(pack), *_clocks(pack), *_ladders(pack), *_names(pack), *_letters(pack)]
    return [Problem(chain.file_of(path), path, expected, remedy) for path, expected, remedy in found]


_Finding = tuple[str, str, str]


def _citations(pack: PolicyPack) -> Iterator[_Finding]:
    keys = ", ".join(pack.documents)
    for parameter in pack.parameters():
        if parameter.source == "law" and parameter.basis.partition("§")[0] not in pack.documents:
            yield parameter.path, f"the basis of law must begin with a key of documents ({keys}).", "Cite one."


def _all_clocks(pack: PolicyPack) -> Iterator[tuple[str, str, Clock]]:
    for name, clock in pack.deadlines.items():
        yield f"deadlines.{name}", name, clock
    for code, channel in pack.channels.items():
        for name, clock in channel.deadlines.items():
            yield f"channels.{code}.deadlines.{name}", name, clock


def _clocks(pack: PolicyPack) -> Iterator[_Finding]:
    for path, name, clock in _all_clocks(pack):
        if name not in pack.deadlines:
            yield path, "a channel may only change a clock that the pack defines.", "Define it under deadlines first."
        if clock.not_after is not None and clock.not_after.value not in (*pack.deadlines, None):
            yield f"{path}.not_after", "it must name a deadline of the pack.", "Correct the name."
        ladder = pack.ladders.get(clock.ladder)
        if ladder is None:
            yield f"{path}.ladder", f"it must name one of: {', '.join(pack.ladders)}.", "Correct the name."
        elif clock.limit.value is not None:
            try:
                build_rule(name, clock, ladder, pack.office_hours.value.opens)
            except BadLimit as error:
                yield f"{path}.settable", str(error), "Correct the limit or the range."


def _ladders(pack: PolicyPack) -> Iterator[_Finding]:
    for name, ladder in pack.ladders.items():
        due = [rung for rung, terms in ladder.rungs.items() if terms.value.offset.amount == 0]
        if due != ["due"]:
            yield (
                f"ladders.{name}.rungs",
                "exactly one rung, named due, must have a zero offset.",
                "Correct the ladder.",
            )


def _names(pack: PolicyPack) -> Iterator[_Finding]:
    types, grounds = pack.scope.party_types.keys(), pack.grounds.keys()
    yield from _unknown("scope.complainants", pack.scope.complainants.value, types, "scope.party_types")
    yield from _unknown("scope.respondents", pack.scope.respondents.value, types, "scope.party_types")
    yield from _unknown("scope.guidance", pack.scope.guidance, types, "scope.party_types")
    for code, refusal in pack.refusals.items():
        yield from _unknown(f"refusals.{code}.ground", (refusal.ground.value,), grounds, "grounds")


def _unknown(path: str, names: object, known: Set[str], where: str) -> Iterator[_Finding]:
    stray = [str(name) for name in names if name not in known] if isinstance(names, (tuple, dict)) else []
    if stray:
        yield path, f"{', '.join(stray)} must be a key of {where}.", "Add it there or correct the name."


def _letters(pack: PolicyPack) -> Iterator[_Finding]:
    for code, letter in pack.letters.items():
        if not letter.steps.value or letter.steps.value[-1] != "issue":
            yield f"letters.{code}.steps", "the last step of a letter must be issue.", "Add it."
