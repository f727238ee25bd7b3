"""The forms of the deeds on an employer's answers to a notice. What is allowed, services decide."""

from typing import Any, cast

from django import forms

from enforcement.compliance.models import Prosecution
from enforcement.compliance.queries import WHOLE, in_hand, items_of
from enforcement.models import Notice
from inspections.desk.forms import PlanFields
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.desk import DayInput, DeskForm, WordsForm
from regulator.casework.models import Case, Referral
from regulator.casework.referral_desk import standing_of


def _words(label: str, help_text: str = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, widget=forms.Textarea(attrs={"rows": 4}), help_text=help_text, required=required
    )


class AcceptForm(DeskForm):
    """That the evidence shows compliance: since when, and how that was seen."""

    complied_on = forms.DateField(label="Complied on", initial=clock.today, widget=DayInput())
    how = forms.ChoiceField(
        label="How it was shown",
        choices=Notice.HowComplied.choices,
        initial=Notice.HowComplied.EVIDENCE,
        widget=forms.RadioSelect,
    )


class ReturnForm(WordsForm):
    """Why evidence is returned, and what is said to each part of it."""

    reason = _words("Why you return it", "The employer reads this. Do not name a person.")

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        waiting = in_hand(case.pk)
        items = items_of(waiting) if waiting else []
        self.named = {f"remark_{each.pk}": each.pk for each in items}
        for item, name in zip(items, self.named, strict=True):
            title = item.provision.citation if item.provision else WHOLE
            self.fields[name] = _words(f"On {title}", "If there is anything to say to it.", required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        found["remarks"] = {key: found.pop(name, "") for name, key in self.named.items()}
        return found


class ReferForm(WordsForm):
    """Why a notice is referred to prosecution, and with which packet."""

    reason = _words("Why prosecution is considered", "Kept for good. Do not name a person.")
    referral = forms.ModelChoiceField(
        Referral.objects.none(),
        label="Packet that went to another body",
        required=False,
        empty_label="None: CQC’s own lawyers",
        help_text="Record the referral on this case first, with its gateway.",
    )

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        cast("forms.ModelChoiceField[Any]", self.fields["referral"]).queryset = standing_of(case)


class OutcomeForm(WordsForm):
    """What came of the referral to prosecution."""

    outcome = forms.ChoiceField(
        label="What came of it", choices=Prosecution.Outcome.choices, widget=forms.RadioSelect
    )
    on = forms.DateField(label="Decided on", initial=clock.today, widget=DayInput())
    reason = _words("Why", "Kept for good. Do not name a person.")


class ReinspectForm(PlanFields, WordsForm):
    """An inspection that looks at whether the notice was complied with."""

    reason = _words("What is to be looked at again, and why", "Kept for good. Do not name a person.")
    field_order = ("reason",)

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        self.offer(case.employer_id)
        self.fields["site"].initial = case.site_id
