"""The figures that enforcement contributes: notices served, and the provisions that they name."""

from collections.abc import Iterator

from django.db.models import Count, QuerySet

from enforcement.models import Notice, NoticeProvision
from regulator.organisations.models import Modality
from regulator.periods import Period
from regulator.statistics.figures import CHECKS, FIGURES, Figure, Plain, Values
from regulator.statistics.tally import by_first, sum_differs

_BASIS = "Date of service, whatever became of the notice since; drafts that were never served are left out."
_LABELS = {**dict(Modality.choices), **dict(Notice.Type.choices)}


def served_in(period: Period) -> QuerySet[Notice]:
    """The notices that count in ``period``."""
    return Notice.objects.filter(served_on__range=(period.start, period.end)).order_by()


def notices(period: Period) -> Plain:
    """Notices served, by type and by modality (1 query)."""
    rows = list(served_in(period).values_list("type", "case__modality").annotate(number=Count("pk")))
    by_type: dict[str, int] = dict.fromkeys(Notice.Type.values, 0)
    for kind, _, number in rows:
        by_type[kind] += number
    each = by_first(
        ((kind, modality or "not_stated", number) for kind, modality, number in rows), Notice.Type.values
    )
    of_modality: dict[str, int] = dict.fromkeys(Modality.values, 0)
    for counts in each.values():
        for modality, number in counts.items():
            of_modality[modality] = of_modality.get(modality, 0) + number
    return {
        "total": sum(by_type.values()),
        "by_type": by_type,
        "by_modality": of_modality,
        "improvement_by_modality": {name: each[Notice.Type.IMPROVEMENT].get(name, 0) for name in of_modality},
    }


def notices_by_provision(period: Period) -> Plain:
    """How many notices name each provision as breached, by modality, in the order of the law (1 query)."""
    mentions = (
        NoticeProvision.objects.filter(notice__in=served_in(period))
        .values_list("notice__case__modality", "provision__reference", "provision__position")
        .annotate(number=Count("notice", distinct=True))
        .order_by("provision__position", "provision__reference", "notice__case__modality")
    )
    rows = [(modality or "not_stated", reference, number) for modality, reference, _, number in mentions]
    return {"by_modality": by_first(rows, Modality.values)}


def disagreements(values: Values) -> Iterator[str]:
    """Where notices by type or by modality do not add up to their total."""
    held = values["notices"]
    yield from sum_differs("Notices by type", held["total"], held["by_type"].values())
    yield from sum_differs("Notices by modality", held["total"], held["by_modality"].values())
    improvement = held["by_type"][Notice.Type.IMPROVEMENT]
    yield from sum_differs("Improvement notices", improvement, held["improvement_by_modality"].values())


def contribute() -> None:
    """Register the figures and their check. Called once, when the application is ready."""
    FIGURES.register(
        "notices",
        Figure(
            title="Enforcement notices",
            meaning="Improvement and prohibition notices served on employers.",
            unit="notices",
            basis=_BASIS,
            compute=notices,
            compared=True,
            labels=_LABELS,
        ),
    )
    FIGURES.register(
        "notices_by_provision",
        Figure(
            title="Enforcement notices by provision",
            meaning="How many notices name each provision as breached, by modality.",
            unit="mentions",
            basis=f"{_BASIS} Provisions as in force on the day of the breach.",
            caveats=("A notice that names several provisions counts under each of them.",),
            compute=notices_by_provision,
            labels=_LABELS,
        ),
    )
    CHECKS.register("notices", disagreements)
