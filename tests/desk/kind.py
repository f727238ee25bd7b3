"""A small kind of case for the desk's own tests: three states, three deeds, one needing a reason."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from regulator.accounts.models import User
from regulator.casework.chain import writing
from regulator.casework.desk import DeskAction, DeskForm, DeskPage, FactSection, ReasonForm
from regulator.casework.kinds import CaseKind
from regulator.casework.lifecycle import Lifecycle, State, Transition
from regulator.casework.models import Case
from regulator.casework.services import changing, mint_reference, move, open_case
from regulator.deadlines.kinds import Counting, DeadlineKind
from regulator.organisations.models import Employer

LIFECYCLE = Lifecycle(
    initial="waiting",
    states=(
        State("waiting", "Waiting", "Nobody has looked yet."),
        State("looked_at", "Looked at", "Somebody has looked."),
        State("done", "Done", "It is over.", over=True),
    ),
    transitions=(
        Transition("look", "Look", ("waiting",), "looked_at", "notifications.triage", "trial.looked_at"),
        Transition(
            "finish", "Finish", ("looked_at",), "done", "notifications.close", "trial.done", needs_reason=True
        ),
    ),
)
TRIAL = CaseKind("trial", "Trial", "TRL", LIFECYCLE, follow="notifications.follow")


class LookForm(DeskForm):
    comment = forms.CharField(label="Comment", widget=forms.Textarea)
    risk = forms.TypedChoiceField(label="Risk", choices=Case.Risk.choices, coerce=int)


def look(*, case: Case, by: User, version: int, comment: str, risk: int) -> None:
    if comment == "unacceptable":
        raise ValidationError({"comment": "Say it differently.", "elsewhere": "Something else is wrong."})
    with changing(case, version=version) as held:
        move(held, "look", by=by)
        held.risk = risk


def finish(*, case: Case, by: User, version: int, reason: str, identifies_nobody: str) -> None:
    with changing(case, version=version) as held:
        move(held, "finish", by=by, reason=reason, identifies_nobody=identifies_nobody)


def follow_up(*, case: Case, by: User, version: int, **cleaned: Any) -> Case:
    return open_trial(employer=case.employer, by=by, summary="Follows from another")


def never_for_you(case: Case, by: User) -> str:
    return "You drafted this, so somebody else must do it." if case.created_by_id == by.pk else ""


PAGE = DeskPage(
    facts=lambda case: [FactSection("What was tried", (("Trial", "<b>bold</b>"), ("When", case.created_at)))],
    actions=(
        DeskAction("look", "Look at it", "notifications.triage", LookForm, look, transition="look"),
        DeskAction(
            "finish", "Finish", "notifications.close", ReasonForm, finish, transition="finish", warning=True
        ),
        DeskAction(
            "follow-up", "Follow up", "inspections.open", DeskForm, follow_up, condition=never_for_you
        ),
    ),
)
CLOCK = DeadlineKind(
    "trial.answer", "Answer", 14, Counting.CALENDAR, "the test's own rule", (), "none", lambda case: ()
)


def open_trial(*, employer: Employer, by: User, **fields: Any) -> Case:
    """A trial case with its reference, opened now."""
    with writing():
        case = open_case(kind="trial", employer=employer, by=by, **fields)
        with changing(case, version=case.version) as held:
            mint_reference(held)
    return case
