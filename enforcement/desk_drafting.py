"""Drafting a notice on the desk: on what an inspection found, or from scratch for any employer.

Texts that are left empty are proposed (``papers.proposing``); the drafter edits them on the draft's page.
"""

from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from enforcement import services
from enforcement.desk_forms import ContentFields
from enforcement.models import Notice
from enforcement.papers.proposing import PROPOSED, texts_for
from enforcement.queries import notices_of
from enforcement.register.wording import seen_on
from inspections.desk.forms import open_sites
from inspections.lifecycle import ON_SITE_OR_AFTER
from inspections.models import Finding, Inspection
from regulator.accounts.models import User
from regulator.accounts.policies import signed_in
from regulator.casework.attempt import ConfirmsIdentifiers
from regulator.casework.beginning import Beginning
from regulator.casework.desk import DeskAction, DeskExtra, FactSection, SeveralField, WordsForm
from regulator.casework.models import Case
from regulator.frontend.fields import PlainErrors
from regulator.legislation.models import Provision
from regulator.organisations.models import Employer, Modality, Site

DRAFT: Final = "enforcement.draft"
_PROHIBITIONS: Final = (Notice.Type.PROHIBITION_IMMEDIATE, Notice.Type.PROHIBITION_DEFERRED)
_PICK_SEVERAL: Final = "Each as in force on that day. Hold Ctrl or Command to choose several."


def _choices(types: Any) -> list[tuple[str, str]]:
    return [(each.value, str(each.label)) for each in types]


