"""Which notifications count in figures and in risk: stated once, here."""

from typing import Final

from django.db.models import QuerySet

from notifications.lifecycle import DISCARDED, DRAFT, NO_INCIDENT_OF_ITS_OWN
from notifications.models import Basis, Notification

NOT_COUNTED: Final = (DRAFT, DISCARDED, *NO_INCIDENT_OF_ITS_OWN)


def counted() -> QuerySet[Notification]:
    """Statutory notifications that CQC received and that stood.

    CQC counts what it was notified of and what met the criteria. So drafts are left out, and what was
    withdrawn or found not notifiable, even after it was counted in an earlier print; voluntary reports
    and licence breaches never count (CQC IR(ME)R annual reports 2021/22 and 2023/24).
    """
    return _stood().filter(basis=Basis.STATUTORY)


def counted_apart() -> QuerySet[Notification]:
    """What is in no statutory figure: voluntary reports and licence breaches that stood."""
    return _stood().exclude(basis=Basis.STATUTORY)


def _stood() -> QuerySet[Notification]:
    return Notification.objects.submitted().exclude(case__status__in=NOT_COUNTED).order_by()
