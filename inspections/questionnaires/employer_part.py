"""What the employer's page of an inspection shows of its questionnaires."""

from typing import Final

from inspections.employer_parts import EmployerPart
from inspections.models import Inspection
from inspections.questionnaires.models import Questionnaire
from regulator.accounts.models import User


def read(inspection: Inspection, reader: User) -> dict[str, object]:
    """Those to answer, and those that were submitted (one query)."""
    rows = Questionnaire.objects.filter(inspection=inspection, withdrawn_at__isnull=True)
    found = list(rows.select_related("submitted_by"))
    return {
        "reference": inspection.case.reference,
        "to_answer": [each for each in found if each.is_in_hand],
        "submitted": [each for each in found if not each.is_in_hand],
    }


PART: Final = EmployerPart(
    read, to_do="questionnaires/parts/to_do.html", told="questionnaires/parts/told.html"
)
