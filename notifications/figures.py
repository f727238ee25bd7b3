"""The figures that notifications contribute: how many, of what kind, from whom, what went wrong, and what is
done about it."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db.models import Count, Q, QuerySet

from notifications.counting import counted, counted_apart
from notifications.models import Basis, Notification, Strength, SubModality
from notifications.models.actions import WEAK
from regulator.organisations.models import EmployerType, Modality
from regulator.periods import Period
from regulator.statistics.figures import CHECKS, FIGURES, Figure, Plain, Values, moments
from regulator.statistics.tally import by_first, disagreements, sum_differs, tree_of, with_percent

_BASIS = (
    "Date of notification: the day (Europe/London) on which it was received and given its reference. "
    "Statutory notifications only; drafts, and those withdrawn or found not notifiable, are left out."
)
_BASIS_APART = (
    "Date of receipt, as for notifications. Drafts, and those withdrawn or not notifiable, are left out."
)
_BASIS_OF_ACTIONS = (
    "Date of filing: the day (Europe/London) on which the investigation report was filed, whenever the "
    "incident was notified. Reports on statutory notifications only; those withdrawn or found not notifiable "
    "are left out, and so are actions that were cancelled."
)
_NOT_STATED = "not_stated"
_LABELS = {
    **dict(Modality.choices),
    **dict(SubModality.choices),
    **dict(EmployerType.choices),
    Basis.VOLUNTARY.value: "Voluntary reports",
    Basis.LICENCE_BREACH.value: "Licence breaches",
    _NOT_STATED: "Not stated",
    "tier1": "Tier 1, all modalities",
    "tier1_by_modality": "Tier 1 by modality",
    "by_modality": "By modality",
}
_LABELS_OF_ACTIONS = {
    **dict(Strength.choices),
    "actions": "Actions, in all",
    "by_strength": "By strength",
    "reports": "Reports filed, in all",
    "by_strongest": "Reports by the strongest action",
    "stronger": "At least one stronger than training or reminders",
    "only_weak": "Training or reminders only",
    "none": "No action that stands",
}


def received_in(period: Period) -> QuerySet[Notification]:
    """The notifications that count in ``period``, by the day on which their reference was minted."""
    first, after = moments(period)
    return counted().filter(case__opened_at__gte=first, case__opened_at__lt=after)


def notifications(period: Period) -> Plain:
    """Notifications in all and by modality (1 query)."""
    rows = received_in(period).values_list("case__modality").annotate(number=Count("pk"))
    counts: dict[str, int] = dict.fromkeys(Modality.values, 0)
    counts.update({modality or _NOT_STATED: number for modality, number in rows})
    return {"total": sum(counts.values()), "by_modality": counts}


def by_cause(period: Period) -> Plain:
    """Notifications by CQC's coding: tier 1 overall, and the tree of tiers 1 to 3 by modality (1 query)."""
    return causes_of(received_in(period))


def causes_of(found: QuerySet[Notification]) -> dict[str, Any]:
    """As ``by_cause``, of those that are given (1 query)."""
    names = ("tier1", "tier2", "tier3")
    rows = found.values_list("case__modality", *(f"cqc_cause__{name}" for name in names))
    rows = rows.annotate(number=Count("pk")).order_by("cqc_cause__version", "cqc_cause__position")
    leaves: dict[str, list[tuple[tuple[str, ...], int]]] = {name: [] for name in Modality.values}
    uncoded: dict[str, int] = dict.fromkeys(Modality.values, 0)
    tier1: dict[str, int] = {}
    for modality, *path, number in rows:
        name = modality or _NOT_STATED
        if path[0] is None:
            uncoded[name] = uncoded.get(name, 0) + number
            continue
        leaves.setdefault(name, []).append((tuple(path), number))
        tier1[path[0]] = tier1.get(path[0], 0) + number
    trees = {name: tree_of(found) for name, found in leaves.items()}
    return {
        "tier1": tier1,
        "tier1_by_modality": {
            name: {label: node["count"] for label, node in tree.items()} for name, tree in trees.items()
        },
        "by_modality": trees,
        "not_yet_coded": uncoded,
    }


def by_sub_modality(period: Period) -> Plain:
    """Notifications by sub-modality within modality (1 query)."""
    return {"by_modality": sub_modalities_of(received_in(period))}


def sub_modalities_of(found: QuerySet[Notification]) -> dict[str, dict[str, int]]:
    """Those that are given, by modality and sub-modality (1 query)."""
    return _pairs(found, "sub_modality", SubModality.values)


def by_employer_type(period: Period) -> Plain:
    """Notifications by type of employer within modality, with the share of each type (1 query)."""
    table = _pairs(received_in(period), "case__employer__type", EmployerType.values)
    return {"by_modality": {name: with_percent(counts) for name, counts in table.items()}}


def _pairs(found: QuerySet[Notification], column: str, order: list[str]) -> dict[str, dict[str, int]]:
    """Counts by modality and ``column``, in the order in which its values are declared (1 query)."""
    rows = found.values_list("case__modality", column).annotate(number=Count("pk"))
    places = {value: place for place, value in enumerate(order)}
    sorted_rows = sorted(rows, key=lambda row: (row[0], places.get(row[1], len(places)), row[1]))
    named = (
        (modality or _NOT_STATED, value or _NOT_STATED, number) for modality, value, number in sorted_rows
    )
    return by_first(named, Modality.values)


