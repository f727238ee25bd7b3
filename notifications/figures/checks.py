"""Where the figures of notifications would contradict each other."""

from collections.abc import Iterator
from typing import Any

from notifications.figures.layouts import LABELS
from regulator.statistics.figures import Values
from regulator.statistics.tables import Mark
from regulator.statistics.tally import disagreements, sum_differs


def contradictions(values: Values) -> Iterator[str]:
    """Where the figures count differently: each modality's sub-modalities, types of employer and causes must
    each add up to its total, the totals to the whole, tier 1 overall to the trees; strengths to all actions,
    and reports by their strongest action to all reports."""
    held = values["notifications"]
    yield from sum_differs("Notifications by modality", held["total"], held["by_modality"].values())
    for modality, total in held["by_modality"].items():
        label = LABELS.get(modality, modality)
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
    if isinstance(held["actions"], Mark):  # nothing is held, so that nothing adds up
        return
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
