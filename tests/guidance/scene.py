"""Guidance in each state, made through the services."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from notifications.guidance import services
from notifications.guidance.content import Content, content_of
from notifications.guidance.models import Version
from notifications.guidance.wording import Action
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.organisations.models import Modality
from tests.factories import staff

ACTIONS: Final = (
    Action("Write a procedure for it.", ("6(1)", "Sch2(n)")),
    Action("Ask those who use it what is missing."),
)


def content(**changes: Any) -> Content:
    """What a sound version says, from today on."""
    said: dict[str, Any] = {
        "title": "Carers and comforters",
        "theme": "people",
        "why": "They accept a dose to help.\nDepartments differ.",
        "actions": ACTIONS,
        "modalities": (Modality.NUCLEAR_MEDICINE.value, Modality.DIAGNOSTIC_IMAGING.value),
        "valid_from": clock.today(),
    }
    return Content(**said | changes)


@dataclass
class Room:
    """Two people of CQC, of whom each may write and approve."""

    writer: User = field(default_factory=lambda: staff(Role.ANALYST))
    other: User = field(default_factory=lambda: staff(Role.ANALYST))

    def draft(self, **changes: Any) -> Version:
        """The draft of a new topic."""
        return services.begin_topic(content=content(**changes), by=self.writer)

    def next(self, of: Version, **changes: Any) -> Version:
        """The draft of the next version of the same topic."""
        said: dict[str, Any] = {
            "what_changed": "More is said of leaflets.",
            "valid_from": clock.today(),
        } | changes
        return services.begin_version(topic=of.topic, content=replace(content_of(of), **said), by=self.writer)

    def withdrawal(self, of: Version, day: date | None = None) -> Version:
        """The draft of its withdrawal."""
        return self.next(
            of, withdraws=True, actions=(), why="Others say it better.", valid_from=day or clock.today()
        )

    def sent(self, draft: Version) -> Version:
        return services.send(draft=draft, by=self.writer, version=draft.version)

    def approved(self, draft: Version) -> Version:
        sent = self.sent(draft)
        return services.approve(draft=sent, by=self.other, version=sent.version)

    def shown(self, **changes: Any) -> Version:
        """A new topic that the public reads from its day on."""
        return self.approved(self.draft(**changes))
