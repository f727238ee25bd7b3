"""The criteria as they stand: those that the project ships, and the editions that administrators approved
since."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from notifications.criteria.editions import succeeded_by
from notifications.criteria.reference import Criteria, Limit, Regime, read_regime, shipped
from regulator import clock
from regulator.deadlines.rules import rule_on
from regulator.editions.holding import all_of, derived, one_look
from regulator.editions.kinds import Content

CRITERIA: Final = "criteria"
CAUSES: Final = "causes"
"""The two kinds of edition of this app."""
_CLOCKS: Final = {"notification": "notify", "report": "report"}
"""By the key of a limit in the file: the clock that runs for so long, of which there may be editions."""


def criteria_in_force() -> Criteria:
    """What the checker asks, of every date, with the limits of today. No query inside a service, one outside;
    the regimes are put together once for each approval of an edition."""
    with one_look():
        criteria = derived(CRITERIA, lambda: succeeded_by(shipped(), list(_approved())))
        return replace(criteria, limits=tuple(map(_today, criteria.limits)))


def _approved() -> Iterator[Regime]:
    for held in all_of(CRITERIA):
        yield regime_of(held.content, held.holds_from.isoformat())


def _today(limit: Limit) -> Limit:
    rule = rule_on(_CLOCKS[limit.key], clock.today())
    if not rule.edition:
        return limit
    counted_in = rule.counting.value.replace(" ", "_")
    return replace(limit, days=rule.days, counted_in=counted_in, source=rule.source)


def regime_of(content: Content, begins: str) -> Regime:
    """The regime that the content of an edition says, from the day ``begins`` on. ``ValueError`` says what is
    wrong with it."""
    return read_regime({**content, "effective_from": begins, "effective_to": None})
