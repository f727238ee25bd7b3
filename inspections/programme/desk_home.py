"""What the desk's home counts of programmes."""

from django.urls import reverse

from inspections.programme.models import Programme
from inspections.programme.services.holding import APPROVE
from regulator.accounts.models import User
from regulator.casework.desk import HomeLine, HomePanel
from regulator.organisations.policies import may


def programmes_waiting(user: User) -> HomePanel | None:
    """How many programmes wait for somebody's approval, and are for this person to approve (one query).
    ``None`` for those who approve none, and where none waits: it is a matter of one week in a year."""
    if not may(user, APPROVE):
        return None
    waiting = Programme.objects.filter(state=Programme.State.DRAWN).exclude(drawn_by=user).count()
    if not waiting:
        return None
    line = HomeLine(
        "For me to approve", waiting, f"{reverse('admin:programme_programme_changelist')}?state=drawn"
    )
    return HomePanel("Inspection programme", (line,))
