"""Notifications for the activity there was: rates with exact intervals, and who did much and told nothing."""

import math
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count

from notifications.figures.counts import notifications, published_notifications, received_in
from notifications.figures.layouts import LABELS
from regulator.organisations.models import Modality
from regulator.periods import Period
from regulator.statistics import activity
from regulator.statistics.changes import change, statement
from regulator.statistics.figures import AsPublished, Figure, Plain, Reported
from regulator.statistics.intervals import rate
from regulator.statistics.layouts import MODALITY
from regulator.statistics.published import PublishedYear
from regulator.statistics.series import Concerns
from regulator.statistics.suppression import RULE
from regulator.statistics.tables import Cell, Column, Kind, Mark, Row, Table

_PER: Final[Mapping[str, tuple[int, str]]] = {
    Modality.DIAGNOSTIC_IMAGING: (100_000, "100,000 examinations"),
    Modality.RADIOTHERAPY: (1_000, "1,000 treatment episodes"),
    Modality.NUCLEAR_MEDICINE: (100_000, "100,000 examinations"),
}
_PLACES: Final = 2
_FEW: Final = (
    f"{Mark.CONFIDENTIAL} stands for fewer than {RULE.least} employers, or for all above the bound: by the "
    f"activity that is published they could be named. Where fewer than {RULE.least} stand above it, any "
    "number of them is kept back, 0 too."
)
EXPECTED: Final = 3
"""An employer that reported as the others did would have this many notifications or more: to report none
would then be a chance of 5% or less (exp(-3))."""
_BASIS: Final = "Notifications by date of notification; activity as returned, by days of the period."


def rates(period: Period) -> Plain:
    """By modality the notifications and the activity that they are set against (the queries of ``groups`` and
    of the activity)."""
    counts: Any = notifications(period)
    done: Any = activity.compute(period)
    return {
        name: {"notifications": counts["by_modality"][name], "activity": done["by_modality"][name]}
        for name in Modality.values
    }


def _any_notification(value: Mapping[str, Any]) -> bool:
    """Activity alone does not make a year whose cases are held."""
    return any(each["notifications"] for each in value.values())


def published_rates(year: PublishedYear) -> AsPublished:
    """``rates`` as far as CQC published both: the activity of radiotherapy."""
    told = published_notifications(year)
    counts: Any = told.value
    episodes = year.told("radiotherapy_episodes")
    value: Plain = {
        name: {
            "notifications": counts["by_modality"][name],
            "activity": episodes if name == Modality.RADIOTHERAPY else Mark.NOT_AVAILABLE,
        }
        for name in Modality.values
    }
    sources = dict.fromkeys((*told.sources, *year.where("radiotherapy_episodes")))
    return AsPublished(value, tuple(sources))


def _of_rates(reported: Reported) -> tuple[Table, ...]:
    rows = [Row(_rate_cells(reported, name, held)) for name, held in reported.value.items()]
    columns = (
        MODALITY,
        Column("notifications", "Notifications"),
        Column("activity", "Activity"),
        Column("per", "For each", Kind.TEXT),
        Column("rate", "Rate", Kind.RATE),
        Column("rate_lower", "95% interval from", Kind.RATE),
        Column("rate_upper", "to", Kind.RATE),
        Column("previous", f"Rate in {reported.before.label}", Kind.RATE),
    )
    return (
        reported.table("", "Notifications for the activity there was", columns, rows, notes=_said(reported)),
    )


def rate_cells(modality: str, held: Mapping[str, Any]) -> tuple[Cell, Cell, Cell]:
    """The rate of a modality with its limits, to the places that are printed."""
    found = rate(held["notifications"], held["activity"], _PER[modality][0])
    if found is None:
        return (Mark.NOT_AVAILABLE, Mark.NOT_AVAILABLE, Mark.NOT_AVAILABLE)
    shown = found.rounded(_PLACES)
    return (shown.value, shown.lower, shown.upper)


def _rate_cells(reported: Reported, modality: str, held: Mapping[str, Any]) -> tuple[Cell, ...]:
    per, words = _PER[modality]
    before = (reported.previous or {}).get(modality, {})
    limits = rate_cells(modality, held)
    counts = (held["notifications"], held["activity"])
    return (reported.label(modality), *counts, words, *limits, _previous_rate(before, per))


def _previous_rate(before: Mapping[str, Any], per: int) -> Cell:
    count, done = before.get("notifications"), before.get("activity")
    if not isinstance(count, int) or not isinstance(done, int) or not done:
        return Mark.NOT_AVAILABLE
    return (Decimal(count) * per / done).quantize(Decimal(1).scaleb(-_PLACES))


