"""What becomes of reports when a case that they tell is withdrawn from the library."""

from django.db.models import F

from regulator import clock
from regulator.statistics.reports.models import FrozenCase, Report


def withdraw_case(*, number: int) -> None:
    """Let no published edition show the case at ``number`` any more, and keep the freezes that tell it from
    being signed or published: at most 3 queries.

    Called by the library in the transaction in which it takes the case out; who did it, and why, the library
    records. Nothing where no freeze tells it.
    """
    now = clock.now()
    told = FrozenCase.objects.filter(number=number, withdrawn_at=None)
    if freezes := list(told.values_list("freeze", flat=True)):
        told.update(withdrawn_at=now)
        public = Report.objects.public().filter(signed_freeze__in=freezes)
        public.update(case_withdrawn_at=now, version=F("version") + 1)
