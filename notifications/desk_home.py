"""What the desk's home counts of notifications beyond their states, and the marks of the queue."""

from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from notifications.models import NotificationVersion, Pattern
from regulator.accounts.models import User
from regulator.casework.desk import HomeLine, HomePanel
from regulator.casework.home import queue_url
from regulator.casework.models import Case
from regulator.deadlines.models import ExtensionRequest
from regulator.organisations.policies import may


def asking_for_more_time() -> Q:
    """Cases on which a request for more time waits for a decision."""
    return Q(Exists(ExtensionRequest.objects.filter(deadline__case=OuterRef("pk"), decision="")))


def amended() -> Q:
    """Notifications that their employer corrected after submission."""
    return Q(Exists(NotificationVersion.objects.filter(notification=OuterRef("pk"))))


def more_time_asked(user: User) -> HomePanel | None:
    """How many requests for more time wait (one query). ``None`` for those who do not decide on them."""
    if not may(user, "notifications.review"):
        return None
    waiting = Case.objects.for_user(user).open().filter(asking_for_more_time()).count()
    line = HomeLine(label="To decide on", count=waiting, url=queue_url(mark="more_time"))
    return HomePanel("More time asked for", (line,))


def patterns_proposed(user: User) -> HomePanel | None:
    """How many duplicates and clusters wait for a decision (one query). ``None`` for those who decide on
    none."""
    if not may(user, "notifications.decide_on_patterns"):
        return None
    duplicate = Q(kind=Pattern.Kind.DUPLICATE)
    waiting = (
        Pattern.objects.for_user(user)
        .open()
        .aggregate(duplicates=Count("pk", filter=duplicate), clusters=Count("pk", filter=~duplicate))
    )
    return HomePanel(
        "Duplicates and clusters",
        (
            HomeLine("Possible duplicates", waiting["duplicates"], patterns_url("duplicate")),
            HomeLine("Clusters", waiting["clusters"], patterns_url("cluster")),
        ),
    )


def patterns_url(kind: str) -> str:
    """The address of the list of those that wait, of one kind."""
    asked = urlencode({"state": Pattern.State.PROPOSED.value, "kind": kind})
    return f"{reverse('admin:notifications_pattern_changelist')}?{asked}"
