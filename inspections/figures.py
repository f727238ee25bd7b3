"""The figures that inspections contribute: inspections made, and recommendations given."""

from collections.abc import Iterator

from django.db.models import Count, Q, QuerySet

from inspections.lifecycle import GIVEN_UP
from inspections.models import Finding, Inspection
from regulator.organisations.models import Modality
from regulator.periods import Period
from regulator.statistics.figures import CHECKS, FIGURES, Figure, Plain, Values
from regulator.statistics.tally import by_first, sum_differs

_BASIS = "Date of the visit; inspections that were stood down are left out."
_LABELS = dict(Modality.choices)


def made() -> QuerySet[Inspection]:
    """The inspections that count once they were visited: those that were not given up."""
    return Inspection.objects.exclude(case__status__in=GIVEN_UP)


def made_in(period: Period) -> QuerySet[Inspection]:
    """The inspections that count in ``period``: visited in it, and not given up."""
    return made().filter(visited_on__range=(period.start, period.end))


def inspections(period: Period) -> Plain:
    """Inspections by modality, with those that were not planned, and those of brachytherapy (1 query)."""
    measures = {
        "by_modality": Count("pk"),
        "reactive": Count("pk", filter=Q(trigger=Inspection.Trigger.REACTIVE)),
        "focused": Count("pk", filter=Q(trigger=Inspection.Trigger.FOCUSED)),
        "themed": Count("pk", filter=Q(trigger=Inspection.Trigger.THEMED)),
        "follow_up": Count("pk", filter=Q(trigger=Inspection.Trigger.FOLLOW_UP)),
        "brachytherapy": Count("pk", filter=Q(brachytherapy=True)),
    }
    counts: dict[str, dict[str, int]] = {name: dict.fromkeys(Modality.values, 0) for name in measures}
    rows = made_in(period).order_by().values_list("case__modality").annotate(**measures)
    for modality, *numbers in rows:
        for name, number in zip(measures, numbers, strict=True):
            counts[name][modality or "not_stated"] = number
    return {"total": sum(counts["by_modality"].values()), **counts}


def recommendations(period: Period) -> Plain:
    """Recommendations by modality (1 query)."""
    rows = _given(period).values_list("inspection__case__modality").annotate(number=Count("pk"))
    counts: dict[str, int] = dict.fromkeys(Modality.values, 0)
    counts.update({modality or "not_stated": number for modality, number in rows})
    return {"total": sum(counts.values()), "by_modality": counts}


def recommendations_by_provision(period: Period) -> Plain:
    """How often recommendations mention each provision, by modality, in the order of the law (1 query)."""
    mentions = (
        _given(period)
        .filter(provisions__isnull=False)
        .values_list("inspection__case__modality", "provisions__reference", "provisions__position")
        .annotate(number=Count("pk", distinct=True))
        .order_by("provisions__position", "provisions__reference", "inspection__case__modality")
    )
    rows = [(modality or "not_stated", reference, number) for modality, reference, _, number in mentions]
    return {"by_modality": by_first(rows, Modality.values)}


def _given(period: Period) -> QuerySet[Finding]:
    standing = Finding.objects.standing().order_by()
    return standing.filter(inspection__in=made_in(period), kind=Finding.Kind.RECOMMENDATION)


def disagreements(values: Values) -> Iterator[str]:
    """Where inspections or recommendations by modality do not add up to their totals."""
    for name in ("inspections", "recommendations"):
        held = values[name]
        yield from sum_differs(name.capitalize(), held["total"], held["by_modality"].values())


def contribute() -> None:
    """Register the figures and their check. Called once, when the application is ready."""
    FIGURES.register(
        "inspections",
        Figure(
            title="Inspections",
            meaning="Inspections made, by modality, and how many of them followed an incident or a concern.",
            unit="inspections",
            basis=_BASIS,
            compute=inspections,
            compared=True,
            labels=_LABELS,
        ),
    )
    FIGURES.register(
        "recommendations",
        Figure(
            title="Recommendations",
            meaning="Recommendations that inspections gave, by modality.",
            unit="recommendations",
            basis=f"{_BASIS} A recommendation counts with the inspection that it came from.",
            compute=recommendations,
            compared=True,
            labels=_LABELS,
        ),
    )
    FIGURES.register(
        "recommendations_by_provision",
        Figure(
            title="Recommendations by provision",
            meaning="How many recommendations mention each provision, by modality.",
            unit="mentions",
            basis=f"{_BASIS} Provisions as in force on the day of the visit.",
            caveats=("A recommendation that mentions several provisions counts under each of them.",),
            compute=recommendations_by_provision,
            labels=_LABELS,
        ),
    )
    CHECKS.register("inspections", disagreements)
