"""People who decide on lists, and closed cases of any age."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from notifications import services as notifying
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Case
from regulator.casework.services import add_note
from regulator.retention import services
from regulator.retention.models import RetentionBatch
from tests.factories import Cast, notification_in, staff

MORNING: Final = datetime(2033, 5, 3, 9, 0, tzinfo=UTC)
"""A Tuesday, more than seven years after the cases of these tests were closed."""
WHY: Final = "An inquiry asked for it."
SECRET: Final = "Rang the physicist about room four."


class Deciders:
    """Who puts a list together, and three who may approve it."""

    def __init__(self) -> None:
        self.proposer: User = staff(Role.ENFORCEMENT_MANAGER)
        self.manager: User = staff(Role.ENFORCEMENT_MANAGER)
        self.other: User = staff(Role.ENFORCEMENT_MANAGER)
        self.administrator: User = staff(Role.ADMINISTRATOR)

    @property
    def today(self) -> date:
        return clock.today()

    def propose(self, *, as_of: date | None = None, policy: str = "notification") -> RetentionBatch:
        return services.propose_batch(as_of=as_of or clock.today(), policy=policy, by=self.proposer)

    def approve(self, batch: RetentionBatch, by: User) -> RetentionBatch:
        batch.refresh_from_db()
        return services.approve_batch(batch=batch, by=by, version=batch.version)

    def approved(self, batch: RetentionBatch) -> RetentionBatch:
        """The batch after two people approved it; no worker has begun yet."""
        self.approve(batch, self.manager)
        return self.approve(batch, self.administrator)

    def carried_out(self, batch: RetentionBatch) -> RetentionBatch:
        self.approved(batch)
        services.redact_due()
        batch.refresh_from_db()
        return batch


def closed(
    *, on: date | None = None, at: datetime | None = None, cast: Cast | None = None, state: str = "withdrawn"
) -> Case:
    """A notification that was closed on that day, at noon unless a moment is given, with a note on it."""
    moment = at or datetime(on.year, on.month, on.day, 12, tzinfo=UTC) if on else at
    assert moment is not None
    cast = cast or Cast()
    with clock.at(moment - timedelta(days=1)):
        made = notification_in("submitted", cast=cast)
        add_note(case=made.case, text=SECRET, by=cast.officer)
    with clock.at(moment):
        if state == "withdrawn":
            notifying.withdraw(
                notification=made, by=cast.reporter, version=made.case.version, reason="Sent twice."
            )
    return Case.objects.select_related("employer").get(pk=made.case.pk)


def long_ago(cast: Cast | None = None, **more: Any) -> Case:
    """A case that has been due for a while."""
    return closed(on=date(2025, 3, 4), cast=cast, **more)
