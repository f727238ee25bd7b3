"""What people contribute: labels of events and letters; and what is done when somebody changes how they sign
in."""

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest


class PeopleConfig(AppConfig):
    name = "regulator.people"
    verbose_name = "People"

    def ready(self) -> None:
        from regulator.casework.kinds import EVENTS
        from regulator.outbox.letters import LETTERS
        from regulator.people.events import LABELS
        from regulator.people.letters import LETTERS as OWN

        for name, label in LABELS.items():
            EVENTS.register(name, label)
        for letter in OWN:
            LETTERS.register(letter.name, letter)
        _listen()


def _listen() -> None:
    """allauth tells of what people do to their own sign-in."""
    from allauth.account import signals as account
    from allauth.mfa import signals as mfa

    mfa.authenticator_added.connect(_factor("factor_added"), weak=False, dispatch_uid="people.added")
    mfa.authenticator_removed.connect(_factor("factor_removed"), weak=False, dispatch_uid="people.removed")
    mfa.authenticator_reset.connect(_factor("recovery_codes_made"), weak=False, dispatch_uid="people.codes")
    mfa.authenticator_used.connect(_factor_used, dispatch_uid="people.used")
    for signal in (account.password_changed, account.password_set, account.password_reset):
        signal.connect(_password_changed, dispatch_uid="people.password")


def _factor(what: str) -> Any:
    """A receiver that records ``what`` was done to a factor."""

    def receive(sender: object, user: Any, authenticator: Any, **_: Any) -> None:
        from allauth.mfa.models import Authenticator

        from regulator.people.services import note_factor

        of_codes = authenticator.type == Authenticator.Type.RECOVERY_CODES
        told = "recovery_codes_made" if of_codes and what == "factor_added" else what
        note_factor(what=told, person=user, factor=authenticator)

    return receive


def _factor_used(sender: object, user: Any, authenticator: Any, **_: Any) -> None:
    from allauth.mfa.models import Authenticator

    from regulator.people.services import note_factor

    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        note_factor(what="recovery_code_used", person=user, factor=authenticator)


def _password_changed(sender: object, request: HttpRequest, user: Any, **_: Any) -> None:
    """Whoever chose another password is signed in nowhere else any more."""
    from regulator.people.services import end_other_sessions

    end_other_sessions(but=request.session, by=user)  # type: ignore[arg-type]
