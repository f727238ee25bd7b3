"""What the staff desk shows of a notice and offers on it.

The forms that the deeds ask for are in ``enforcement.desk_forms``, beginning a notice is in
``enforcement.desk_drafting``.
"""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import QuerySet

from enforcement import desk_forms as forms
from enforcement import services
from enforcement.conditions import (
    not_extendable,
    not_lodged_anew,
    not_satisfied,
    not_suspendable,
    not_withdrawable,
    not_yet_late,
    own_draft,
    publication_opens_after,
    reached_the_employer,
    unserved,
)
from enforcement.desk_appeals import appeals
from enforcement.desk_findings import not_approvable, not_proposable, not_reviewable
from enforcement.legal_clock import last_day_to_appeal_cautious
from enforcement.lifecycle import APPROVED, DRAFT
from enforcement.models import Notice
from enforcement.papers.proposing import warning
from enforcement.register.wording import due_called, seen_on
from regulator.accounts.models import User
from regulator.casework.desk import (
    Deed,
    DeskAction,
    DeskForm,
    DeskPage,
    FactSection,
    ReasonForm,
    WordsForm,
)
from regulator.casework.models import Case


def _deed(service: Callable[..., object]) -> Deed:
    """A service as a button presses it: on the notice of the case, with what the form gathered."""

    def run(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
        lists = {name: list(value) for name, value in cleaned.items() if isinstance(value, QuerySet)}
        service(notice=case.notice, by=by, version=version, **cleaned | lists)

    return run


def facts(case: Case) -> list[FactSection]:
    """The notice, its service and its appeals (six queries at most, whatever their number)."""
    notice = Notice.objects.select_related(
        "legal_power", "inspection__case", "drafted_by", "reviewed_by", "approved_by", "served_by"
    ).get(pk=case.pk)
    notice.case = case  # so that the buttons' conditions need not read it again
    return [
        FactSection("Notice", _content(notice)),
        FactSection("Service and compliance", _service(notice)),
        *appeals(notice),
    ]


def _content(notice: Notice) -> tuple[tuple[str, object], ...]:
    provisions = [breach.provision.citation for breach in notice.breaches.select_related("provision")]
    return (
        ("Type", notice.get_type_display()),
        ("Served under", notice.legal_power),
        ("Inspection", notice.inspection.case if notice.inspection else ""),
        (seen_on(notice.type), notice.breach_on),
        ("Provisions", ", ".join(provisions)),
        ("Opinion", notice.opinion),
        ("Reasons", notice.reasons),
        ("Required action", notice.required_action),
        *((("Look again", said),) if (said := _said_of(notice)) else ()),
        ("Schedule of directions", notice.directions),
        ("Days for compliance proposed", notice.compliance_days or ""),
        ("Drafted by", notice.drafted_by or ""),
        ("Legally reviewed by", notice.reviewed_by or ""),
        ("Approved by", notice.approved_by or ""),
    )


def _said_of(notice: Notice) -> str:
    return warning(notice.type, notice.required_action) if notice.served_on is None else ""


def _service(notice: Notice) -> tuple[tuple[str, object], ...]:
    if notice.served_on is None:
        return (("Served on", ""),)
    appeal, opens_after = last_day_to_appeal_cautious(notice.served_on), publication_opens_after(notice)
    return (
        ("Served on", notice.served_on),
        ("At", notice.served_at or ""),
        ("Served by", notice.served_by or ""),
        ("How", notice.get_method_display()),
        ("Address", notice.served_to_address),
        ("Office", notice.served_to_office),
        ("Proof of service", notice.proof),
        ("Last day to appeal, as told to the employer", appeal.on),
        ("How that was counted", appeal.derivation),
        ("Not to be published up to and including", opens_after.on if opens_after else ""),
        ("How that was counted", opens_after.derivation if opens_after else ""),
        (due_called(notice.type), notice.compliance_on or ""),
        ("Complied on", notice.complied_on or ""),
        ("How compliance was shown", notice.get_how_complied_display()),
        ("Withdrawn on", notice.withdrawn_on or ""),
        ("On the public register since", notice.published_on or ""),
    )


def not_to_be_served(case: Case, by: User) -> str:
    return own_draft(case, by) if case.status == APPROVED else "Only an approved notice is served."


def _only_a_draft(case: Case, by: User) -> str:
    return "" if case.status == DRAFT else "Only a draft can be edited."


PAGE: Final = DeskPage(
    facts=facts,
    actions=(
        DeskAction(
            "edit",
            "Edit the draft",
            "enforcement.draft",
            forms.EditForm,
            _deed(services.edit_notice),
            condition=_only_a_draft,
        ),
        DeskAction(
            "propose",
            "Propose",
            "enforcement.draft",
            WordsForm,
            _deed(services.propose),
            "propose",
            not_proposable,
        ),
        DeskAction(
            "pass_review",
            "Find in order",
            "enforcement.review_legally",
            forms.ReviewForm,
            _deed(services.pass_review),
            "pass_review",
            not_reviewable,
        ),
        DeskAction(
            "fail_review",
            "Return with points of law",
            "enforcement.review_legally",
            forms.PointsForm,
            _deed(services.fail_review),
            "fail_review",
            own_draft,
        ),
        DeskAction(
            "return",
            "Return to the drafter",
            "enforcement.approve",
            ReasonForm,
            _deed(services.return_to_drafter),
            "return",
        ),
        DeskAction(
            "approve",
            "Approve",
            "enforcement.approve",
            DeskForm,
            _deed(services.approve),
            "approve",
            not_approvable,
        ),
        DeskAction(
            "serve",
            "Record service",
            "enforcement.serve",
            forms.ServeForm,
            _deed(services.serve),
            "serve",
            own_draft,
        ),
        DeskAction(
            "record_failed_attempt",
            "Record an attempt that came to nothing",
            "enforcement.serve",
            forms.FailedAttemptForm,
            _deed(services.record_failed_attempt),
            condition=not_to_be_served,
        ),
        DeskAction(
            "add_proof",
            "Add a proof of service",
            "enforcement.serve",
            forms.ProofForm,
            _deed(services.add_proof),
            condition=unserved,
        ),
        DeskAction(
            "fail_service",
            "Record that it was not served after all",
            "enforcement.serve",
            forms.FailedServiceForm,
            _deed(services.fail_service),
            "fail_service",
            reached_the_employer,
            warning=True,
        ),
        DeskAction(
            "record_appeal",
            "Record an appeal",
            "enforcement.record_appeal",
            forms.AppealForm,
            _deed(services.record_appeal),
            "lodge_appeal",
            not_lodged_anew,
        ),
        DeskAction(
            "suspend",
            "Record the tribunal’s suspension",
            "enforcement.record_appeal",
            forms.SuspendForm,
            _deed(services.record_suspension),
            condition=not_suspendable,
        ),
        DeskAction(
            "dispose_appeal",
            "Record the tribunal's decision",
            "enforcement.record_appeal",
            forms.DisposalForm,
            _deed(services.dispose_appeal),
            "uphold",
        ),
        DeskAction(
            "extend",
            "Give more time",
            "enforcement.decide_compliance",
            forms.ExtendForm,
            _deed(services.extend_compliance),
            condition=not_extendable,
        ),
        DeskAction(
            "comply",
            "Record compliance",
            "enforcement.decide_compliance",
            forms.ComplyForm,
            _deed(services.record_compliance),
            "comply",
            not_satisfied,
        ),
        DeskAction(
            "fail",
            "Record failure to comply",
            "enforcement.decide_compliance",
            ReasonForm,
            _deed(services.record_failure),
            "fail",
            not_yet_late,
        ),
        DeskAction(
            "withdraw",
            "Withdraw",
            "enforcement.withdraw",
            ReasonForm,
            _deed(services.withdraw),
            "withdraw",
            not_withdrawable,
            warning=True,
        ),
        DeskAction(
            "abandon",
            "Abandon",
            "enforcement.draft",
            ReasonForm,
            _deed(services.abandon),
            "abandon",
            warning=True,
        ),
    ),
)
