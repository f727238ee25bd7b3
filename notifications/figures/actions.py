"""What is done about it: corrective actions by how firmly they hold, and the reports that rest on them."""

from collections.abc import Collection, Iterable
from typing import Final

from django.db.models import Count, Q

from notifications.counting import counted
from notifications.models import Strength
from notifications.models.actions import WEAK
from regulator.periods import Period
from regulator.statistics.figures import Figure, Plain, Reported, moments
from regulator.statistics.layouts import COUNT, PERCENT, rounded_note, share_rows
from regulator.statistics.tables import Column, Kind, Table
from regulator.statistics.tally import with_percent


def corrective_actions(period: Period) -> Plain:
    """The actions on the reports filed in ``period`` by strength, the strongest first, and these reports by
    the strongest that each has, with their shares (1 query)."""
    first, after = moments(period)
    filed = counted().filter(report__filed_at__gte=first, report__filed_at__lt=after)
    standing = Count("actions", filter=Q(actions__cancelled_at__isnull=True))
    strengths: dict[str, int] = dict.fromkeys(Strength.values, 0)
    reports: dict[int, dict[str, int]] = {}
    for report, strength, number in filed.values_list("pk", "actions__strength").annotate(number=standing):
        held = reports.setdefault(report, {})
        if number:
            held[strength] = number
            strengths[strength] += number
    return {
        "actions": sum(sum(held.values()) for held in reports.values()),
        "by_strength": with_percent(strengths),
        "reports": len(reports),
        "by_strongest": with_percent(_by_strongest(reports.values())),
    }


def _by_strongest(reports: Iterable[Collection[str]]) -> dict[str, int]:
    """How many reports have an action that holds by more than memory, only weak ones, or none that stands."""
    counts = dict.fromkeys(("stronger", "only_weak", "none"), 0)
    for strengths in reports:
        held = set(strengths)
        counts["none" if not held else "only_weak" if held <= WEAK else "stronger"] += 1
    return counts


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
            notes=rounded_note(by_strength),
        ),
        reported.table(
            "by_strongest",
            "Reports by their strongest action",
            (Column("strongest", "Strongest action", Kind.TEXT), COUNT, PERCENT),
            by_strongest,
            notes=rounded_note(by_strongest),
            unit="reports",
        ),
    )


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
        "Reports of a year that is reconstructed from published figures, and those filed before each "
        "action was kept by itself, have none here.",
    ),
    labels={
        **dict(Strength.choices),
        "stronger": "At least one stronger than training or reminders",
        "only_weak": "Training or reminders only",
        "none": "No action that stands",
    },
    source="Investigation reports held by CQC",
)
