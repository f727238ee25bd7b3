"""The deeds on an inspection's page of the desk, and those that inspections add to a notification's."""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import QuerySet

from inspections import services
from inspections.desk import forms
from inspections.desk.facts import arising_facts, facts
from inspections.lifecycle import CONDUCT
from inspections.services.findings import not_findable
from inspections.services.team import over
from inspections.services.visiting import not_visitable_again
from regulator.accounts.models import User
from regulator.casework.desk import Deed, DeskAction, DeskExtra, DeskForm, DeskPage, ReasonForm
from regulator.casework.models import Case
from regulator.casework.reading import listed


def open_from_notification(*, case: Case, by: User, version: int, **cleaned: Any) -> Case:
    """Open an inspection that arises from ``case``, which itself does not change."""
    cleaned["further_sites"] = list(cleaned["further_sites"])
    return services.open_inspection(employer=case.employer, arose_from=case, by=by, **cleaned).case


def follow_up(*, case: Case, by: User, version: int, **cleaned: Any) -> Case:
    """Open a follow-up of the inspection, which itself does not change."""
    cleaned["further_sites"] = list(cleaned["further_sites"])
    return services.open_follow_up(first=case.inspection, by=by, **cleaned).case


def _deed(service: Callable[..., object]) -> Deed:
    """A service as a button presses it: on the inspection of the case, with what the form gathered."""

    def run(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
        lists = {name: list(value) for name, value in cleaned.items() if isinstance(value, QuerySet)}
        service(inspection=case.inspection, by=by, version=version, **cleaned | lists)

    return run


def _decline(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    services.decline_inspection(case=case, by=by, version=version, **cleaned)


def _undecided(case: Case, by: User) -> str:
    return services.proposal_refusal(case)


def _findable(case: Case, by: User) -> str:
    return not_findable(case)


def _visitable_again(case: Case, by: User) -> str:
    return not_visitable_again(case)


def _replannable(case: Case, by: User) -> str:
    return services.not_replannable(case)


def _going(case: Case, by: User) -> str:
    return over(case)


def _has_team(case: Case, by: User) -> str:
    return over(case) or ("" if listed(case, "inspections.team") else "Only the lead is on the team.")


def _followable(case: Case, by: User) -> str:
    return services.not_followable(case)


def _moving(
    name: str,
    label: str,
    service: Callable[..., object],
    form: type[DeskForm] = DeskForm,
    *,
    warning: bool = False,
) -> DeskAction:
    """A deed that takes the transition of its own name, under the permission to conduct inspections."""
    return DeskAction(name, label, CONDUCT, form, _deed(service), name, warning=warning)


PAGE: Final = DeskPage(
    facts=facts,
    actions=(
        DeskAction(
            "replan",
            "Plan another day",
            CONDUCT,
            forms.ReplanForm,
            _deed(services.replan),
            condition=_replannable,
        ),
        _moving("visit", "Record the visit", services.visit, forms.VisitForm),
        DeskAction(
            "visit_again",
            "Record a further visit",
            CONDUCT,
            forms.VisitForm,
            _deed(services.visit_again),
            condition=_visitable_again,
        ),
        DeskAction(
            "join_team",
            "Add to the team",
            CONDUCT,
            forms.JoinForm,
            _deed(services.join_team),
            condition=_going,
        ),
        DeskAction(
            "leave_team",
            "Take off the team",
            CONDUCT,
            forms.LeaveForm,
            _deed(services.leave_team),
            condition=_has_team,
        ),
        DeskAction(
            "record_finding",
            "Record a finding",
            "inspections.record_finding",
            forms.FindingForm,
            _deed(services.record_finding),
            condition=_findable,
        ),
        _moving("draft_feedback", "The feedback is drafted", services.draft_feedback),
        DeskAction("close", "Close", "inspections.close", DeskForm, _deed(services.close), "close"),
        DeskAction(
            "follow_up",
            "Open a follow-up inspection",
            "inspections.open",
            forms.FollowUpForm,
            follow_up,
            condition=_followable,
        ),
        _moving("stand_down", "Stand down", services.stand_down, ReasonForm, warning=True),
        _moving("stand_down_unseen", "Take off the plan", services.stand_down, ReasonForm, warning=True),
    ),
)
ON_NOTIFICATIONS: Final = DeskExtra(
    kind="notification",
    actions=(
        DeskAction(
            "open_inspection",
            "Open a reactive inspection",
            "inspections.open",
            forms.OpenForm,
            open_from_notification,
        ),
        DeskAction(
            "decline_inspection",
            "Decide against an inspection",
            "inspections.open",
            forms.DeclineForm,
            _decline,
            condition=_undecided,
        ),
    ),
    facts=arising_facts,
)
