"""Learning cases brought to a state through the services."""

from collections.abc import Callable
from typing import Any, Final

from notifications import services as notifications
from notifications.learning import services
from notifications.learning.facts import Kinds, proposed_kinds
from notifications.learning.models import LearningCase
from notifications.models import Cause, Notification
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from tests.factories import Cast, amended, notification_in, staff
from tests.notifications.learning.told import TEXTS

WHY: Final = "The incident is of a kind that every large department has had."


class Desk:
    """A closed notification, somebody who writes of it and somebody who approves."""

    def __init__(self, notification: Notification | None = None) -> None:
        self.cast = Cast(notification.case.employer) if notification else Cast()
        self.notification = notification or notification_in("closed", cast=self.cast)
        self.writer = staff(Role.ANALYST)
        self.second = staff(Role.ANALYST)

    @property
    def fresh(self) -> Notification:
        return Notification.objects.select_related("case__employer", "cqc_cause").get(pk=self.notification.pk)

    @property
    def learning(self) -> LearningCase:
        return LearningCase.objects.filter(notification=self.notification.pk).latest("number")

    def do(self, service: Callable[..., Any], by: User, **said: Any) -> Any:
        """A deed at the version as it stands."""
        fresh = self.fresh
        return service(notification=fresh, by=by, **{"version": fresh.case.version} | said)

    def write(self, by: User | None = None, *, kinds: Kinds | None = None, **texts: str) -> Any:
        kinds = kinds or proposed_kinds(self.fresh)
        return self.do(services.write_learning, by or self.writer, texts=TEXTS | texts, kinds=kinds)

    def propose(self, by: User | None = None, reason: str = WHY) -> None:
        self.do(services.propose_learning, by or self.writer, doubts_reason=reason)

    def approve(self, by: User | None = None, **said: Any) -> Any:
        return self.do(services.approve_learning, by or self.second, **{"doubts_confirmed": True} | said)

    def give_back(self, by: User | None = None, reason: str = "Say more of the system.") -> None:
        self.do(services.return_learning, by or self.second, reason=reason)

    def withdraw(self, by: User | None = None, reason: str = "It was recognised.") -> None:
        self.do(services.withdraw_learning, by or self.second, reason=reason)

    def discard(self, by: User | None = None, reason: str = "There is one like it.") -> None:
        self.do(services.discard_learning, by or self.writer, reason=reason)

    def reopened(self) -> None:
        """Its notification, under review again."""
        self.do(notifications.reopen, self.cast.officer, reason="New facts.")

    def closed_again(self) -> None:
        for step in (notifications.provisionally_close, notifications.confirm_closure):
            self.do(step, self.cast.officer)

    def coded_anew(self) -> None:
        """Its notification reopened, coded with a cause of another duty holder, and closed again."""
        self.reopened()
        coded = self.fresh.cqc_cause
        assert coded is not None
        others = Cause.objects.filter(version=coded.version_id, modality=coded.modality)
        self.do(
            notifications.code_cause, self.cast.officer, cause=others.exclude(tier1=coded.tier1).latest("pk")
        )
        self.closed_again()

    def corrected(self, sub_modality: str) -> None:
        """Its notification reopened, corrected by the employer to another kind, and closed again."""
        self.reopened()
        amended(self.fresh, self.cast.reporter, sub_modality=sub_modality)
        self.closed_again()

    def published(self, **texts: Any) -> Any:
        """From nothing to the library; the public row."""
        self.write(**texts)
        self.propose()
        return self.approve()


STATES: Final[dict[str, tuple[str, ...]]] = {
    "draft": ("write",),
    "proposed": ("write", "propose"),
    "returned": ("write", "propose", "give_back"),
    "published": ("write", "propose", "approve"),
    "withdrawn": ("write", "propose", "approve", "withdraw"),
    "discarded": ("write", "discard"),
}


def learning_in(state: str, desk: Desk | None = None) -> Desk:
    """A learning case brought to ``state`` by the services. Reference data must be loaded."""
    desk = desk or Desk()
    for step in STATES[state]:
        getattr(desk, step)()
    return desk
