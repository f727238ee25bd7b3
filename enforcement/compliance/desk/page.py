"""The deeds on an employer's answers, on the page of the notice."""

from collections.abc import Callable
from typing import Any, Final

from enforcement.compliance import services
from enforcement.compliance.desk import facts, forms
from enforcement.compliance.services.appealing import CONFIRM
from enforcement.compliance.services.holding import DECIDE
from regulator.accounts.models import User
from regulator.casework.desk import Deed, DeskAction, DeskExtra, DeskForm, ReasonForm
from regulator.casework.models import Case


def _deed(service: Callable[..., object]) -> Deed:
    """A service as a button presses it: on the notice of the case, with what the form gathered."""

    def run(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
        service(notice=case.notice, by=by, version=version, **cleaned)

    return run


def reinspect(*, case: Case, by: User, version: int, **cleaned: Any) -> Case:
    """Open an inspection from a notice, which itself does not change, so that no version can be too old."""
    further = list(cleaned.pop("further_sites"))
    made = services.open_reinspection(notice=case.notice, by=by, further_sites=further, **cleaned)
    return made.case


def _on(
    name: str,
    label: str,
    form: type[DeskForm],
    service: Callable[..., object],
    condition: Callable[[Case, User], str],
    *,
    permission: str = DECIDE,
    transition: str = "",
) -> DeskAction:
    return DeskAction(name, label, permission, form, _deed(service), transition, condition=condition)


ON_NOTICES: Final = DeskExtra(
    kind="notice",
    actions=(
        _on(
            "accept_evidence",
            "Accept the evidence",
            forms.AcceptForm,
            services.accept_evidence,
            facts.undecided,
            transition="comply",
        ),
        _on(
            "return_evidence",
            "Return the evidence",
            forms.ReturnForm,
            services.return_evidence,
            facts.returnable,
        ),
        _on(
            "refuse_more_time",
            "Refuse more time to comply",
            ReasonForm,
            services.refuse_more_time,
            facts.time_asked,
        ),
        _on(
            "confirm_appeal",
            "Confirm the employer’s appeal",
            DeskForm,
            services.confirm_appeal,
            facts.claimed,
            permission=CONFIRM,
            transition="lodge_appeal",
        ),
        _on(
            "decline_appeal",
            "Decline the employer’s appeal",
            ReasonForm,
            services.decline_appeal,
            facts.claimed,
            permission=CONFIRM,
        ),
        DeskAction(
            "reinspect",
            "Open an inspection of compliance",
            "inspections.open",
            forms.ReinspectForm,
            reinspect,
            condition=facts.reinspectable,
        ),
        _on(
            "refer_for_prosecution",
            "Refer to prosecution",
            forms.ReferForm,
            services.refer_for_prosecution,
            facts.to_refer,
        ),
        _on(
            "record_prosecution",
            "Record what came of the prosecution",
            forms.OutcomeForm,
            services.record_prosecution,
            facts.referred,
        ),
    ),
    facts=facts.facts,
)
