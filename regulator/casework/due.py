"""When a case counts as overdue or due soon: said once, for the queue's filters and the home's counts."""

from datetime import date, timedelta

from django.db.models import Q


def overdue(today: date) -> Q:
    """Cases whose earliest open deadline has gone by. Due today is not overdue."""
    return Q(next_due_on__lt=today)


def due_within_a_week(today: date) -> Q:
    """Cases whose earliest open deadline is today or one of the six days after."""
    return Q(next_due_on__gte=today, next_due_on__lt=today + timedelta(days=7))
