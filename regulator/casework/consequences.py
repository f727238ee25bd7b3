"""Which cases arose from a case: an inspection from a notification, a notice from an inspection. They say
much of what it says, so a restriction goes down with them. Each case app contributes its own step."""

from collections.abc import Callable, Iterable

from regulator.casework.models import Case
from regulator.registry import Registry

CONSEQUENCES: Registry[Callable[[Iterable[int]], Iterable[Case]]] = Registry(
    "step from a case to what arose from it"
)
"""Answers the cases that arose at once from those with these primary keys (one query)."""


def arisen_from(case: Case) -> list[Case]:
    """Every case that arose from ``case``, at once or by steps, the nearest first.

    One query for each contributed step and each level; there are three levels of cases, and one more for each
    follow-up of a follow-up.
    """
    found: dict[int, Case] = {}
    level = [case.pk]
    while level:
        steps = [each for step in CONSEQUENCES.values() for each in step(level)]
        fresh = {each.pk: each for each in steps if each.pk not in found and each.pk != case.pk}
        found |= fresh
        level = list(fresh)
    return list(found.values())
