"""The forms of the deeds on a notice. Each offers only what fits; what is allowed the services decide."""

from datetime import timedelta
from typing import Any

from django import forms

from enforcement.legal_clock import earliest_compliance
from enforcement.models import Appeal, Notice
from inspections.models import Finding, Inspection
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.desk import DayInput, DeskForm, SeveralField, WordsForm
from regulator.casework.models import Case
from regulator.deadlines.requests import open_request
from regulator.legislation.models import Provision


def _long(label: str, *, required: bool = True, help_text: str = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 5})
    return forms.CharField(label=label, widget=area, required=required, help_text=help_text)


class ContentForm(WordsForm):
    """What a notice says, apart from the provisions."""

    breach_on = forms.DateField(label="Breach on or before", widget=DayInput())
    opinion = _long("Opinion")
    reasons = _long("Reasons")
    required_action = _long(
        "Required action", help_text="Shown to the public as the description. Do not name a person."
    )
    compliance_days = forms.IntegerField(
        label="Days for compliance", min_value=1, max_value=730, help_text="From the day of service."
    )


class DraftForm(ContentForm):
    """An improvement notice on breaches that an inspection found."""

    findings = SeveralField(label="Breaches", queryset=Finding.objects.none())
    field_order = ("findings",)

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        breaches = Finding.objects.standing().filter(inspection=case.pk, kind=Finding.Kind.BREACH)
        self.fields["findings"].queryset = breaches  # type: ignore[attr-defined]
        visited = Inspection.objects.values_list("visited_on", flat=True).filter(pk=case.pk).first()
        self.fields["breach_on"].initial = visited


class EditForm(ContentForm):
    """The whole content of a draft, as it stands."""

    provisions = SeveralField(
        queryset=Provision.objects.exclude(instrument__startswith="HSWA"),
        help_text="Each as in force on the day of the breach.",
    )
    field_order = ("provisions",)

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        notice = Notice.objects.get(pk=case.pk)
        immediate = notice.type == Notice.Type.PROHIBITION_IMMEDIATE
        self.fields["compliance_days"].required = not immediate
        for name in ("breach_on", "opinion", "reasons", "required_action", "compliance_days"):
            self.fields[name].initial = getattr(notice, name)
        self.fields["provisions"].initial = list(notice.breaches.values_list("provision", flat=True))


class ServeForm(WordsForm):
    """How, when and where the notice was served."""

    served_on = forms.DateField(label="Served on", initial=clock.today, widget=DayInput())
    method = forms.ChoiceField(label="How", choices=Notice.ServiceMethod.choices)
    address = _long("Address")
    proof = forms.CharField(label="Proof of service", max_length=200, required=False)
    compliance_on = forms.DateField(label="Comply by", required=False, widget=DayInput())

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        days = Notice.objects.values_list("compliance_days", flat=True).get(pk=case.pk)
        if days:
            today = clock.today()
            proposed = today + timedelta(days=days)
            self.fields["compliance_on"].initial = max(proposed, earliest_compliance(today).on)


class AppealForm(WordsForm):
    """An appeal as lodged with the tribunal."""

    lodged_on = forms.DateField(label="Lodged on", widget=DayInput())
    late_with_leave = forms.BooleanField(label="Lodged late, with the tribunal's leave", required=False)
    case_number = forms.CharField(label="The tribunal’s case number", max_length=40, required=False)


class SuspendForm(DeskForm):
    """The tribunal's direction that a prohibition notice does not bind while the appeal is pending."""

    suspended_from = forms.DateField(label="Suspended from", widget=DayInput())
    suspended_until = forms.DateField(
        label="Until",
        required=False,
        widget=DayInput(),
        help_text="The last day, where the tribunal named one. Else until it decides on the appeal.",
    )


class DisposalForm(WordsForm):
    """The tribunal's decision."""

    outcome = forms.ChoiceField(
        choices=[(each.value, each.label) for each in Appeal.DECISIONS], widget=forms.RadioSelect
    )
    on = forms.DateField(label="Decided on", widget=DayInput())
    changes = _long("What the tribunal changed", required=False)
    provisions = SeveralField(
        queryset=Provision.objects.exclude(instrument__startswith="HSWA"),
        required=False,
        help_text="As the tribunal left them. Each as in force on the day of the breach.",
    )
    required_action = _long(
        "Required action", required=False, help_text="As the tribunal left it. Shown to the public."
    )
    compliance_on = forms.DateField(
        label="Comply by, where the tribunal set a date", required=False, widget=DayInput()
    )

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        notice = Notice.objects.get(pk=case.pk)
        self.fields["required_action"].initial = notice.required_action
        self.fields["provisions"].initial = list(notice.breaches.values_list("provision", flat=True))


class ExtendForm(WordsForm):
    """A later date for compliance: where the employer asked for one, that."""

    compliance_on = forms.DateField(label="Comply by", widget=DayInput())
    reason = _long("Reason", help_text="The employer may read this. Do not name a person.")

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        if asked := open_request(case):
            self.fields["compliance_on"].initial = asked.asked_until


class ComplyForm(DeskForm):
    """That CQC is satisfied."""

    complied_on = forms.DateField(label="Complied on", initial=clock.today, widget=DayInput())
    how = forms.ChoiceField(
        label="How it was shown", choices=Notice.HowComplied.choices, widget=forms.RadioSelect
    )