class _ProposedFields(ContentFields):
    """The content of a notice that is begun: a text that is left empty is proposed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in PROPOSED:
            self.fields[name].required = False
        hint = "Left empty, these three are proposed from what you choose; you edit them afterwards."
        self.fields["opinion"].help_text = hint


class DraftForm(_ProposedFields, WordsForm):
    """An improvement notice on breaches that an inspection found."""

    findings = SeveralField(label="Breaches", queryset=Finding.objects.none())
    field_order = ("findings",)

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        self.fields["findings"].queryset = _breaches(case)  # type: ignore[attr-defined]
        visited = Inspection.objects.values_list("visited_on", flat=True).filter(pk=case.pk).first()
        self.fields["breach_on"].initial = visited


class ProhibitionForm(DraftForm):
    """A prohibition notice on a risk that an inspection found. It needs no breach (HSWA 1974 s22)."""

    notice_type = forms.ChoiceField(label="Type", choices=_choices(_PROHIBITIONS), widget=forms.RadioSelect)
    findings = SeveralField(
        label="Breaches",
        queryset=Finding.objects.none(),
        required=False,
        help_text="Only where the risk comes with breaches: it need not.",
    )
    field_order = ("notice_type", "findings")  # type: ignore[assignment]

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        self.fields["breach_on"].label = seen_on(Notice.Type.PROHIBITION_IMMEDIATE)
        days = self.fields["compliance_days"]
        days.required, days.label = False, "Days until it takes effect"
        days.help_text = "From the day of service, for a deferred one only."


class ScratchForm(_ProposedFields, ConfirmsIdentifiers, PlainErrors, forms.Form):
    """A notice on one employer that rests on no inspection in the portal."""

    notice_type = forms.ChoiceField(label="Type", choices=_choices(Notice.Type), widget=forms.RadioSelect)
    site = forms.ModelChoiceField(queryset=Site.objects.none(), required=False)
    modality = forms.ChoiceField(choices=[("", "---------"), *Modality.choices], required=False)
    provisions = SeveralField(
        queryset=Provision.objects.exclude(instrument__startswith="HSWA"),
        required=False,
        help_text=f"{_PICK_SEVERAL} A prohibition need not name any.",
    )
    field_order = ("notice_type", "site", "modality", "breach_on", "provisions")

    def __init__(self, *args: Any, employer: Employer, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["site"].queryset = open_sites(employer.pk)  # type: ignore[attr-defined]
        self.fields["breach_on"].label = "Breach, or risk found, on or before"
        self.fields["compliance_days"].required = False


def draft_improvement(*, case: Case, by: User, version: int, **cleaned: Any) -> Case:
    """Draft an improvement notice on breaches found by an inspection, which itself does not change."""
    return _draft_on(case, by, notice_type=Notice.Type.IMPROVEMENT, **cleaned)


def draft_prohibition(*, case: Case, by: User, version: int, **cleaned: Any) -> Case:
    """Draft a prohibition notice on a risk found by an inspection, which itself does not change."""
    return _draft_on(case, by, **cleaned)


def _draft_on(case: Case, by: User, **cleaned: Any) -> Case:
    findings = list(cleaned.pop("findings").prefetch_related("provisions"))
    cited = list(Provision.objects.filter(findings__in=findings).distinct())
    given = cleaned | {"provisions": cited, "findings": findings}
    notice = _drafted(case.employer, case.site, by, given, modality=case.modality, inspection=case.inspection)
    return notice.case


def _drafted(employer: Employer, site: Site | None, by: User, given: dict[str, Any], **more: Any) -> Notice:
    """The draft, with whatever text was left empty as it is proposed."""
    structure = {name: given[name] for name in ("notice_type", "breach_on", "provisions")}
    findings = given.get("findings", ())
    proposal = texts_for(employer=employer, site=site, findings=findings, **structure)
    texts = {name: given[name] if given[name].strip() else proposal[name] for name in PROPOSED}
    return services.draft_notice(employer=employer, site=site, by=by, **(given | texts | more))


_BEGINNING: Final = Beginning(
    title="Draft a notice",
    button="Begin the draft",
    model=Notice,
    template="admin/enforcement/drafting.html",
    choosing="admin:enforcement_notice_changelist",
    filling="admin:enforcement_notice_begin",
)


@require_safe
def choose_page(request: HttpRequest) -> HttpResponse:
    """Choose the employer, as ``Beginning.choose``."""
    return _BEGINNING.choose(request)


@require_http_methods(["GET", "HEAD", "POST"])
def draft_page(request: HttpRequest, employer: int) -> HttpResponse:
    """Begin a notice on one employer: 302 to its case, else 400 or 403 with what was wrong."""
    found = get_object_or_404(Employer, pk=employer)
    form = ScratchForm(request.POST or None, employer=found)

    def deed() -> HttpResponse:
        given = {**form.cleaned_data, "provisions": list(form.cleaned_data["provisions"])}
        made = _drafted(found, given.pop("site"), signed_in(request), given)
        return redirect("admin:casework_case_change", made.pk)

    done = "The draft is begun. The employer sees nothing of it."
    return _BEGINNING.fill(request, found, form, deed, done=done)


def notices_facts(case: Case) -> list[FactSection]:
    """The notices that rest on an inspection (one query); nothing where there are none."""
    rows = tuple(
        (each.case, f"{each.get_type_display()}, {each.case.status_label.lower()}")
        for each in notices_of(case)
    )
    return [FactSection("Notices", rows)] if rows else []


def _breaches(case: Case) -> Any:
    return Finding.objects.standing().filter(inspection=case.pk, kind=Finding.Kind.BREACH)


def _visited(case: Case, by: User) -> str:
    if case.status not in ON_SITE_OR_AFTER:
        return "A notice is drafted after the visit and before the inspection is closed."
    return ""


def _has_breaches(case: Case, by: User) -> str:
    if refused := _visited(case, by):
        return refused
    return "" if _breaches(case).exists() else "Record a breach first: a notice rests on one."


ON_INSPECTIONS: Final = DeskExtra(
    kind="inspection",
    actions=(
        DeskAction(
            "draft_improvement",
            "Draft an improvement notice",
            DRAFT,
            DraftForm,
            draft_improvement,
            condition=_has_breaches,
        ),
        DeskAction(
            "draft_prohibition",
            "Draft a prohibition notice",
            DRAFT,
            ProhibitionForm,
            draft_prohibition,
            condition=_visited,
        ),
    ),
    facts=notices_facts,
)
