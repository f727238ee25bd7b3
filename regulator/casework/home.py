"""What the desk's home counts for a person. Each count leads to the queue that shows exactly those cases."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Window
from django.urls import reverse
from django.utils import timezone

from regulator import clock
from regulator.accounts.models import User
from regulator.casework.desk import HomeLine, HomePanel
from regulator.casework.due import due_within_a_week, overdue
from regulator.casework.interests import held_with_interest
from regulator.casework.models import Case
from regulator.casework.queue.orders import OLDEST
from regulator.casework.reviews import unreviewed
from regulator.casework.wording import days
from regulator.organisations.policies import may


def queue_url(**filters: str) -> str:
    """The address of the work queue with these filters (their names: ``casework.queue.filters``)."""
    return f"{reverse('admin:casework_case_changelist')}?{urlencode(filters)}"


def mine(user: User) -> HomePanel | None:
    """What waits for ``user`` (one query). ``None`` for those who are never assigned a case."""
    if not may(user, "casework.assign"):
        return None
    counts = _counts(user, Q(assignee=user))
    return HomePanel(
        "Assigned to me",
        (
            HomeLine("Open cases", counts["open"], queue_url(assignee="me")),
            HomeLine("Overdue", counts["overdue"], queue_url(assignee="me", due="overdue")),
            HomeLine("Due within 7 days", counts["week"], queue_url(assignee="me", due="week")),
        ),
    )


def everybody(user: User) -> HomePanel | None:
    """What waits for all staff (one query). ``None`` for those who do not read cases."""
    if not may(user, "casework.read"):
        return None
    counts = _counts(user, Q())
    return HomePanel(
        "All open cases",
        (
            HomeLine("Overdue", counts["overdue"], queue_url(due="overdue")),
            HomeLine("Due within 7 days", counts["week"], queue_url(due="week")),
            HomeLine("High risk", counts["high"], queue_url(risk=str(Case.Risk.HIGH.value))),
            HomeLine("Assigned to nobody", counts["nobody"], queue_url(assignee="nobody")),
            HomeLine("Assigned despite an interest", counts["interest"], queue_url(mark="interest")),
        ),
    )


def views_to_review(user: User) -> HomePanel | None:
    """How many weeks of views of restricted cases wait to be signed (one query). ``None`` for those who sign
    none."""
    if not may(user, "casework.review_views"):
        return None
    line = HomeLine(
        label="Weeks of views to sign",
        count=unreviewed().count(),
        url=f"{reverse('admin:casework_weekreview_changelist')}?{urlencode({'state': 'waiting'})}",
    )
    return HomePanel("Restricted cases", (line,))


def waiting_in(kind: str, status: str, *, title: str) -> Callable[[User], HomePanel | None]:
    """A panel that counts the cases of ``kind`` standing in ``status``, the oldest named (one query).

    For case apps to register: notifications that nobody has assessed, notices waiting for approval.
    """

    def panel(user: User) -> HomePanel | None:
        if not may(user, "casework.read"):
            return None
        waiting = Case.objects.for_user(user).filter(kind=kind, status=status, closed_at__isnull=True)
        oldest = waiting.annotate(waiting=Window(Count("pk"))).order_by("opened_at", "pk").first()
        line = HomeLine(
            label="Waiting",
            count=getattr(oldest, "waiting", 0),
            url=queue_url(status=f"{kind}:{status}", o=OLDEST_FIRST),
            detail=named(oldest) if oldest else "",
        )
        return HomePanel(title, (line,))

    return panel


OLDEST_FIRST = OLDEST.name
"""The queue's name for the order by the moment of opening."""


def named(case: Case) -> str:
    """The case that has waited longest, with its age, counted in days of the calendar as the bands are."""
    age = (clock.today() - timezone.localdate(case.opened_at or case.created_at)).days
    return f"Oldest: {case}, for {days(age)}" if age else f"Oldest: {case}, since today"


def counted(cases: QuerySet[Case], **which: Q) -> dict[str, int]:
    """How many of ``cases`` meet each condition (one query)."""
    return cases.order_by().aggregate(
        **{name: Count("pk", filter=condition) for name, condition in which.items()}
    )


def _counts(user: User, whose: Q) -> dict[str, int]:
    today = clock.today()
    open_cases = Case.objects.for_user(user).open().filter(whose)
    return open_cases.aggregate(
        open=Count("pk"),
        overdue=Count("pk", filter=overdue(today)),
        week=Count("pk", filter=due_within_a_week(today)),
        high=Count("pk", filter=Q(risk=Case.Risk.HIGH)),
        nobody=Count("pk", filter=Q(assignee__isnull=True)),
        interest=Count("pk", filter=held_with_interest()),
    )
