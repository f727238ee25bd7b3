"""Kinds of incident and of breach that CQC reports on by themselves."""

from typing import Final

from django.db.models import Count, F, Q

from notifications.figures.counts import NOT_HELD, NOT_STATED, apart, is_apart_held, received_in
from notifications.models import Basis, BreachType
from regulator.periods import Period
from regulator.statistics.figures import Figure, Plain, Reported
from regulator.statistics.layouts import COUNT, PERCENT, is_marked, rounded_note, share_rows
from regulator.statistics.tables import Column, Kind, Mark, Row, Table

_WRONG: Final = "wrong_radiopharmaceutical"
_UNDER: Final = "under_dosing"
_LABELS: Final = {
    **dict(BreachType.choices),
    NOT_STATED: "Not stated",
    _WRONG: "A wrong radiopharmaceutical was given",
    _UNDER: "Less activity was given than was prescribed",
}


def radiopharmaceuticals(period: Period) -> Plain:
    """Notifications that a wrong radiopharmaceutical was given, and those of less activity than was
    prescribed (1 query). One notification may be both."""
    given = received_in(period).filter(radionuclide__isnull=False)
    return given.aggregate(
        **{
            _WRONG: Count("pk", filter=Q(radionuclide__wrong_radiopharmaceutical=True)),
            _UNDER: Count(
                "pk",
                filter=Q(
                    radionuclide__activity_administered_mbq__lt=F("radionuclide__activity_prescribed_mbq")
                ),
            ),
        }
    )


def licence_breaches(period: Period) -> Plain:
    """Licence breaches that employers told of, by what was wrong with it (the queries of ``outside``)."""
    if not is_apart_held(period):
        return dict.fromkeys(BreachType.values, Mark.NOT_AVAILABLE)
    counts: dict[str, int] = dict.fromkeys(BreachType.values, 0)
    for basis, kind, number in apart(period):
        if basis == Basis.LICENCE_BREACH:
            counts[kind] = counts.get(kind, 0) + number
    return counts


def _of_radiopharmaceuticals(reported: Reported) -> tuple[Table, ...]:
    rows = [Row((reported.label(kind), number)) for kind, number in reported.value.items()]
    columns = (Column("kind", "What happened", Kind.TEXT), COUNT)
    return (reported.table("", "Radiopharmaceuticals", columns, rows),)


def _of_breaches(reported: Reported) -> tuple[Table, ...]:
    rows = share_rows(reported.value, reported.label, "All licence breaches")
    return (
        reported.table(
            "",
            "Licence breaches by what was wrong",
            (Column("breach_type", "What was wrong", Kind.TEXT), COUNT, PERCENT),
            rows,
            notes=(NOT_HELD,) if is_marked(reported.value) else rounded_note(rows),
        ),
    )


RADIOPHARMACEUTICALS: Final = Figure(
    title="Radiopharmaceuticals",
    meaning="Incidents with a wrong radiopharmaceutical, a category of the criteria since April 2023, and "
    "those with less activity than was prescribed.",
    unit="notifications",
    basis="Date of notification, as for notifications; of these, the ones that tell of an administration.",
    compute=radiopharmaceuticals,
    tables=_of_radiopharmaceuticals,
    caveats=(
        "Less activity than prescribed is known only where both activities are stated. In a year that is "
        "reconstructed from published figures they are drawn, and not CQC's count of under-dosing.",
    ),
    labels=_LABELS,
    source="Notifications held by CQC",
)
LICENCE_BREACHES: Final = Figure(
    title="Licence breaches by what was wrong",
    meaning="Breaches of an employer’s or a practitioner’s licence that employers told CQC of voluntarily.",
    unit="licence breaches",
    basis="Date of receipt, as for notifications. Drafts, and those withdrawn, are left out.",
    compute=licence_breaches,
    tables=_of_breaches,
    caveats=("Telling CQC is voluntary, so that few are told: this is no count of the breaches there were.",),
    labels=_LABELS,
    source="Licence breaches held by CQC",
)
