"""By which fields notices are counted on the fly, for staff (``regulator.statistics.tabulation``)."""

from typing import Any, Final

from django.db.models.functions import TruncMonth

from enforcement.figures import notices, served_in
from enforcement.models import Notice
from regulator.organisations.models import EmployerType, Modality
from regulator.statistics.figures import FIGURES
from regulator.statistics.tabulation.registries import DIMENSIONS, POPULATIONS, Dimension, Population

NOTICES: Final = "notices"


def contribute() -> None:
    """Register notices and their fields. Called once, when the application is ready."""
    POPULATIONS.register(
        NOTICES,
        Population(
            "Notices served",
            "notices",
            FIGURES.get(NOTICES).basis,
            served_in,
            NOTICES,
            lambda period: int(notices(period)["total"]),  # type: ignore[index,arg-type]
        ),
    )
    of: dict[str, tuple[str, Any, dict[Any, str]]] = {
        "type": ("Type of notice", "type", dict(Notice.Type.choices)),
        "modality": ("Modality", "case__modality", dict(Modality.choices)),
        "employer_type": ("Type of employer", "case__employer__type", dict(EmployerType.choices)),
    }
    for name, (label, path, labels) in of.items():
        DIMENSIONS.register(
            f"{NOTICES}.{name}", Dimension(NOTICES, label, path, labels, is_published=name != "employer_type")
        )
    DIMENSIONS.register(
        f"{NOTICES}.month",
        Dimension(
            NOTICES, "Month of service", lambda: TruncMonth("served_on"), call=lambda day: f"{day:%B %Y}"
        ),
    )
