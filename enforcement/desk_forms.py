"""The forms of the deeds on a notice. Each offers only what fits; what is allowed the services decide."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.html import format_html

from enforcement.findings import unsettled
from enforcement.legal_clock import earliest_compliance
from enforcement.models import Appeal, Notice
from enforcement.papers.links import draft_path
from enforcement.papers.models import LONGEST_OFFICE
from enforcement.papers.proposing import warning
from enforcement.register.wording import seen_on
from enforcement.services.reviewing import CHECKS
from inspections.models import Finding
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.deeds import AttachForm, case_workers
from regulator.casework.desk import DayInput, DeskForm, ReasonForm, SeveralField, WordsForm
from regulator.casework.models import Case
from regulator.deadlines.requests import open_request
from regulator.legislation.models import Provision


def _long(label: str, *, required: bool = True, help_text: str = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 5})
    return forms.CharField(label=label, widget=area, required=required, help_text=help_text)


class ContentFields(forms.Form):
    """What a notice says, apart from the provisions."""

    breach_on = forms.DateField(label=seen_on(Notice.Type.IMPROVEMENT), widget=DayInput())
    opinion = _long("Opinion")
    reasons = _long("Reasons")
    required_action = _long(
        "Required action", help_text="Shown to the public as the description. Do not name a person."
    )
    directions = _long(
        "Schedule of directions",
        required=False,
        help_text="Only where the notice says how to comply, and not just with what (HSWA 1974 s23).",
    )
    compliance_days = forms.IntegerField(
        label="Days for compliance", min_value=1, max_value=730, help_text="From the day of service."
    )


class EditForm(ContentFields, WordsForm):
    """The whole content of a draft, as it stands."""

    provisions = SeveralField(
        queryset=Provision.objects.exclude(instrument__startswith="HSWA"),
        required=False,
        help_text="Each as in force on the day of the breach. A prohibition need not name any.",
    )
    field_order = ("provisions",)

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        notice = Notice.objects.get(pk=case.pk)
        immediate = notice.type == Notice.Type.PROHIBITION_IMMEDIATE
        self.fields["breach_on"].label = seen_on(notice.type)
        self.fields["compliance_days"].required = not immediate
        content = ("breach_on", "opinion", "reasons", "required_action", "directions", "compliance_days")
        for name in content:
            self.fields[name].initial = getattr(notice, name)
        typed = self.data.get("required_action") if self.is_bound else notice.required_action
        if said := warning(notice.type, str(typed or "")):
            self.fields["required_action"].help_text = said
        self.fields["provisions"].initial = list(notice.breaches.values_list("provision", flat=True))


class SettleForm(WordsForm):
    """Which corrections of findings a draft takes over, and why it still rests on the others."""

    taken = SeveralField(
        label="Take over what became of",
        queryset=Finding.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="The correction takes its place; what was withdrawn falls. Then edit what the notice says.",
    )
    reason = _long(
        "Why the notice still rests on the others",
        required=False,
        help_text="Needed where one is left out above. Do not name a person.",
    )

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        box: Any = self.fields["taken"]
        waiting = [each.finding.pk for each in unsettled(Notice.objects.get(pk=case.pk))]
        box.queryset = Finding.objects.filter(pk__in=waiting)


class PointsForm(ReasonForm):
    """What must change before the notice is in order."""

    reason = forms.CharField(
        label="Points",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Kept for good on the case's record. Do not name a person.",
    )


class ReviewForm(DeskForm):
    """What the reviewer looked at, one by one."""

    provisions = SeveralField(
        label="Provisions looked at",
        queryset=Provision.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Each was in force on the day, and says what the notice needs of it.",
    )
    checks = forms.MultipleChoiceField(
        label="Also looked at",
        choices=list(CHECKS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Check each point, or return the notice with what is wrong."},
    )

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        cited: Any = self.fields["provisions"]
        cited.queryset = Provision.objects.filter(pk__in=case.notice.breaches.values("provision"))
        link = format_html('<a href="{}">Read the draft (PDF)</a>', draft_path(case))
        self.fields["checks"].help_text = link


class TimeInput(forms.TimeInput):
    """A browser's own box for a time of day."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class ServiceForm(WordsForm):
    """How, when, where, by whom and on which office a notice was served, or was tried to be."""

    served_on = forms.DateField(label="Served on", initial=clock.today, widget=DayInput())
    served_time = forms.TimeField(label="At", widget=TimeInput(), help_text="London time, as 14:30.")
    method = forms.ChoiceField(label="How", choices=Notice.ServiceMethod.choices)
    address = _long("Address")
    office = forms.CharField(
        max_length=LONGEST_OFFICE,
        help_text="On which office it was served, as “The chief executive’s office”. Do not name a person.",
    )
    served_by = forms.ModelChoiceField(
        User.objects.none(), label="Served by", help_text="Who handed it over or sent it."
    )

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        people: Any = self.fields["served_by"]
        people.queryset = case_workers()
        people.initial = by.pk


class ServeForm(ServiceForm):
    """A service that reached the employer, and what proves it."""

    leaflet_included = forms.BooleanField(
        label="The leaflet on appeals was included",
        error_messages={"required": "A notice is served with the leaflet on appeals."},
    )
    proof = forms.CharField(
        label="Proof of service", max_length=200, help_text="As “Signed for at reception”."
    )
    file = forms.FileField(
        label="The proof as a file", required=False, help_text="If it comes later, add it then."
    )
    compliance_on = forms.DateField(label="Comply by", required=False, widget=DayInput())

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        days = Notice.objects.values_list("compliance_days", flat=True).get(pk=case.pk)
        if days:
            today = clock.today()
            proposed = today + timedelta(days=days)
            self.fields["compliance_on"].initial = max(proposed, earliest_compliance(today).on)


class FailedServiceForm(ReasonForm):
    """That the notice came back."""

    failed_on = forms.DateField(label="It came back on", initial=clock.today, widget=DayInput())
    field_order = ("failed_on",)


class FailedAttemptForm(ServiceForm):
    """An attempt that did not reach the employer."""

    failed_on = forms.DateField(label="It came back on", initial=clock.today, widget=DayInput())
    reason = _long("Why it came to nothing", help_text="Kept for good. Do not name a person.")


class ProofForm(WordsForm):
    """A file that proves the service."""

    file = forms.FileField(label="The proof as a file", help_text=AttachForm.base_fields["file"].help_text)


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
        help_text="The last day, where the tribunal named one. Else until the appeal has ended.",
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
