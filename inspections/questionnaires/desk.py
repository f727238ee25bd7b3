"""What the desk shows of questionnaires on an inspection's page and on its home, and the deeds there."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from inspections.lifecycle import CONDUCT
from inspections.questionnaires import forms, services
from inspections.questionnaires.models import Questionnaire
from inspections.questionnaires.queries import of_case, to_read
from regulator.accounts.models import User
from regulator.casework.desk import Deed, DeskAction, DeskExtra, FactSection, HomeLine, HomePanel, Linked
from regulator.casework.home import queue_url
from regulator.casework.models import Case
from regulator.casework.wording import as_text
from regulator.organisations.policies import may

MARK: Final = "questionnaire_to_read"
State = Questionnaire.State


def page_of(questionnaire: Questionnaire) -> str:
    """The path of its page on the desk."""
    return reverse("admin:questionnaires_questionnaire_change", args=[questionnaire.pk])


def facts(case: Case) -> list[FactSection]:
    """Each questionnaire that was sent: until when, whether it is in, how much is not in place (no query once
    the case's lists are read)."""
    return [FactSection("Self-assessment questionnaire", _rows(each)) for each in of_case(case)]


def _rows(sent: Questionnaire) -> tuple[tuple[str | Case, object], ...]:
    rows: list[tuple[str | Case, object]] = [
        ("Questionnaire", Linked(str(sent), page_of(sent))),
        ("State", sent.state.label),
        ("Sent", f"{as_text(sent.sent_on)}, by {sent.sent_by}"),
        ("To be answered by", sent.due_on),
    ]
    if sent.submitted_at is not None:
        day = as_text(timezone.localdate(sent.submitted_at))
        rows.append(("Submitted", f"{day}, by {sent.submitted_by}"))
        rows.append(("Answered “No” or “Partly”", f"{sent.said_no} no, {sent.said_partly} partly"))
    if sent.returned_at is not None:
        rows.append(("Last returned", timezone.localdate(sent.returned_at)))
    if sent.accepted_at is not None:
        rows.append(("Accepted", f"{as_text(timezone.localdate(sent.accepted_at))}, by {sent.accepted_by}"))
    if sent.withdrawn_at is not None:
        rows.append(
            ("Withdrawn", f"{as_text(timezone.localdate(sent.withdrawn_at))}, by {sent.withdrawn_by}")
        )
    return tuple(rows)


def _deed(service: Callable[..., object]) -> Deed:
    """A service as a button presses it: on the inspection of the case, with what the form gathered."""

    def run(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
        lists = {name: list(value) for name, value in cleaned.items() if isinstance(value, QuerySet)}
        service(inspection=case.inspection, by=by, version=version, **cleaned | lists)

    return run


def _sendable(case: Case, by: User) -> str:
    return services.not_sendable(case)


def _needs(states: Sequence[State], otherwise: str) -> Callable[[Case, User], str]:
    """A condition: that the inspection goes on and a questionnaire is in one of ``states``."""

    def condition(case: Case, by: User) -> str:
        if case.is_over:
            return "The inspection is over."
        return "" if any(each.state in states for each in of_case(case)) else otherwise

    return condition


_TO_READ: Final = _needs((State.SUBMITTED,), "No questionnaire waits to be read.")
_STANDING: Final = _needs(
    (State.SENT, State.SUBMITTED, State.RETURNED), "No questionnaire was sent that could be taken back."
)
ON_INSPECTIONS: Final = DeskExtra(
    kind="inspection",
    facts=facts,
    actions=(
        DeskAction(
            "send_questionnaire",
            "Send a questionnaire",
            CONDUCT,
            forms.SendForm,
            _deed(services.send_questionnaire),
            condition=_sendable,
        ),
        DeskAction(
            "accept_questionnaire",
            "Accept the questionnaire",
            CONDUCT,
            forms.AcceptForm,
            _deed(services.accept_questionnaire),
            condition=_TO_READ,
        ),
        DeskAction(
            "return_questionnaire",
            "Return the questionnaire",
            CONDUCT,
            forms.ReturnForm,
            _deed(services.return_questionnaire),
            condition=_TO_READ,
        ),
        DeskAction(
            "withdraw_questionnaire",
            "Take the questionnaire back",
            CONDUCT,
            forms.WithdrawForm,
            _deed(services.withdraw_questionnaire),
            condition=_STANDING,
            warning=True,
        ),
    ),
)


def questionnaires_to_read(user: User) -> HomePanel | None:
    """How many inspections have a questionnaire that waits to be read (one query). ``None`` for those who
    conduct no inspections."""
    if not may(user, CONDUCT):
        return None
    waiting = Case.objects.for_user(user).filter(to_read()).count()
    return HomePanel("Questionnaires", (HomeLine("To read", waiting, queue_url(mark=MARK)),))
