"""What the staff desk shows and offers for inspections, and adds to the page of a notification."""

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.db.models import QuerySet

from inspections import services
from inspections.models import Finding, Inspection
from inspections.queries import arisen, declined, findings_of, read_standing
from inspections.services.findings import not_findable
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import roles_with
from regulator.casework.desk import (
    DayInput,
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
from regulator.organisations.models import Modality, Site


def open_sites(case: Case) -> QuerySet[Site]:
    return Site.objects.filter(employer=case.employer_id, is_open=True)


class OpenForm(WordsForm):
    """What opening a reactive inspection asks for."""

    site = forms.ModelChoiceField(queryset=Site.objects.none(), required=False)
    modality = forms.ChoiceField(choices=Modality.choices)
    planned_on = forms.DateField(label="Planned for", widget=DayInput())
    scope = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), required=False)
    lead = forms.ModelChoiceField(queryset=User.objects.none(), required=False, label="Lead inspector")

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        self.fields["site"].queryset = open_sites(case)  # type: ignore[attr-defined]
        self.fields["site"].initial = case.site_id
        self.fields["modality"].initial = case.modality
        inspectors = User.objects.filter(is_active=True, role__in=roles_with("inspections.conduct"))
        self.fields["lead"].queryset = inspectors  # type: ignore[attr-defined]


class VisitForm(DeskForm):
    """The day of the visit."""

    visited_on = forms.DateField(label="Visited on", initial=clock.today, widget=DayInput())


class FindingForm(WordsForm):
    """One finding, against the provisions in force on the day of the visit."""

    kind = forms.ChoiceField(choices=Finding.Kind.choices, widget=forms.RadioSelect)
    provisions = forms.ModelMultipleChoiceField(
        queryset=Provision.objects.none(),
        required=False,
        help_text="As in force on the day of the visit. Hold Ctrl or Command to choose several.",
    )
    text = forms.CharField(label="Finding", widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        visited = Inspection.objects.values_list("visited_on", flat=True).filter(pk=case.pk).first()
        standing = Provision.objects.in_force_on(visited or clock.today())
        self.fields["provisions"].queryset = standing.exclude(instrument__startswith="HSWA")  # type: ignore[attr-defined]


def open_reactive(*, case: Case, by: User, version: int, **cleaned: Any) -> Case:
    """Open a reactive inspection that arises from ``case``, which itself does not change."""
    opened = services.open_inspection(
        employer=case.employer, trigger=Inspection.Trigger.REACTIVE, arose_from=case, by=by, **cleaned
    )
    return opened.case


def _deed(service: Callable[..., object]) -> Deed:
    """A service as a button presses it: on the inspection of the case, with what the form gathered."""

    def run(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
        lists = {name: list(value) for name, value in cleaned.items() if isinstance(value, QuerySet)}
        service(inspection=case.inspection, by=by, version=version, **cleaned | lists)

    return run


def facts(case: Case) -> list[FactSection]:
    """The inspection and its findings (five queries at most, whatever their number)."""
    inspection = Inspection.objects.select_related("arose_from").get(pk=case.pk)
    found = tuple(
        (
            finding.get_kind_display(),
            "; ".join([finding.text, ", ".join(each.citation for each in finding.provisions.all())]).rstrip(
                "; "
            ),
        )
        for finding in findings_of(case)
    )
    rows: tuple[tuple[str, object], ...] = (
        ("Why", inspection.get_trigger_display()),
        ("Arose from", inspection.arose_from or ""),
        ("Scope", inspection.scope),
        ("Brachytherapy", "Yes" if inspection.brachytherapy else "No"),
        ("Planned for", inspection.planned_on),
        ("Announced on", inspection.announced_on or ""),
        ("Visited on", inspection.visited_on or ""),
        ("Feedback issued on", inspection.feedback_issued_on or ""),
        ("Action plan accepted on", inspection.plan_received_on or ""),
    )
    return [
        FactSection("Inspection", rows),
        FactSection("Findings", found or (("Findings", "None recorded"),)),
    ]


def arising_facts(case: Case) -> list[FactSection]:
    """The inspections that arose from a case, or that one is proposed or was decided against (at most four
    queries)."""
    read_standing(case)
    rows: tuple[tuple[str, object], ...] = tuple(
        (str(each.case), f"{each.get_trigger_display()}, {each.case.status_label.lower()}")
        for each in arisen(case)
    )
    if rows:
        return [FactSection("Inspections that arose from this", rows)]
    against = declined(case) if case.risk == Case.Risk.HIGH else None
    if against is not None:
        who = f"{against.declined_by}, {as_text(against.declined_at)}"
        return [FactSection("No reactive inspection", (("Decided by", who), ("Reason", against.reason)))]
    if services.proposal_refusal(case):
        return []
    proposal = "The risk is high: open one, or decide against it and say why."
    return [FactSection("Reactive inspection", (("Proposed", proposal),))]


def _decline(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    services.decline_inspection(case=case, by=by, version=version, **cleaned)


def _undecided(case: Case, by: User) -> str:
    return services.proposal_refusal(case)


class DeclineForm(ReasonForm):
    """Why no inspection follows, though the risk is high."""


def _findable(case: Case, by: User) -> str:
    return not_findable(case)


PAGE: Final = DeskPage(
    facts=facts,
    actions=(
        DeskAction(
            "announce",
            "Announce to the employer",
            "inspections.conduct",
            DeskForm,
            _deed(services.announce),
            "announce",
        ),
        DeskAction(
            "visit", "Record the visit", "inspections.conduct", VisitForm, _deed(services.visit), "visit"
        ),
        DeskAction(
            "record_finding",
            "Record a finding",
            "inspections.record_finding",
            FindingForm,
            _deed(services.record_finding),
            condition=_findable,
        ),
        DeskAction(
            "issue_feedback",
            "Issue feedback",
            "inspections.conduct",
            DeskForm,
            _deed(services.issue_feedback),
            "issue_feedback",
        ),
        DeskAction(
            "accept_plan",
            "Accept the action plan",
            "inspections.conduct",
            DeskForm,
            _deed(services.accept_plan),
            "accept_plan",
        ),
        DeskAction("close", "Close", "inspections.close", DeskForm, _deed(services.close), "close"),
        DeskAction(
            "cancel",
            "Cancel",
            "inspections.conduct",
            ReasonForm,
            _deed(services.cancel),
            "cancel",
            warning=True,
        ),
        DeskAction(
            "drop",
            "Drop from the plan",
            "inspections.conduct",
            ReasonForm,
            _deed(services.cancel),
            "drop",
            warning=True,
        ),
    ),
)
ON_NOTIFICATIONS: Final = DeskExtra(
    kind="notification",
    actions=(
        DeskAction(
            "open_inspection", "Open a reactive inspection", "inspections.open", OpenForm, open_reactive
        ),
        DeskAction(
            "decline_inspection",
            "Decide against an inspection",
            "inspections.open",
            DeclineForm,
            _decline,
            condition=_undecided,
        ),
    ),
    facts=arising_facts,
)