def outside(period: Period) -> Plain:
    """Voluntary reports and licence breaches, each for itself: in no other figure (1 query)."""
    first, after = moments(period)
    found = counted_apart().filter(case__opened_at__gte=first, case__opened_at__lt=after)
    counts: dict[str, int] = {Basis.VOLUNTARY.value: 0, Basis.LICENCE_BREACH.value: 0}
    counts.update(found.values_list("basis").annotate(number=Count("pk")))
    return counts


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


def contradictions(values: Values) -> Iterator[str]:
    """Where the figures count differently: each modality's sub-modalities, types of employer and causes must
    each add up to its total, the totals to the whole, tier 1 overall to the trees; strengths to all actions,
    and reports by their strongest action to all reports."""
    held = values["notifications"]
    yield from sum_differs("Notifications by modality", held["total"], held["by_modality"].values())
    for modality, total in held["by_modality"].items():
        label = _LABELS.get(modality, modality)
        kinds = values["notifications_by_sub_modality"]["by_modality"].get(modality, {})
        yield from sum_differs(f"{label} by sub-modality", total, kinds.values())
        types = values["notifications_by_employer_type"]["by_modality"].get(modality, {})
        yield from sum_differs(
            f"{label} by type of employer", total, (row["count"] for row in types.values())
        )
        yield from _cause_contradictions(label, total, modality, values["notifications_by_cause"])
    yield from _tier1_contradictions(values["notifications_by_cause"])
    yield from _action_contradictions(values["corrective_actions"])


def _action_contradictions(held: Any) -> Iterator[str]:
    strengths = (row["count"] for row in held["by_strength"].values())
    yield from sum_differs("Corrective actions by strength", held["actions"], strengths)
    reports = (row["count"] for row in held["by_strongest"].values())
    yield from sum_differs("Reports by their strongest action", held["reports"], reports)


def _cause_contradictions(label: str, total: int, modality: str, causes: Any) -> Iterator[str]:
    tree = causes["by_modality"].get(modality, {})
    uncoded = causes["not_yet_coded"].get(modality, 0)
    yield from sum_differs(f"{label} by cause", total, [*(node["count"] for node in tree.values()), uncoded])
    yield from disagreements(f"{label} by cause", tree)


def _tier1_contradictions(causes: Any) -> Iterator[str]:
    for name, count in causes["tier1"].items():
        parts = (tree[name]["count"] for tree in causes["by_modality"].values() if name in tree)
        yield from sum_differs(f"Tier 1 {name} over all modalities", count, parts)


def contribute() -> None:
    """Register the figures and their check. Called once, when the application is ready."""
    FIGURES.register(
        "notifications_apart",
        Figure(
            title="Voluntary reports and licence breaches",
            meaning="What employers told CQC though regulation 8(4) did not require it, each kind by itself.",
            unit="notifications",
            basis=_BASIS_APART,
            compute=outside,
            caveats=("Counted apart: none of these is in any figure of notifications.",),
            compared=False,
            labels=_LABELS,
        ),
    )
    for name, title, meaning, compute, caveats in _FIGURES:
        FIGURES.register(
            name,
            Figure(
                title=title,
                meaning=meaning,
                unit="notifications",
                basis=_BASIS,
                compute=compute,
                caveats=caveats,
                compared=name == "notifications",
                labels=_LABELS,
            ),
        )
    FIGURES.register(
        "corrective_actions",
        Figure(
            title="Corrective actions by strength",
            meaning="What employers plan or did so that it does not happen again, by how firmly it holds "
            "without anybody’s having to remember it; and how many reports rest on training or reminders.",
            unit="actions",
            basis=_BASIS_OF_ACTIONS,
            compute=corrective_actions,
            caveats=(
                "As the actions stand when this is printed: one that is added after the report was filed is "
                "counted from then on, one that is cancelled is not counted any more.",
                "The strength is the employer’s own choice. Shares of reports are of all that were filed, "
                "those without an action among them.",
                "Reports of a year that is reconstructed from published figures, and those filed before each "
                "action was kept by itself, have none here.",
            ),
            labels=_LABELS_OF_ACTIONS,
        ),
    )
    CHECKS.register("notifications", contradictions)


_MORE_IS_NOT_WORSE = (
    "More notifications are not worse care: reporting more is, as a rule, a sign of openness."
)
_FIGURES = (
    (
        "notifications",
        "Notifications",
        "Incidents that employers notified to CQC under regulation 8(4), by modality.",
        notifications,
        (_MORE_IS_NOT_WORSE, "Criteria change: compare years only where the same criteria applied."),
    ),
    (
        "notifications_by_cause",
        "Notifications by cause",
        "From whom the error arose (tier 1), where in the pathway (tier 2), and what went wrong (tier 3).",
        by_cause,
        ("CQC's coding, made at review: what is not yet reviewed is not yet coded.",),
    ),
    (
        "notifications_by_sub_modality",
        "Notifications by sub-modality",
        "Within each modality, the kind of imaging or treatment.",
        by_sub_modality,
        (),
    ),
    (
        "notifications_by_employer_type",
        "Notifications by type of employer",
        "Within each modality, the type of the employer that notified, with its share in per cent.",
        by_employer_type,
        ("Shares are of notifications, not of activity: most activity is the NHS's.",),
    ),
)
