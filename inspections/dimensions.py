"""By which fields inspections are counted on the fly, for staff (``regulator.statistics.tabulation``)."""

from typing import Any, Final

from django.db.models.functions import TruncMonth

from inspections.figures import inspections, made_in
from inspections.lifecycle import LIFECYCLE
from inspections.models import Inspection
from regulator.organisations.models import EmployerType, Modality
from regulator.statistics.figures import FIGURES
from regulator.statistics.tabulation.registries import DIMENSIONS, POPULATIONS, Dimension, Population

INSPECTIONS: Final = "inspections"


def contribute() -> None:
    """Register inspections and their fields. Called once, when the application is ready."""
    POPULATIONS.register(
        INSPECTIONS,
        Population(
            "Inspections made",
            "inspections",
            FIGURES.get(INSPECTIONS).basis,
            made_in,
            INSPECTIONS,
            lambda period: int(inspections(period)["total"]),  # type: ignore[index,arg-type]
        ),
    )
    of: dict[str, tuple[str, Any, dict[Any, str]]] = {
        "modality": ("Modality", "case__modality", dict(Modality.choices)),
        "trigger": ("Trigger", "trigger", dict(Inspection.Trigger.choices)),
        "employer_type": ("Type of employer", "case__employer__type", dict(EmployerType.choices)),
        "status": ("Status", "case__status", {name: LIFECYCLE.label(name) for name in LIFECYCLE.states}),
    }
    for name, (label, path, labels) in of.items():
        DIMENSIONS.register(
            f"{INSPECTIONS}.{name}",
            Dimension(INSPECTIONS, label, path, labels, is_published=name == "modality"),
        )
    DIMENSIONS.register(
        f"{INSPECTIONS}.month",
        Dimension(
            INSPECTIONS,
            "Month of the visit",
            lambda: TruncMonth("visited_on"),
            call=lambda day: f"{day:%B %Y}",
        ),
    )
