"""What may be done with a version, by whom, and through which service."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django import forms

from notifications.guidance import services
from notifications.guidance.forms import DecideForm, GiveBackForm
from notifications.guidance.models import Version
from notifications.guidance.services import APPROVE, WRITE
from regulator.accounts.models import User


@dataclass(frozen=True, slots=True)
class Deed:
    """One button on the page of a version in ``state``. ``by_writers``: only whoever wrote some of it, or
    only whoever did not; ``None``: anybody with the permission."""

    label: str
    lead: str
    permission: str
    state: Version.State
    form: type[forms.Form]
    service: Callable[..., Version]
    by_writers: bool | None = None
    warning: bool = False

    @property
    def route(self) -> str:
        """Writers' deeds and those of the second person have each a route of their own policy."""
        return f"admin:guidance_version_{'decide' if self.permission == APPROVE else 'do'}"


_DRAFT, _SENT = Version.State.DRAFT, Version.State.SENT
DEEDS: Final = {
    "send": Deed(
        "Send for approval",
        "A second person approves it, or gives it back. Nobody changes it meanwhile.",
        WRITE,
        _DRAFT,
        DecideForm,
        services.send,
    ),
    "discard": Deed(
        "Discard",
        "It stays on the desk and is never shown.",
        WRITE,
        _DRAFT,
        DecideForm,
        services.discard,
        warning=True,
    ),
    "take_back": Deed(
        "Take back",
        "It is a draft again, and can be changed.",
        WRITE,
        _SENT,
        DecideForm,
        services.take_back,
        by_writers=True,
        warning=True,
    ),
    "approve": Deed(
        "Approve",
        "The public reads it from its day on. It is never changed again: another version replaces it. "
        "What was approved before for the same day or a later one, and is not shown yet, never is.",
        APPROVE,
        _SENT,
        DecideForm,
        services.approve,
        by_writers=False,
    ),
    "give_back": Deed(
        "Give back",
        "It is a draft again, with what is to be done about it.",
        APPROVE,
        _SENT,
        GiveBackForm,
        services.give_back,
        by_writers=False,
        warning=True,
    ),
}


def offered(version: Version, by: User) -> list[tuple[str, Deed]]:
    """What ``by`` may do with a version as it is."""
    wrote = by.pk == version.drafted_by_id or any(each.pk == by.pk for each in version.writers.all())
    return [
        (name, deed)
        for name, deed in DEEDS.items()
        if deed.state == version.state
        and deed.permission in by.staff_grants
        and deed.by_writers in (None, wrote)
    ]
