"""What inspections keep: the inspection, where and by whom, what was found on it, and that none was to
follow. The first site, the modality and the lead are the case's own."""

from inspections.models.declined import InspectionDeclined
from inspections.models.findings import Finding
from inspections.models.inspection import Inspection
from inspections.models.team import InspectionMember
from inspections.models.visits import InspectionSite, Visit

__all__ = ["Finding", "Inspection", "InspectionDeclined", "InspectionMember", "InspectionSite", "Visit"]
