"""The employer's own page of its reporting rate: what it notified for what it did, and where its peers lie.

It shows the employer's own figures, a band that names nobody, and the own point in a funnel of chance alone.
Nothing of a score, of its reasons or of the funnel that staff read is read here, so that none of it can be
shown (docs/decisions/0025).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regulator.accounts.policies import declare, needs, signed_in
from regulator.organisations import queries
from regulator.organisations.activity import returns_of
from regulator.organisations.house import pages_for
from regulator.organisations.models import ActivityReturn
from regulator.organisations.policies import may
from regulator.periods import Period
from regulator.risk.drawing import Bar, bar
from regulator.risk.models import YearRate
from regulator.risk.own_funnel import INNER, OwnFunnel, limits, own_funnel
from regulator.risk.queries import rates_of
from regulator.risk.wording import NINE_IN_TEN, WITHHELD, figure

SEE: Final = "organisations.see_activity"
KEEP: Final = "organisations.keep_activity"


@dataclass(frozen=True, slots=True)
class OwnRate:
    """One modality in one year, in words; ``bar`` is ``None`` where no rate can be told, and ``funnel`` too
    where that of similar services cannot."""

    label: str
    notified: int
    lead: str
    sentences: tuple[str, ...]
    bar: Bar | None
    alternative: str
    is_missing: bool
    funnel: OwnFunnel | None = None
    funnel_told: str = ""
    units: str = ""


@dataclass(frozen=True, slots=True)
class OwnYear:
    """A reporting year, with each modality."""

    year: Period
    rates: tuple[OwnRate, ...]


@declare(needs(SEE))
@require_safe
def own_rate(request: HttpRequest, key: str) -> HttpResponse:
    """The employer's rates in the last reporting years that have ended: 4 queries at any size."""
    user = signed_in(request)
    employer = queries.own_employer(key, user, permission=SEE)
    rates = rates_of(employer)
    context = {
        "employer": employer,
        "years": _years(rates, list(returns_of(employer)) if rates else ()),
        "run": rates[0].run if rates else None,
        "keeps": may(user, KEEP, employer=employer),
        "house": pages_for(employer, user),
    }
    return render(request, "organisations/rate.html", context)


def told(each: YearRate, returns: Iterable[ActivityReturn] = ()) -> OwnRate:
    """One rate in words. ``returns`` are those that stand now, later perhaps than the figures (no query)."""
    label = each.get_modality_display()
    if not each.has_activity:
        since = any(_covers(held, each) for held in returns)
        lead, is_missing = _notified(each.observed, label, each.year), not since and not each.covered_days
        return OwnRate(label, each.observed, lead, (_unknown(each, since),), None, "", is_missing)
    band = None
    if each.band != WITHHELD and each.band_low is not None and each.band_high is not None:
        band = (each.band_low, each.band_high)
    drawn = bar(each.rate, each.rate_low, each.rate_high, band)
    chance = by_chance(each)
    return OwnRate(
        label=label,
        notified=each.counted,
        lead=f"Your rate was {figure(each.rate)} per {each.units}.",
        sentences=(_peers(each), *_interval(each), *_cover(each)),
        bar=drawn,
        alternative=_alternative(each),
        is_missing=False,
        funnel=_funnel(each) if chance else None,
        funnel_told=_together(each, *chance) if chance else "",
        units=each.units,
    )


def by_chance(each: YearRate) -> tuple[Decimal, Decimal] | None:
    """Within which rates 95 of 100 services that do as much would lie if they differed by chance alone from
    what similar services notified, taken together; ``None`` where that would give one of them away, or where
    they notified nothing."""
    if each.band == WITHHELD or not each.expected:
        return None
    low, high = limits(float(each.peers_rate), float(each.expected), INNER)
    return Decimal(low), Decimal(high)


def _funnel(each: YearRate) -> OwnFunnel:
    return own_funnel(
        activity=float(each.activity),
        rate=float(each.rate),
        together=float(each.peers_rate),
        expected=float(each.expected),
    )


def _together(each: YearRate, low: Decimal, high: Decimal) -> str:
    return (
        f"Taken together, similar services notified {figure(each.peers_rate)} per {each.units}. Of services "
        f"that do as much as you, chance alone would put 95 of 100 between {figure(low)} and {figure(high)}. "
        "Services also differ for other reasons: a place outside is a reason to ask why, on either side."
    )


def _years(rates: Iterable[YearRate], returns: Iterable[ActivityReturn]) -> list[OwnYear]:
    found: dict[Period, list[OwnRate]] = {}
    for each in rates:
        found.setdefault(each.year, []).append(told(each, returns))
    return [OwnYear(year, tuple(held)) for year, held in found.items()]


def _covers(held: ActivityReturn, each: YearRate) -> bool:
    year = each.year
    touches = held.period_start <= year.end and held.period_end >= year.start
    return held.modality == each.modality and touches and held.quantity > 0


def _notified(number: int, label: str, year: Period) -> str:
    what = {0: "no incident", 1: "1 incident"}.get(number, f"{number} incidents")
    return f"You notified {what} of {label.lower()} discovered in {year.label}. No rate can be told."


def _unknown(each: YearRate, since: bool) -> str:
    if since:
        return "CQC has received activity for it since. It counts from the next night on."
    if each.covered_days:
        return "What was returned for this year says that none was carried out, so there is no rate."
    return "A rate needs to know how much you did, and no activity is on record for this year."


def _peers(each: YearRate) -> str:
    if each.band == WITHHELD or each.band_low is None or each.band_high is None:
        return (
            "Too few similar services returned their activity to compare yours with them: a range would give "
            "one of them away."
        )
    share = "Nine in ten" if each.band == NINE_IN_TEN else "The middle half of"
    services = f"{share} similar services ({each.peers_in_words}, {each.peers} besides yours)"
    return f"{services} were between {figure(each.band_low)} and {figure(each.band_high)}."


def _interval(each: YearRate) -> tuple[str, ...]:
    what = {0: "no incident", 1: "1 incident"}.get(each.counted, f"{each.counted} incidents")
    limits = f"{figure(each.rate_low)} and {figure(each.rate_high)}"
    return (
        f"It rests on {what} and {each.activity.quantize(1):,} {_done(each)}. Chance alone could have made "
        f"it anything between {limits} (95% interval).",
    )


def _cover(each: YearRate) -> tuple[str, ...]:
    days = each.year.end.toordinal() - each.year.start.toordinal() + 1
    if each.covered_days >= days:
        return ()
    left_out = each.observed - each.counted
    also = f" {left_out} notified of other days are left out." if left_out else ""
    return (f"Returns cover {each.covered_days} of the {days} days of the year, and only these count.{also}",)


def _done(each: YearRate) -> str:
    return each.units.split(" ", 1)[1]


def _alternative(each: YearRate) -> str:
    limits = f"95% interval {figure(each.rate_low)} to {figure(each.rate_high)}"
    own = f"Your rate {figure(each.rate)}, {limits}"
    if each.band == WITHHELD or each.band_low is None or each.band_high is None:
        return f"{own}."
    return f"{own}; similar services {figure(each.band_low)} to {figure(each.band_high)}."
