"""What the staff desk shows and offers for inspections, and adds to the page of a notification."""

from inspections.desk.facts import arising_facts, facts
from inspections.desk.page import ON_NOTIFICATIONS, PAGE

__all__ = ["ON_NOTIFICATIONS", "PAGE", "arising_facts", "facts"]
