"""Low reporting as a question: where an employer notified less than services like its own, and what it may
ask itself. It is never a verdict: the same number fits safe work and incidents that nobody saw. No query."""

from collections.abc import Sequence
from typing import Final

from notifications.own_figures.queries import Counts
from regulator import clock
from regulator.organisations.returns import has_ended
from regulator.periods import Period
from regulator.risk.models import YearRate
from regulator.risk.wording import WITHHELD

NONE: Final = "You notified nothing in {year}."
BELOW: Final = (
    "For what you did in {modality}, you notified fewer incidents than similar services: your rate lies "
    "below their range."
)
REACHES: Final = " Chance alone could explain it: the interval of your rate reaches into the range."
TO_ASK: Final = (
    "Are near misses, and incidents that CQC need not be told of, recorded and analysed too? Regulation 8(3) "
    "asks for both, and an empty record there says more than an empty list here.",
    "Who reports? Look whether referrers, practitioners, operators and medical physics experts, each site "
    "and each shift are among them.",
    "Who decides whether an incident is notifiable, by which criteria, and is the decision written down?",
    "Does anybody look for incidents without waiting to be told: dose audits, repeats and rejects, images "
    "checked against requests?",
    "Does whoever reports hear what came of it, and are they safe to report a slip of their own?",
    "Do your activity returns count the same sites and services that would report?",
)


def why_asked(counts: Counts, rates: Sequence[YearRate], year: Period, *, worked: bool) -> list[str]:
    """What there is to ask about in a year that has ended, in words; nothing of one that runs, and nothing
    where no range of similar services can be told and something was notified. ``worked``: whether anything
    is known to have been done in the year (``queries.worked_in``); who did nothing had nothing to notify."""
    if not has_ended(year, clock.today()):
        return []
    if not counts.total and worked:
        return [NONE.format(year=year.label)]
    return [_said(each) for each in rates if _is_below(each)]


def _is_below(each: YearRate) -> bool:
    held = each.has_activity and each.band != WITHHELD and each.band_low is not None
    return held and each.band_low is not None and each.rate < each.band_low


def _said(each: YearRate) -> str:
    said = BELOW.format(modality=each.get_modality_display().lower())
    reaches = each.band_low is not None and each.rate_high >= each.band_low
    return said + REACHES if reaches else said
