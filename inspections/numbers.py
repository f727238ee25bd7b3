"""The numbers of inspections for prose, by name: ``{{ inspections_total }}``."""

from inspections.models import Inspection
from regulator.organisations.models import Modality
from regulator.statistics.citations import register_citations
from regulator.statistics.numbers import at, register_change, register_count, sum_of

_MEANINGS = {
    "inspections": "Inspections",
    "non_compliances": "Findings of non-compliance",
    "recommendations": "Recommendations",
}


def register() -> None:
    """Every number of inspections. Called once, when the application is ready."""
    for figure, name in (
        ("inspections", "inspections"),
        ("breaches", "non_compliances"),
        ("recommendations", "recommendations"),
    ):
        meaning = _MEANINGS[name]
        register_count(f"{name}_total", f"{meaning} in all", at(figure, "total"))
        register_change(name, f"{meaning} in all", at(figure, "total"))
        for modality in Modality:
            register_count(
                f"{modality.value}_{name}",
                f"{meaning} in {modality.label.lower()}",
                at(figure, "by_modality", modality.value),
            )
    labels = {**dict(Inspection.Trigger.choices), "brachytherapy": "Of brachytherapy"}
    for kind, label in labels.items():
        counts = {each: at("inspections", kind, each) for each in Modality.values}
        register_count(f"{kind}_inspections", f"Inspections: {label}", sum_of(*counts.values()))
        for name, count in counts.items():
            register_count(
                f"{kind}_inspections_of_{name}", f"{Modality(name).label} inspections: {label}", count
            )
    register_citations("recommendations", "recommendations_by_provision", "Recommendations")
