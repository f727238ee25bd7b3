"""What an action plan adds to the employer's page of its inspection."""

from typing import Final

from inspections.employer_parts import EmployerPart
from inspections.models import Inspection
from inspections.plans import queries
from inspections.plans.models import PlanAction
from inspections.plans.services.holding import ANSWERABLE
from regulator.accounts.models import User


def read(inspection: Inspection, reader: User) -> dict[str, object]:
    """The plan in hand, whether anything waits for an answer, and how the actions stand. At most five
    queries; none before the feedback is final."""
    if inspection.final_on is None:
        return {}
    acted = list(PlanAction.objects.begun().filter(finding__inspection=inspection))
    standing = [each.standing for each in acted]
    return {
        "reference": inspection.case.reference,
        "in_hand": queries.in_hand(inspection),
        "owed": inspection.case.status in ANSWERABLE and bool(queries.owed(inspection)),
        "last": inspection.plans.filter(submitted_at__isnull=False).last(),
        "overdue": standing.count("Overdue"),
        "open": standing.count("Open"),
        "actions": len(standing),
        "next": next((each for each in acted if each.is_open), None),
    }


PART: Final = EmployerPart(
    read, to_do="inspections/plans/part_to_do.html", told="inspections/plans/part_told.html"
)
