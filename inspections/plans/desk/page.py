"""The deeds on a plan, on the page of its inspection."""

from collections.abc import Callable
from typing import Any, Final

from inspections.lifecycle import CONDUCT
from inspections.plans import services
from inspections.plans.desk import forms
from inspections.plans.desk.facts import KIND, facts, time_asked, to_cancel, to_confirm, to_reopen, undecided
from regulator.accounts.models import User
from regulator.casework.desk import Deed, DeskAction, DeskExtra, DeskForm
from regulator.casework.models import Case


def _deed(service: Callable[..., object]) -> Deed:
    """A service as a button presses it: on the inspection of the case, with what the form gathered."""

    def run(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
        service(inspection=case.inspection, by=by, version=version, **cleaned)

    return run


def _on(
    name: str,
    label: str,
    form: type[DeskForm],
    service: Callable[..., object],
    condition: Callable[[Case, User], str],
    transition: str = "",
) -> DeskAction:
    return DeskAction(name, label, CONDUCT, form, _deed(service), transition, condition=condition)


ON_INSPECTIONS: Final = DeskExtra(
    kind=KIND,
    actions=(
        _on(
            "accept_plan",
            "Accept the action plan",
            DeskForm,
            services.accept_plan,
            undecided,
            "accept_plan",
        ),
        _on("return_plan", "Return the action plan", forms.ReturnForm, services.return_plan, undecided),
        _on(
            "confirm_action",
            "Confirm that an action is done",
            forms.ConfirmForm,
            services.confirm_action,
            to_confirm,
        ),
        _on("reopen_action", "Reopen an action", forms.ReopenForm, services.reopen_action, to_reopen),
        _on(
            "give_action_time",
            "Give more time for an action",
            forms.GrantForm,
            services.grant_more_time,
            time_asked,
        ),
        _on(
            "refuse_action_time",
            "Refuse more time for an action",
            forms.RefuseForm,
            services.refuse_more_time,
            time_asked,
        ),
        _on(
            "agree_to_cancel_action",
            "Agree to cancel an action",
            forms.AgreeForm,
            services.agree_cancel,
            to_cancel,
        ),
        _on(
            "refuse_to_cancel_action",
            "Refuse to cancel an action",
            forms.DisagreeForm,
            services.refuse_cancel,
            to_cancel,
        ),
    ),
    facts=facts,
)
