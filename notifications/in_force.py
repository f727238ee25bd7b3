"""The criteria as they stand: those that the project ships, and the editions that administrators approved
since."""

from collections.abc import Iterator

from notifications.criteria.editions import succeeded_by
from notifications.criteria.reference import Criteria, Regime, read_regime, shipped
from regulator.editions.holding import all_of, derived
from regulator.editions.kinds import Content

CRITERIA = "criteria"
CAUSES = "causes"
"""The two kinds of edition of this app."""


def criteria_in_force() -> Criteria:
    """What the checker asks, of every date. No query inside a service, one outside; it is put together once
    for each approval of an edition."""
    return derived(CRITERIA, lambda: succeeded_by(shipped(), list(_approved())))


def _approved() -> Iterator[Regime]:
    for held in all_of(CRITERIA):
        yield regime_of(held.content, held.holds_from.isoformat())


def regime_of(content: Content, begins: str) -> Regime:
    """The regime that the content of an edition says, from the day ``begins`` on. ``ValueError`` says what is
    wrong with it."""
    return read_regime({**content, "effective_from": begins, "effective_to": None})
