"""Why a deed was refused. Each message is for the person who tried; pages show it, the API carries it."""

from django.core.exceptions import ValidationError

from regulator.organisations.policies import NotPermitted


class Refused(Exception):
    """A deed that the rules do not allow. ``str()`` says why, in plain English."""


class NotAllowedNow(Refused):
    """The case is not in a state in which this may be done, or a condition is not met."""


class StaleVersion(Refused):
    """Somebody else changed the case after it was read. Carries both versions."""

    def __init__(self, *, read: int, current: int) -> None:
        self.read = read
        self.current = current
        super().__init__(
            "Someone else changed this case while you were working on it. "
            "Nothing that you typed is lost: look at what changed, then try again."
        )


__all__ = ["NotAllowedNow", "NotPermitted", "Refused", "StaleVersion", "ValidationError"]
