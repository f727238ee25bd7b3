"""The figures that enforcement contributes: notices served, and the provisions that they name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from enforcement import numbers
from enforcement.models import Notice
from regulator.organisations.models import Modality
from regulator.periods import Period
from regulator.statistics.citations import Cited, citation_tables, cited, gathered
from regulator.statistics.figures import CHECKS, FIGURES, AsPublished, Figure, Plain, Reported, Values
from regulator.statistics.layouts import ALL_MODALITIES, beside_columns, cross_columns, cross_rows, with_total
from regulator.statistics.published import PublishedYear
from regulator.statistics.reading import read_once
from regulator.statistics.tables import Column, Kind, Mark, Table
from regulator.statistics.tally import by_first, sum_differs

_BASIS: Final = (
    "Date of service, whatever became of the notice since; drafts that were never served are left out."
)
_LABELS: Final = {**dict(Modality.choices), **dict(Notice.Type.choices)}
_SOURCE: Final = "Notices held by CQC"


def served_in(period: Period) -> QuerySet[Notice]:
    """The notices that count in ``period``."""
    return Notice.objects.filter(served_on__range=(period.start, period.end)).order_by()


@dataclass(frozen=True, slots=True)
class Served:
    """One notice: its type, its modality and the provisions that it names."""

    type: str
    modality: str
    provisions: Cited


@read_once
def served(period: Period) -> tuple[Served, ...]:
    """Every notice that counts in ``period`` (1 query)."""
    rows = (
        served_in(period)
        .order_by("pk", "breaches__provision__position", "breaches__provision__reference")
        .values_list(
            "pk",
            "type",
            "case__modality",
            "breaches__provision__position",
            "breaches__provision__reference",
        )
    )
    found = gathered(((key, kind, modality), place, law) for key, kind, modality, place, law in rows)
    return tuple(
        Served(kind, modality or "not_stated", provisions)
        for (_, kind, modality), provisions in found.items()
    )


def notices(period: Period) -> Plain:
    """Notices served, by type and by modality (the query of ``served``)."""
    made = served(period)
    of_type = by_first(((each.type, each.modality, 1) for each in made), Notice.Type.values)
    by_modality: dict[str, int] = dict.fromkeys(Modality.values, 0)
    for each in made:
        by_modality[each.modality] = by_modality.get(each.modality, 0) + 1
    improvement = of_type[Notice.Type.IMPROVEMENT]
    return {
        "total": len(made),
        "by_type": {kind: sum(counts.values()) for kind, counts in of_type.items()},
        "by_modality": by_modality,
        "type_by_modality": of_type,
        "improvement_by_modality": {name: improvement.get(name, 0) for name in by_modality},
    }


def published_notices(year: PublishedYear) -> AsPublished:
    """``notices`` as CQC published them: improvement notices only."""
    names = {modality: f"improvement_notices_{modality}" for modality in Modality.values}
    value: Plain = {
        "total": Mark.NOT_AVAILABLE,
        "by_type": {
            kind: year.told("improvement_notices") if kind == Notice.Type.IMPROVEMENT else Mark.NOT_AVAILABLE
            for kind in Notice.Type.values
        },
        "by_modality": dict.fromkeys(names, Mark.NOT_AVAILABLE),
        "improvement_by_modality": {modality: year.told(name) for modality, name in names.items()},
    }
    return AsPublished(value, year.where("improvement_notices", *names.values()))


def notices_by_provision(period: Period) -> Plain:
    """By modality: how many notices name each provision, in the order of the law, and how many
    name the same provisions together (the query of ``served``)."""
    return cited(((each.modality, each.provisions) for each in served(period)), Modality.values)


def _of_notices(reported: Reported) -> tuple[Table, ...]:
    """Notices by type and modality, and improvement notices beside the year before."""
    value = reported.value
    types: Mapping[str, Mapping[str, int]] = value["type_by_modality"]
    modalities = list(value["by_modality"])
    return (
        reported.table(
            "by_type",
            "Notices by type and modality",
            cross_columns(
                Column("type", "Type of notice", Kind.TEXT), modalities, reported.label, ALL_MODALITIES
            ),
            cross_rows(
                ((reported.label(kind), counts) for kind, counts in types.items()), modalities, "All notices"
            ),
        ),
        reported.table(
            "improvement",
            "Improvement notices and the year before",
            beside_columns(reported.period.label, reported.before.label),
            with_total(_improvement(value), _improvement(reported.previous), reported.label, reported.breaks),
        ),
    )


def _improvement(value: Mapping[str, Mapping[str, int]] | None) -> Mapping[str, object]:
    """The improvement notices among the notices, in the shape of a total with its modalities."""
    if value is None:
        return {}
    return {
        "total": value["by_type"][Notice.Type.IMPROVEMENT],
        "by_modality": value["improvement_by_modality"],
    }


def _of_provisions(reported: Reported) -> tuple[Table, ...]:
    return citation_tables(reported, "notices")


def disagreements(values: Values) -> Iterator[str]:
    """Where notices by type or by modality do not add up to their total."""
    held = values["notices"]
    yield from sum_differs("Notices by type", held["total"], held["by_type"].values())
    yield from sum_differs("Notices by modality", held["total"], held["by_modality"].values())
    improvement = held["by_type"][Notice.Type.IMPROVEMENT]
    yield from sum_differs("Improvement notices", improvement, held["improvement_by_modality"].values())


_FIGURES: Final = {
    "notices": Figure(
        title="Enforcement notices",
        meaning="Improvement and prohibition notices served on employers.",
        unit="notices",
        basis=_BASIS,
        compute=notices,
        tables=_of_notices,
        compared=True,
        published=published_notices,
        labels=_LABELS,
        source=_SOURCE,
    ),
    "notices_by_provision": Figure(
        title="Enforcement notices by provision",
        meaning="How many notices name each provision, by modality, and which they name at once.",
        unit="mentions",
        basis=f"{_BASIS} Provisions as in force on the day of the breach.",
        compute=notices_by_provision,
        tables=_of_provisions,
        caveats=("A notice that names several provisions counts under each of them.",),
        labels=_LABELS,
        source=_SOURCE,
    ),
}


def contribute() -> None:
    """Register the figures and their check. Called once, when the application is ready."""
    for name, figure in _FIGURES.items():
        FIGURES.register(name, figure)
    numbers.register()
    CHECKS.register("notices", disagreements)
