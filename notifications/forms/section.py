"""What the form of every section is: it carries the version, and demands nothing.

A form says what was typed and whether it is a date, a number, a choice. Whether it is *enough* is asked
once, at submission, by ``notifications.rules``: so half a section can be saved.
"""

from typing import Any, ClassVar

from notifications.models import Notification
from regulator.casework.attempt import ConfirmsIdentifiers
from regulator.frontend.fields import PlainErrors, RowVersionField


class SectionForm(PlainErrors, ConfirmsIdentifiers):
    """One section of a notification, filled from it.

    ``headings`` names the field before which a heading stands on the page.
    """

    headings: ClassVar[dict[str, str]] = {}

    version = RowVersionField()

    def __init__(self, *args: Any, notification: Notification, **kwargs: Any) -> None:
        self.notification = notification
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Offer only what fits this notification."""
