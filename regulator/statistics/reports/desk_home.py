"""What the desk's home counts of annual reports."""

from django.urls import reverse

from regulator.accounts.models import User
from regulator.casework.desk import HomeLine, HomePanel
from regulator.organisations.policies import may
from regulator.statistics.reports.models import Report
from regulator.statistics.reports.permissions import PUBLISH, SIGN, WRITE
from regulator.statistics.reports.signable import to_sign


def reports_waiting(user: User) -> HomePanel | None:
    """How many reports are signed and wait to be published, are frozen and may be signed by ``user``, or are
    published, tell a case that was withdrawn from the library since and must be corrected (one query each for
    those who may; four for those who sign, while any is drafted). ``None`` for everybody else, and where none
    waits: it is a matter of a few weeks in a year."""
    lines = []
    address = reverse("admin:reports_report_changelist")
    if may(user, SIGN) and (waiting := len(to_sign(user))):
        lines.append(HomeLine("For me to read and sign", waiting, f"{address}?state=drafting"))
    if may(user, PUBLISH) and (signed := Report.objects.filter(state=Report.State.SIGNED).count()):
        lines.append(HomeLine("Signed, to be published", signed, f"{address}?state=signed"))
    if may(user, WRITE) and (due := _to_correct()):
        lines.append(HomeLine("To be corrected: a case was withdrawn", due, f"{address}?state=published"))
    return HomePanel("Annual reports", tuple(lines)) if lines else None


def _to_correct() -> int:
    return Report.objects.filter(state=Report.State.PUBLISHED, case_withdrawn_at__isnull=False).count()
