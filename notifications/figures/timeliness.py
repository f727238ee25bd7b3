"""What came in time: notifications within their limit from discovery, investigation reports within theirs."""

from collections.abc import Mapping
from typing import Final

from django.db.models import Count, F, Q

from notifications.counting import NOT_COUNTED
from notifications.figures.layouts import LABELS
from notifications.models import Basis
from regulator.deadlines.models import Deadline
from regulator.organisations.models import Modality
from regulator.periods import Period
from regulator.statistics.figures import Figure, Plain, Reported, moments
from regulator.statistics.layouts import ALL_MODALITIES, MODALITY
from regulator.statistics.tables import Column, Kind, Row, Table
from regulator.statistics.tally import percent_of

_KINDS: Final = {"notify": "notifications", "report": "reports"}
"""The deadlines that are counted, and what each is of."""
_STATES: Final = ("in_time", "late", "not_in")


def timeliness(period: Period) -> Plain:
    """Of the notifications received in ``period``: how many came in time and how many late, and the same of
    their reports with those that are not in, each by modality (1 query)."""
    first, after = moments(period)
    clocks = Deadline.objects.filter(
        kind__in=_KINDS,
        ended_at=None,
        case__opened_at__gte=first,
        case__opened_at__lt=after,
        case__reference__isnull=False,
        case__notification__basis=Basis.STATUTORY,
    ).exclude(case__status__in=NOT_COUNTED)
    rows = (
        clocks.order_by()
        .values_list("kind", "case__modality")
        .annotate(
            in_time=Count("pk", filter=Q(met_on__lte=F("due_on"))),
            late=Count("pk", filter=Q(met_on__gt=F("due_on"))),
            not_in=Count("pk", filter=Q(met_on=None)),
        )
    )
    counts: dict[str, dict[str, dict[str, int]]] = {
        name: {modality: dict.fromkeys(_STATES, 0) for modality in Modality.values}
        for name in _KINDS.values()
    }
    for kind, modality, *numbers in rows:
        counts[_KINDS[kind]][modality or "not_stated"] = dict(zip(_STATES, numbers, strict=True))
    return counts


def _tables(reported: Reported) -> tuple[Table, ...]:
    notified, reports = (reported.value[name] for name in _KINDS.values())
    return (
        reported.table(
            "notified",
            "Notified within the time limit",
            (
                MODALITY,
                Column("in_time", "Within the time limit"),
                Column("late", "Later"),
                Column("percent", "Share in time", Kind.PERCENT),
            ),
            _rows(reported, notified, ("in_time", "late")),
        ),
        reported.table(
            "reports",
            "Investigation reports within the time limit",
            (
                MODALITY,
                Column("in_time", "In time"),
                Column("late", "Late"),
                Column("not_in", "Not in yet"),
                Column("percent", "Share in time", Kind.PERCENT),
            ),
            _rows(reported, reports, _STATES),
            notes=("An extension that CQC granted moves the day. The share is of the reports that are in.",),
            unit="reports",
        ),
    )


def _rows(
    reported: Reported, counts: Mapping[str, Mapping[str, int]], states: tuple[str, ...]
) -> tuple[Row, ...]:
    sums = {state: sum(each[state] for each in counts.values()) for state in _STATES}
    return (
        *(_row(reported.label(modality), each, states) for modality, each in counts.items()),
        _row(ALL_MODALITIES, sums, states, is_total=True),
    )


def _row(label: str, counts: Mapping[str, int], states: tuple[str, ...], *, is_total: bool = False) -> Row:
    share = percent_of(counts["in_time"], counts["in_time"] + counts["late"])
    return Row((label, *(counts[state] for state in states), share), is_total=is_total)


TIMELINESS: Final = Figure(
    title="What came in time",
    meaning="How many notifications CQC received within the time limit from their discovery, and how many of "
    "their investigation reports within theirs.",
    unit="notifications",
    basis="Date of notification, for reports as well: those on the notifications of the period, whenever "
    "they come. Statutory notifications only; those withdrawn or found not notifiable are left out.",
    compute=timeliness,
    tables=_tables,
    caveats=(
        "Each is held against the time limit of its own clock, which may differ from one year to another.",
        "As the clocks stand when this is printed: reports go on coming in after the end of the period.",
    ),
    labels=LABELS,
    source="Notifications held by CQC",
)
