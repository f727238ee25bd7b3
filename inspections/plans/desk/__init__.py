"""What the staff desk shows and offers of action plans."""

from inspections.plans.desk.page import ON_INSPECTIONS

__all__ = ["ON_INSPECTIONS"]
