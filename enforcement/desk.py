"""What the staff desk shows of a notice and offers on it, and what enforcement adds to an inspection's page.

The forms that the deeds ask for are in ``enforcement.desk_forms``.
"""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import QuerySet

from enforcement import desk_forms as forms
from enforcement import services
from enforcement.conditions import (
    not_extendable,
    not_withdrawable,
    not_yet_late,
    own_draft,
    publication_opens_after,
)
from enforcement.legal_clock import last_day_to_appeal_cautious
from enforcement.lifecycle import DRAFT
from enforcement.models import Notice
from enforcement.queries import notices_of
from inspections.lifecycle import ON_SITE_OR_AFTER
from inspections.models import Finding
from regulator.accounts.models import User
from regulator.casework.desk import (
    Deed,
    DeskAction,
    DeskExtra,
    DeskForm,
    DeskPage,
    FactSection,
    ReasonForm,
    WordsForm,
)
from regulator.casework.models import Case
from regulator.casework.wording import as_text
from regulator.legislation.models import Provision


def draft_improvement(*, case: Case, by: User, version: int, **cleaned: Any) -> Case:
    """Draft an improvement notice on breaches found by an inspection, which itself does not change."""
    findings = list(cleaned.pop("findings"))
    cited = Provision.objects.filter(findings__in=findings).distinct()
    notice = services.draft_notice(
        employer=case.employer,
        site=case.site,
        modality=case.modality,
        notice_type=Notice.Type.IMPROVEMENT,
        provisions=list(cited),
        inspection=case.inspection,
        findings=findings,
        by=by,
        **cleaned,
    )
    return notice.case


def _deed(service: Callable[..., object]) -> Deed:
    """A service as a button presses it: on the notice of the case, with what the form gathered."""

    def run(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
        lists = {name: list(value) for name, value in cleaned.items() if isinstance(value, QuerySet)}
        service(notice=case.notice, by=by, version=version, **cleaned | lists)

    return run


def facts(case: Case) -> list[FactSection]:
    """The notice, its service and its appeals (six queries at most, whatever their number)."""
    notice = Notice.objects.select_related(
        "legal_power", "inspection__case", "drafted_by", "approved_by", "served_by"
    ).get(pk=case.pk)
    notice.case = case  # so that the buttons' conditions need not read it again
    return [
        FactSection("Notice", _content(notice)),
        FactSection("Service and compliance", _service(notice)),
        *_appeals(notice),
    ]


def _content(notice: Notice) -> tuple[tuple[str, object], ...]:
    provisions = [breach.provision.citation for breach in notice.breaches.select_related("provision")]
    return (
        ("Type", notice.get_type_display()),
        ("Served under", notice.legal_power),
        ("Inspection", notice.inspection.case if notice.inspection else ""),
        ("Breach on or before", notice.breach_on),
        ("Provisions", ", ".join(provisions)),
        ("Opinion", notice.opinion),
        ("Reasons", notice.reasons),
        ("Required action", notice.required_action),
        ("Days for compliance proposed", notice.compliance_days or ""),
        ("Drafted by", notice.drafted_by or ""),
        ("Approved by", notice.approved_by or ""),
    )


def _service(notice: Notice) -> tuple[tuple[str, object], ...]:
    if notice.served_on is None:
        return (("Served on", ""),)
    appeal, opens_after = last_day_to_appeal_cautious(notice.served_on), publication_opens_after(notice)
    return (
        ("Served on", notice.served_on),
        ("Served by", notice.served_by or ""),
        ("How", notice.get_method_display()),
        ("Served at", notice.served_to_address),
        ("Proof of service", notice.proof),
        ("Last day to appeal, as told to the employer", appeal.on),
        ("How that was counted", appeal.derivation),
        ("Not to be published up to and including", opens_after.on if opens_after else ""),
        ("How that was counted", opens_after.derivation if opens_after else ""),
        ("Comply by", notice.compliance_on or ""),
        ("Complied on", notice.complied_on or ""),
        ("How compliance was shown", notice.get_how_complied_display()),
        ("Withdrawn on", notice.withdrawn_on or ""),
        ("On the public register since", notice.published_on or ""),
    )


def _appeals(notice: Notice) -> list[FactSection]:
    rows: list[tuple[str, object]] = []
    appeals = notice.appeals.select_related("former_content")
    for appeal in appeals.prefetch_related("former_content__provisions"):
        lodged = f"Lodged on {as_text(appeal.lodged_on)}" + (" with leave" if appeal.late_with_leave else "")
        decided = f"{appeal.get_outcome_display()} on {as_text(appeal.disposed_on)}. {appeal.changes}".strip()
        rows.append((lodged, decided if appeal.outcome else "Pending"))
        if hasattr(appeal, "former_content"):
            former = appeal.former_content
            named = ", ".join(provision.citation for provision in former.provisions.all())
            rows.append(("Before that, provisions", named))
            rows.append(("Before that, required action", former.required_action))
    return [FactSection("Appeals", tuple(rows))] if rows else []


def notices_facts(case: Case) -> list[FactSection]:
    """The notices that rest on an inspection (one query); nothing where there are none."""
    rows = tuple(
        (each.case, f"{each.get_type_display()}, {each.case.status_label.lower()}")
        for each in notices_of(case)
    )
    return [FactSection("Notices", rows)] if rows else []


def _only_a_draft(case: Case, by: User) -> str:
    return "" if case.status == DRAFT else "Only a draft can be edited."


def _has_breaches(case: Case, by: User) -> str:
    if case.status not in ON_SITE_OR_AFTER:
        return "A notice is drafted after the visit and before the inspection is closed."
    if not Finding.objects.standing().filter(inspection=case.pk, kind=Finding.Kind.BREACH).exists():
        return "Record a breach first: a notice rests on one."
    return ""


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
        DeskAction("propose", "Propose", "enforcement.draft", WordsForm, _deed(services.propose), "propose"),
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
            own_draft,
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
            "record_appeal",
            "Record an appeal",
            "enforcement.record_appeal",
            forms.AppealForm,
            _deed(services.record_appeal),
            "lodge_appeal",
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
ON_INSPECTIONS: Final = DeskExtra(
    kind="inspection",
    actions=(
        DeskAction(
            "draft_improvement",
            "Draft an improvement notice",
            "enforcement.draft",
            forms.DraftForm,
            draft_improvement,
            condition=_has_breaches,
        ),
    ),
    facts=notices_facts,
)
