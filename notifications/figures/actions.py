"""What is done about it: corrective actions by how firmly they hold, and the reports that rest on them."""

from collections.abc import Mapping
from typing import Final

from django.db.models import Count, F, Q, Sum

from notifications.counting import counted
from notifications.figures.counts import NOT_HELD
from notifications.models import Strength
from notifications.models.actions import WEAK
from regulator.casework.models import Case
from regulator.periods import Period
from regulator.statistics.figures import Figure, Plain, Reported, moments
from regulator.statistics.layouts import COUNT, PERCENT, is_marked, rounded_note, share_rows
from regulator.statistics.tables import Cell, Column, Kind, Mark, Row, Table
from regulator.statistics.tally import with_percent


def corrective_actions(period: Period) -> Plain:
    """The actions on the reports filed in ``period`` by strength, the strongest first, and these reports by
    the strongest that each has, with their shares (1 query, 1 row; where none was filed, 1 more).

    Reports of a reconstructed year are left out: what was done was not published. Where there are only such,
    nothing is held, and marks stand for the numbers."""
    first, after = moments(period)
    filed = counted().filter(report__filed_at__gte=first, report__filed_at__lt=after)
    reconstructed = filed.filter(case__origin=Case.Origin.PUBLISHED_YEAR)
    each_report = (
        filed.exclude(case__origin=Case.Origin.PUBLISHED_YEAR)
        .values("pk")
        .annotate(
            **{strength: _standing(actions__strength=strength) for strength in Strength.values},
            any_action=_standing(),
            weak_ones=_standing(actions__strength__in=WEAK),
        )
    )
    counts = each_report.aggregate(
        **{f"all_{strength}": Sum(strength, default=0) for strength in Strength.values},
        actions=Sum("any_action", default=0),
        reports=Count("pk"),
        stronger=Count("pk", filter=Q(any_action__gt=F("weak_ones"))),
        none=Count("pk", filter=Q(any_action=0)),
    )
    if not counts["reports"] and reconstructed.exists():
        return _nothing_held()
    stronger, none, reports = counts["stronger"], counts["none"], counts["reports"]
    return {
        "actions": counts["actions"],
        "by_strength": with_percent({strength: counts[f"all_{strength}"] for strength in Strength.values}),
        "reports": reports,
        "by_strongest": with_percent(
            {"stronger": stronger, "only_weak": reports - stronger - none, "none": none}
        ),
    }


def _nothing_held() -> Plain:
    unknown = Mark.NOT_AVAILABLE
    return {
        "actions": unknown,
        "by_strength": {strength: {"count": unknown, "percent": unknown} for strength in Strength.values},
        "reports": unknown,
        "by_strongest": {
            key: {"count": unknown, "percent": unknown} for key in ("stronger", "only_weak", "none")
        },
    }


def _standing(**of: object) -> Count:
    """How many actions of a report stand, of these."""
    return Count("actions", filter=Q(actions__cancelled_at__isnull=True, **of))


def _tables(reported: Reported) -> tuple[Table, ...]:
    value = reported.value
    strengths = {key: row["count"] for key, row in value["by_strength"].items()}
    strongest = {key: row["count"] for key, row in value["by_strongest"].items()}
    by_strength = share_rows(strengths, reported.label, "All actions")
    by_strongest = share_rows(strongest, reported.label, "All reports filed")
    return (
        reported.table(
            "by_strength",
            "Corrective actions by strength",
            (Column("strength", "Strength", Kind.TEXT), COUNT, PERCENT),
            by_strength,
            notes=_notes(strengths, by_strength),
        ),
        reported.table(
            "by_strongest",
            "Reports by their strongest action",
            (Column("strongest", "Strongest action", Kind.TEXT), COUNT, PERCENT),
            by_strongest,
            notes=_notes(strongest, by_strongest),
            unit="reports",
        ),
    )


def _notes(counts: Mapping[str, Cell], rows: tuple[Row, ...]) -> tuple[str, ...]:
    return (NOT_HELD,) if is_marked(counts) else rounded_note(rows)


CORRECTIVE_ACTIONS: Final = Figure(
    title="Corrective actions by strength",
    meaning="What employers plan or did so that it does not happen again, by how firmly it holds "
    "without anybody’s having to remember it; and how many reports rest on training or reminders.",
    unit="actions",
    basis=(
        "Date of filing: the day (Europe/London) on which the investigation report was filed, whenever the "
        "incident was notified. Reports on statutory notifications only; those withdrawn or found not "
        "notifiable are left out, and so are actions that were cancelled."
    ),
    compute=corrective_actions,
    tables=_tables,
    caveats=(
        "As the actions stand when this is printed: one that is added after the report was filed is "
        "counted from then on, one that is cancelled is not counted any more.",
        "The strength is the employer’s own choice. Shares of reports are of all that were filed, "
        "those without an action among them.",
        "Reports of a year that is reconstructed from published figures are left out, for their actions were "
        "not published. Those filed before each action was kept by itself have none here.",
    ),
    labels={
        **dict(Strength.choices),
        "stronger": "At least one stronger than training or reminders",
        "only_weak": "Training or reminders only",
        "none": "No action that stands",
    },
    source="Investigation reports held by CQC",
)
