"""What inspections keep: the inspection, what was found on it, and that none was to follow. The site, the
modality and the lead are the case's own."""

from inspections.models.declined import InspectionDeclined
from inspections.models.findings import Finding
from inspections.models.inspection import Inspection

__all__ = ["Finding", "Inspection", "InspectionDeclined"]
