"""Extending a limit: from its unrolled old end, as often and as far as the rule allows."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.deadlines.errors import ExtensionRefused
from cases.deadlines.limit import Limit
from cases.deadlines.rule import Rule


@dataclass(frozen=True, slots=True)
class Extension:
    limit: Limit
    reason_zh: str = "经批准"


def check_extensions(rule: Rule, limit: Limit, extensions: Sequence[Extension]) -> None:
    """Raises ExtensionRefused when `extensions` together exceed what `rule` allows for a clock of `limit`."""
    if not extensions:
        return
    terms = rule.extension
    name = f"{rule.title_zh} ({rule.name})"
    if terms is None:
        raise ExtensionRefused(f"{name} cannot be extended: its rule knows no extension.")
    if len(extensions) > terms.times:
        raise ExtensionRefused(f"{name} can be extended {terms.times} time(s); {len(extensions)} were given.")
    for extension in extensions:
        if extension.limit.unit != terms.each.unit or not 0 < extension.limit.amount <= terms.each.amount:
            raise ExtensionRefused(
                f"{name} can be extended by 1 to {terms.each} at a time; {extension.limit} was given."
            )
    total = limit.amount + sum(extension.limit.amount for extension in extensions)
    if terms.total is not None and total > terms.total.amount:
        raise ExtensionRefused(
            f"{name} may last {terms.total} in all; with this extension it would last {total}{limit.unit}."
        )
