"""What the desk shows on a notification of its learning case, and the deeds on it."""

from collections.abc import Callable
from typing import Any, Final

from django.urls import reverse

from notifications.learning import desk_forms as forms
from notifications.learning import services
from notifications.learning.conditions import (
    NOT_PUBLIC,
    OWN,
    not_closed,
    not_now,
    not_writable,
    open_one,
    published_one,
    restricted_since,
)
from notifications.learning.facts import Kinds
from notifications.learning.lifecycle import APPROVE, LIFECYCLE, PUBLISHED, WRITE
from notifications.learning.models import LearningCase
from notifications.learning.said import said
from notifications.queries import KIND
from regulator.accounts.models import User
from regulator.casework.desk import Deed, DeskAction, DeskExtra, FactSection, Linked, ReasonForm
from regulator.casework.meanwhile import Said
from regulator.casework.models import Case
from regulator.casework.reading import listed
from regulator.casework.wording import as_text

LIST: Final = "learning"
RESTRICTIONS: Final = "learning.restrictions"


def facts(case: Case) -> list[FactSection]:
    """Every revision of the learning case, the newest first (no query once the lists are read)."""
    rows: list[tuple[str | Case, object]] = []
    for each in reversed(listed(case, LIST)):
        rows.append((f"Revision {each.number}", standing(each)))
        if since := restricted_since(each, listed(case, RESTRICTIONS)):
            rows.append((f"Look at revision {each.number}", since))
        path = reverse("admin:learning_learningcase_change", args=[each.pk])
        rows.append((f"Read revision {each.number}", Linked("What it says, and what the checks found", path)))
    return [FactSection("Learning case", tuple(rows))] if rows else []


def standing(each: LearningCase) -> str:
    """Where a revision stands, and who had to do with it."""
    told = [f"{LIFECYCLE.label(each.state)}. Written by {each.written_by} on {as_text(each.written_at)}."]
    deeds = (
        ("Proposed", each.proposed_by, each.proposed_at, ""),
        ("Given back", each.returned_by, each.returned_at, each.returned_why),
        ("Approved", each.approved_by, each.approved_at, ""),
        ("Ended", each.ended_by, each.ended_at, each.ended_why),
    )
    for deed, by, at, why in deeds:
        if by is not None:
            told.append(f"{deed} by {by} on {as_text(at)}{f': {why}' if why else ''}.".replace("..", "."))
    return " ".join(told)


def _write(*, case: Case, by: User, version: int, identifies_nobody: str = "", **cleaned: Any) -> None:
    texts = forms.texts_in(cleaned)
    kinds = Kinds(**cleaned | {"themes": tuple(cleaned["themes"])})
    services.write_learning(
        notification=case.notification,
        by=by,
        version=version,
        texts=texts,
        kinds=kinds,
        identifies_nobody=identifies_nobody,
    )


def _deed(service: Callable[..., object], *unread: str) -> Deed:
    def run(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
        for name in unread:
            cleaned.pop(name, None)
        service(notification=case.notification, by=by, version=version, **cleaned)

    return run


def _open(case: Case) -> LearningCase | None:
    return next((each for each in listed(case, LIST) if each.is_open), None)


def _writable(case: Case, by: User) -> str:
    learning = _open(case)
    refused = not_closed(case) or not_writable(case, case.notification)
    return refused or ("" if learning is None else not_now("save", learning))


def _can(name: str) -> Callable[[Case, User], str]:
    """A condition: the open learning case allows the transition."""

    def condition(case: Case, by: User) -> str:
        return not_now(name, _open(case))

    return condition


def _approvable(case: Case, by: User) -> str:
    """As far as the rows tell; the service asks the chain as well."""
    learning = _open(case)
    if learning is None or not_now("approve", learning):
        return not_now("approve", learning)
    wrote = any(
        by.pk in (each.written_by_id, each.edited_by_id, each.proposed_by_id) for each in listed(case, LIST)
    )
    return OWN if wrote else ""


def _in_hand(case: Case) -> Said:
    return said(open_one(case))


def _in_library(case: Case) -> Said:
    return said(published_one(case))


def _withdrawable(case: Case, by: User) -> str:
    public = any(each.state == PUBLISHED for each in listed(case, LIST))
    return "" if public else NOT_PUBLIC


ON_NOTIFICATIONS: Final = DeskExtra(
    kind=KIND,
    actions=(
        DeskAction(
            "write_learning", "Write a learning case", WRITE, forms.WriteForm, _write, condition=_writable
        ),
        DeskAction(
            "propose_learning",
            "Propose the learning case",
            WRITE,
            forms.ProposeForm,
            _deed(services.propose_learning),
            condition=_can("propose"),
            shows=_in_hand,
        ),
        DeskAction(
            "approve_learning",
            "Publish the learning case",
            APPROVE,
            forms.ApproveForm,
            _deed(services.approve_learning, "learning_read"),
            condition=_approvable,
            shows=_in_hand,
        ),
        DeskAction(
            "return_learning",
            "Give the learning case back",
            APPROVE,
            ReasonForm,
            _deed(services.return_learning),
            condition=_can("return"),
            shows=_in_hand,
        ),
        DeskAction(
            "discard_learning",
            "Give up the learning case",
            WRITE,
            ReasonForm,
            _deed(services.discard_learning),
            condition=_can("discard"),
            warning=True,
            shows=_in_hand,
        ),
        DeskAction(
            "withdraw_learning",
            "Withdraw the learning case",
            APPROVE,
            ReasonForm,
            _deed(services.withdraw_learning),
            condition=_withdrawable,
            warning=True,
            shows=_in_library,
        ),
    ),
    facts=facts,
)
