"""The notices that rest on an inspection, on the employer's page of that inspection."""

from typing import Final

from enforcement.models import Notice
from inspections.employer_parts import EmployerPart
from inspections.models import Inspection
from regulator.accounts.models import User
from regulator.casework.models import Case


def read(inspection: Inspection, reader: User) -> dict[str, object]:
    """The served notices that rest on it and that the reader may see (one query, and one for memberships)."""
    seen = Case.objects.for_user(reader).filter(kind="notice").order_by()
    found = Notice.objects.filter(
        inspection=inspection.pk, served_on__isnull=False, case__in=seen.values("pk")
    )
    return {"notices": list(found.select_related("case").order_by("served_on", "pk"))}


PART: Final = EmployerPart(read, told="notices/part_told.html")