def _said(reported: Reported) -> tuple[str, ...]:
    """For each modality whose activity is known both years, what the change says."""
    told = []
    for name, held in reported.value.items() if not reported.breaks else ():
        before = (reported.previous or {}).get(name, {})
        if all(isinstance(each, int) and each for each in (before.get("activity"), held["activity"])):
            found = change(
                before["notifications"],
                held["notifications"],
                exposures=(before["activity"], held["activity"]),
            )
            told.append(f"{reported.label(name)}: {statement(found)}")
    return tuple(told)


def no_reporting(period: Period) -> Plain:
    """By modality: the employers that returned activity, those of them whose activity would give ``EXPECTED``
    notifications at the rate of all, and how many of these reported nothing (1 query, and the activity's)."""
    counts = _by_employer(period)
    done: dict[str, dict[int, Decimal]] = {name: {} for name in Modality.values}
    for each in activity.done(period):
        held = done[each.modality]
        held[each.employer] = held.get(each.employer, Decimal(0)) + each.quantity
    return {name: _silent(name, quantities, counts) for name, quantities in done.items()}


def _by_employer(period: Period) -> Counter[tuple[int, str]]:
    rows = received_in(period).values_list("case__employer_id", "case__modality")
    return Counter({(who, name): number for who, name, number in rows.annotate(number=Count("pk"))})


def _silent(
    modality: str, quantities: Mapping[int, Decimal], counts: Counter[tuple[int, str]]
) -> dict[str, int | str]:
    """Of one modality. Without a notification among those that returned there is no rate, and no bound."""
    active = {who: quantity for who, quantity in quantities.items() if quantity}
    reported = sum(counts[who, modality] for who in active)
    if not reported:
        unknown = Mark.NOT_APPLICABLE
        return {"active": len(active), "bound": unknown, "above": unknown, "none": unknown}
    bound = math.ceil(EXPECTED * sum(active.values()) / reported)
    above = [who for who, quantity in active.items() if quantity >= bound]
    none = sum(1 for who in above if not counts[who, modality])
    return {"active": len(active), "bound": bound, "above": len(above), "none": none}


def silent_cell(held: Mapping[str, int | str]) -> Cell:
    """How many employers above the bound notified nothing; kept back where they are so few, or all there
    are, that whoever knows the published activity could name them. Of so few above the bound nought is kept
    back too: the mark could else stand for one number alone."""
    none, above = held["none"], held["above"]
    if not isinstance(none, int) or not isinstance(above, int):
        return Mark(str(none))
    could_be_named = 0 < none < RULE.least or 0 < none == above or 0 < above < RULE.least
    return Mark.CONFIDENTIAL if could_be_named else none


def _of_no_reporting(reported: Reported) -> tuple[Table, ...]:
    rows = [
        Row((reported.label(name), *(held[key] for key in ("active", "bound", "above")), silent_cell(held)))
        for name, held in reported.value.items()
    ]
    columns = (
        MODALITY,
        Column("active", "Employers with activity"),
        Column("bound", "Bound of activity"),
        Column("above", "Employers above the bound"),
        Column("none", "Of these, without a notification"),
    )
    kept_back = any(row.cells[-1] is Mark.CONFIDENTIAL for row in rows)
    notes = (_FEW,) if kept_back else ()
    return (reported.table("", "Much activity and no notification", columns, rows, notes=notes),)


RATES: Final = Figure(
    title="Rates of notification",
    meaning="Notifications for each 100,000 examinations or 1,000 treatment episodes, with the interval in "
    "which the rate lies with 95% confidence.",
    unit="notifications for each so many",
    basis=_BASIS,
    compute=rates,
    tables=_of_rates,
    caveats=(
        "The interval is of chance alone. That activity is missing, late or assumed is not in it; the "
        "activity of nuclear medicine in a reconstructed year is an assumption.",
        "A higher rate is no worse care: who reports more may be who looks more closely.",
    ),
    compared=True,
    published=published_rates,
    held=_any_notification,
    concerns=Concerns.NOTIFICATIONS,
    labels=LABELS,
    source="Notifications and activity returns held by CQC",
)
NO_REPORTING: Final = Figure(
    title="Much activity and no notification",
    meaning="Employers that do much and notified nothing in a modality: a reason to ask, and no verdict.",
    unit="employers",
    basis=f"{_BASIS} An employer stands above the bound if its activity would give {EXPECTED} notifications "
    "at the rate of all employers that returned activity: to have none is then a chance of 5% or less.",
    compute=no_reporting,
    tables=_of_no_reporting,
    caveats=("An employer that returned no activity cannot be seen here.",),
    labels=LABELS,
    source="Notifications and activity returns held by CQC",
)
