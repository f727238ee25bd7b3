"""The numbers of notices for prose, by name: ``{{ improvement_notices_total }}``."""

from enforcement.models import Notice
from regulator.organisations.models import Modality
from regulator.statistics.citations import register_citations
from regulator.statistics.numbers import at, register_change, register_count, sum_of


def register() -> None:
    """Every number of notices. Called once, when the application is ready."""
    improvement = at("notices", "by_type", Notice.Type.IMPROVEMENT.value)
    register_count("notices_total", "Notices of every type", at("notices", "total"))
    register_count("improvement_notices_total", "Improvement notices in all", improvement)
    register_change("improvement_notices", "Improvement notices in all", improvement)
    prohibition = (Notice.Type.PROHIBITION_IMMEDIATE.value, Notice.Type.PROHIBITION_DEFERRED.value)
    register_count(
        "prohibition_notices_total",
        "Prohibition notices, immediate and deferred",
        sum_of(*(at("notices", "by_type", kind) for kind in prohibition)),
    )
    for modality in Modality:
        register_count(
            f"{modality.value}_improvement_notices",
            f"Improvement notices in {modality.label.lower()}",
            at("notices", "improvement_by_modality", modality.value),
        )
    register_citations("notices", "notices_by_provision", "Notices")
