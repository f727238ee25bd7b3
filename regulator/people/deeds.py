"""The deeds that the desk offers an administrator on a person: each with its form and the service that it
calls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from regulator.accounts.models import PortalSession, User
from regulator.accounts.roles import Role
from regulator.casework.deeds import case_workers
from regulator.casework.services.handing_over import open_cases_of
from regulator.people import services
from regulator.people.access import has_other_access
from regulator.people.forms import DeskReason, DetailsForm, HandOverForm, RoleForm

NOT_YOURSELF: Final = "Nobody changes their own role or access. Another administrator does it."


@dataclass(frozen=True, slots=True)
class PersonDeed:
    """One button on a person's page. ``run`` answers what to say once it is done."""

    name: str
    label: str
    lead: str
    form: Callable[..., DeskReason]
    run: Callable[[User, User, Any], str]
    refusal: Callable[[User, User], str]
    warning: bool = False


def _handing_over(*args: Any, person: User, **kwargs: Any) -> HandOverForm:
    cases = open_cases_of(person)
    workers = case_workers() if cases else ()
    return HandOverForm(*args, person=person, cases=cases, workers=workers, **kwargs)


def _give_role(person: User, by: User, form: RoleForm) -> str:
    said = form.cleaned_data
    services.give_role(
        person=person, role=form.chosen(), reason=said["reason"], by=by, version=said["version"]
    )
    return f"The role of {person} is now: {Role(person.role).label if person.role else 'none'}."


def _change_details(person: User, by: User, form: DetailsForm) -> str:
    said = form.cleaned_data
    services.change_details(person=person, by=by, **said)
    return f"The details of {person} are kept."


def _hand_over(person: User, by: User, form: HandOverForm) -> str:
    said = form.cleaned_data
    count = services.hand_over_cases(
        person=person, to=form.handing_over(), reason=said["reason"], by=by, version=said["version"]
    )
    return f"{count} open case{'' if count == 1 else 's'} handed over."


def _deactivate(person: User, by: User, form: HandOverForm) -> str:
    said = form.cleaned_data
    services.deactivate(
        person=person, to=form.handing_over(), reason=said["reason"], by=by, version=said["version"]
    )
    return f"{person} can no longer sign in."


def _reactivate(person: User, by: User, form: DeskReason) -> str:
    services.reactivate(person=person, by=by, **form.cleaned_data)
    return f"{person} may sign in again."


def _reset(person: User, by: User, form: DeskReason) -> str:
    services.reset_factors(person=person, by=by, **form.cleaned_data)
    return f"The second step of {person} was taken away. They set up another when they sign in."


def _end_sessions(person: User, by: User, form: DeskReason) -> str:
    count = services.end_sessions(person=person, by=by, **form.cleaned_data)
    return f"{person} was signed out of {count} session{'' if count == 1 else 's'}."


def _themselves(person: User, by: User) -> str:
    return NOT_YOURSELF if person == by else ""


def _nobody_is_refused(person: User, by: User) -> str:
    return ""


def _is_closed(person: User, by: User) -> str:
    return _themselves(person, by) or ("" if person.is_active else "Their sign-in is closed already.")


def _is_open(person: User, by: User) -> str:
    return _themselves(person, by) or ("They may sign in already." if person.is_active else "")


def _has_cases(person: User, by: User) -> str:
    some = person.assigned_cases.filter(closed_at__isnull=True).exists()
    return _themselves(person, by) or ("" if some else "No open case is assigned to them.")


def _has_factor(person: User, by: User) -> str:
    some = (
        Authenticator.objects.filter(user=person).exists()
        or SocialAccount.objects.filter(user=person).exists()
    )
    return _themselves(person, by) or ("" if some else "They have set up no second step.")


def _is_signed_in(person: User, by: User) -> str:
    some = PortalSession.objects.of(person.pk).exists() or has_other_access(person)
    return _themselves(person, by) or ("" if some else "They are signed in nowhere.")


DEEDS: Final = (
    PersonDeed(
        "role", "Give another role",
        "What the role may do holds from their next click. Without a role at CQC the address of their "
        "calendar ends.",
        RoleForm, _give_role, _themselves,
    ),
    PersonDeed(
        "details", "Change name or address", "The address is the one with which they sign in.", DetailsForm,
        _change_details, _nobody_is_refused,
    ),
    PersonDeed(
        "hand-over", "Hand over open cases", "The cases are named by their references alone.", _handing_over,
        _hand_over, _has_cases,
    ),
    PersonDeed(
        "reset-second-step", "Take away the second step",
        "For somebody who lost their telephone or key. They are signed out everywhere, the address of their "
        "calendar ends, they are told by letter, and set up another second step when they sign in with their "
        "password. Make sure that it is they who ask.",
        DeskReason, _reset, _has_factor, warning=True,
    ),
    PersonDeed(
        "end-sessions", "Sign out everywhere",
        "All their sessions end at once, and so do addresses that open to them without signing in, like that "
        "of a calendar. They may sign in again.",
        DeskReason, _end_sessions, _is_signed_in, warning=True,
    ),
    PersonDeed(
        "reactivate", "Open the sign-in again",
        "In the role that they held. API keys and addresses of calendars that ended stay ended.",
        DeskReason, _reactivate, _is_open,
    ),
    PersonDeed(
        "deactivate", "Close the sign-in",
        "For somebody who leaves. Their sessions, API keys and addresses of calendars end at once. Say what "
        "becomes of their open cases.",
        _handing_over, _deactivate, _is_closed, warning=True,
    ),
)  # fmt: skip


def deed_named(name: str) -> PersonDeed | None:
    """The deed of this name, allowed at the moment or not."""
    return next((deed for deed in DEEDS if deed.name == name), None)
