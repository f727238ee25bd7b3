"""The figures that inspections contribute: inspections made, and what they recommended and found breached."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q, QuerySet

from inspections import numbers
from inspections.lifecycle import GIVEN_UP
from inspections.models import Finding, Inspection
from regulator.organisations.models import Modality
from regulator.periods import Period
from regulator.statistics.citations import Cited, citation_tables, cited, gathered
from regulator.statistics.figures import CHECKS, FIGURES, AsPublished, Figure, Plain, Reported, Values
from regulator.statistics.layouts import ALL_MODALITIES, MODALITY, beside_columns, with_total
from regulator.statistics.published import PublishedYear
from regulator.statistics.reading import read_once
from regulator.statistics.tables import Column, Row, Table
from regulator.statistics.tally import sum_differs

_NOT_STATED: Final = "not_stated"
_BASIS: Final = "Date of the visit; inspections that were stood down are left out."
_LABELS: Final = dict(Modality.choices)
_TRIGGERS: Final = dict(Inspection.Trigger.choices)
_SOURCE: Final = "Inspections held by CQC"


def made() -> QuerySet[Inspection]:
    """The inspections that count once they were visited: those that were not given up."""
    return Inspection.objects.exclude(case__status__in=GIVEN_UP)


def made_in(period: Period) -> QuerySet[Inspection]:
    """The inspections that count in ``period``: visited in it, and not given up."""
    return made().filter(visited_on__range=(period.start, period.end))


def inspections(period: Period) -> Plain:
    """Inspections by modality and by what they followed, and those of brachytherapy (1 query)."""
    measures = {
        "by_modality": Count("pk"),
        **{trigger: Count("pk", filter=Q(trigger=trigger)) for trigger in Inspection.Trigger.values},
        "brachytherapy": Count("pk", filter=Q(brachytherapy=True)),
    }
    counts: dict[str, dict[str, int]] = {name: dict.fromkeys(Modality.values, 0) for name in measures}
    rows = made_in(period).order_by().values_list("case__modality").annotate(**measures)
    for modality, *found in rows:
        for name, number in zip(measures, found, strict=True):
            counts[name][modality or _NOT_STATED] = number
    return {"total": sum(counts["by_modality"].values()), **counts}


@dataclass(frozen=True, slots=True)
class Found:
    """One finding: its kind, its modality and the provisions that it cites."""

    kind: str
    modality: str
    provisions: Cited


@read_once
def findings(period: Period) -> tuple[Found, ...]:
    """Every recommendation and breach that stands, of the inspections of ``period`` (1 query)."""
    rows = (
        Finding.objects.standing()
        .filter(inspection__in=made_in(period), kind__in=(Finding.Kind.RECOMMENDATION, Finding.Kind.BREACH))
        .order_by("pk", "provisions__position", "provisions__reference")
        .values_list(
            "pk", "kind", "inspection__case__modality", "provisions__position", "provisions__reference"
        )
    )
    found = gathered(((key, kind, modality), place, law) for key, kind, modality, place, law in rows)
    return tuple(
        Found(kind, modality or _NOT_STATED, provisions) for (_, kind, modality), provisions in found.items()
    )


def recommendations(period: Period) -> Plain:
    """Recommendations by modality (the query of ``findings``)."""
    return _by_modality(period, Finding.Kind.RECOMMENDATION)


def breaches(period: Period) -> Plain:
    """Findings of a breach by modality (the query of ``findings``)."""
    return _by_modality(period, Finding.Kind.BREACH)


def _by_modality(period: Period, kind: str) -> Plain:
    counts: dict[str, int] = dict.fromkeys(Modality.values, 0)
    for each in findings(period):
        if each.kind == kind:
            counts[each.modality] = counts.get(each.modality, 0) + 1
    return {"total": sum(counts.values()), "by_modality": counts}


def recommendations_by_provision(period: Period) -> Plain:
    """By modality: how many recommendations mention each provision, in the order of the law, and how many
    cite the same provisions together (the query of ``findings``)."""
    made = [each for each in findings(period) if each.kind == Finding.Kind.RECOMMENDATION]
    return cited(((each.modality, each.provisions) for each in made), Modality.values)


def published_inspections(year: PublishedYear) -> AsPublished:
    """``inspections`` as CQC published them: totals only."""
    return _published(year, "inspections")


def published_recommendations(year: PublishedYear) -> AsPublished:
    """``recommendations`` as CQC published them."""
    return _published(year, "recommendations")


def _published(year: PublishedYear, what: str) -> AsPublished:
    names = {modality: f"{what}_{modality}" for modality in Modality.values}
    value: Plain = {
        "total": year.told(what),
        "by_modality": {modality: year.told(name) for modality, name in names.items()},
    }
    return AsPublished(value, year.where(what, *names.values()))


def _of_inspections(reported: Reported) -> tuple[Table, ...]:
    return (*_beside_the_year_before(reported), _by_trigger(reported))


def _by_trigger(reported: Reported) -> Table:
    value = reported.value
    counted = [*_TRIGGERS, "by_modality", "brachytherapy"]
    rows = [
        Row((reported.label(modality), *(value[kind].get(modality, 0) for kind in counted)))
        for modality in value["by_modality"]
    ]
    sums = (sum(value[kind].values()) for kind in counted)
    return reported.table(
        "by_trigger",
        "Inspections by what they followed",
        (
            MODALITY,
            *(Column(trigger, heading) for trigger, heading in _TRIGGERS.items()),
            Column("count", "All inspections"),
            Column("brachytherapy", "Of these, of brachytherapy"),
        ),
        (*rows, Row((ALL_MODALITIES, *sums), is_total=True)),
        notes=(
            "Each inspection counts under one of these. Planned inspections are proactive; reactive and "
            "focused ones followed an incident or a concern.",
        ),
    )


def _beside_the_year_before(reported: Reported) -> tuple[Table, ...]:
    columns = beside_columns(reported.period.label, reported.before.label)
    rows = with_total(reported.value, reported.previous, reported.label, reported.breaks)
    return (reported.table("by_modality", f"{reported.figure.title} by modality", columns, rows),)


def _of_provisions(reported: Reported) -> tuple[Table, ...]:
    return citation_tables(reported, "recommendations")


def disagreements(values: Values) -> Iterator[str]:
    """Where inspections, recommendations or breaches by modality, or inspections by what they followed, do
    not add up to their totals; and where recommendations as cited do not add up to those of a modality."""
    for name in ("inspections", "recommendations", "breaches"):
        held = values[name]
        yield from sum_differs(name.capitalize(), held["total"], held["by_modality"].values())
    followed = (number for trigger in _TRIGGERS for number in values["inspections"][trigger].values())
    yield from sum_differs("Inspections by what they followed", values["inspections"]["total"], followed)
    for modality, total in values["recommendations"]["by_modality"].items():
        together = values["recommendations_by_provision"]["as_cited"].get(modality, {})
        label = _LABELS.get(modality, modality)
        yield from sum_differs(f"{label} recommendations as cited", total, together.values())


_WITH_ITS_INSPECTION: Final = f"{_BASIS} A recommendation counts with the inspection that it came from."
_FIGURES: Final = {
    "inspections": Figure(
        title="Inspections",
        meaning="Inspections made, by modality, and how many of them followed an incident or a concern.",
        unit="inspections",
        basis=_BASIS,
        compute=inspections,
        tables=_of_inspections,
        compared=True,
        published=published_inspections,
        labels=_LABELS,
        source=_SOURCE,
    ),
    "breaches": Figure(
        title="Findings of non-compliance",
        meaning="Breaches of the regulations that inspections found, by modality.",
        unit="findings",
        basis=f"{_BASIS} A breach counts with the inspection that found it.",
        compute=breaches,
        tables=_beside_the_year_before,
        caveats=("A finding that was corrected or withdrawn after the employer checked it is left out.",),
        compared=True,
        labels=_LABELS,
        source=_SOURCE,
    ),
    "recommendations": Figure(
        title="Recommendations",
        meaning="Recommendations that inspections gave, by modality.",
        unit="recommendations",
        basis=_WITH_ITS_INSPECTION,
        compute=recommendations,
        tables=_beside_the_year_before,
        compared=True,
        published=published_recommendations,
        labels=_LABELS,
        source=_SOURCE,
    ),
    "recommendations_by_provision": Figure(
        title="Recommendations by provision",
        meaning="How many recommendations mention each provision, by modality, and which they cite together.",
        unit="mentions",
        basis=f"{_BASIS} Provisions as in force on the day of the visit.",
        compute=recommendations_by_provision,
        tables=_of_provisions,
        caveats=("A recommendation that mentions several provisions counts under each of them.",),
        labels=_LABELS,
        source=_SOURCE,
    ),
}


def contribute() -> None:
    """Register the figures and their check. Called once, when the application is ready."""
    for name, figure in _FIGURES.items():
        FIGURES.register(name, figure)
    numbers.register()
    CHECKS.register("inspections", disagreements)
