"""The forms of the deeds on a plan. Each offers only the actions that it fits; what is allowed, services
decide."""

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.db.models import QuerySet

from inspections.plans.models import PlanAction
from inspections.plans.queries import asked
from inspections.plans.services.judging import asking_for_more_time
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.desk import DayInput, DeskForm, WordsForm
from regulator.casework.models import Case
from regulator.casework.wording import as_text

_AGAIN: Final = timedelta(days=28)
_SHOWN: Final = 80


def _words(label: str, help_text: str = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, widget=forms.Textarea(attrs={"rows": 4}), help_text=help_text, required=required
    )


class ActionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the plan's actions, by what will be done and when."""

    def label_from_instance(self, obj: PlanAction) -> str:
        what = obj.what if len(obj.what) <= _SHOWN else f"{obj.what[:_SHOWN]}…"
        return f"{what} ({obj.get_strength_display().lower()}, {as_text(obj.planned_for)})"


def actions_of(case: Case) -> QuerySet[PlanAction]:
    return PlanAction.objects.begun().filter(finding__inspection=case.pk)


class ReturnForm(WordsForm):
    """Why a plan is returned, what is said to each finding's answer, and by when it is due again."""

    reason = _words("Why you return it", "The employer reads this. Do not name a person.")
    due_on = forms.DateField(label="To be sent again by", widget=DayInput())

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        self.fields["due_on"].initial = clock.today() + _AGAIN
        self.named = {f"remark_{each.pk}": each.pk for each in asked(case.pk)}
        for number, name in enumerate(self.named, start=1):
            label = f"On the answer to finding {number}"
            self.fields[name] = _words(label, "If there is anything to say to it.", required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        found["remarks"] = {key: found.pop(name, "") for name, key in self.named.items()}
        return found


class _OfAnAction(forms.Form):
    """Which action."""

    action = ActionField(queryset=PlanAction.objects.none())

    def offer(self, offered: QuerySet[PlanAction]) -> None:
        field = self.fields["action"]
        field.queryset = offered  # type: ignore[attr-defined]
        if len(only := list(offered[:2])) == 1:
            field.initial = only[0]


class ConfirmForm(_OfAnAction, DeskForm):
    """Which action that is done is confirmed."""

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        self.offer(actions_of(case).filter(done_on__isnull=False, confirmed_at__isnull=True))


class ReopenForm(_OfAnAction, WordsForm):
    """Which action that is done is not, why, and by when it is to be."""

    reason = _words("Why it is not done", "The employer reads this. Do not name a person.")
    planned_for = forms.DateField(
        label="To be done by",
        widget=DayInput(),
        required=False,
        help_text="Needed where its day has gone by.",
    )

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        self.offer(actions_of(case).filter(done_on__isnull=False))


class _MoreTimeForm(_OfAnAction, WordsForm):
    reason = _words("Reason", "The employer reads this. Do not name a person.")

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        self.asked = asking_for_more_time(case)
        offered = actions_of(case).filter(pk__in=self.asked)
        self.offer(offered)
        self.fields["action"].help_text = " ".join(
            f"Asked until {as_text(self.asked[each.pk].asked_until)}: {self.asked[each.pk].reason}"
            for each in offered
        )


class GrantForm(_MoreTimeForm):
    """For which action more time is given, until when, and why."""

    due_on = forms.DateField(label="New date", widget=DayInput())

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        if len(self.asked) == 1:
            self.fields["due_on"].initial = next(iter(self.asked.values())).asked_until


class RefuseForm(_MoreTimeForm):
    """For which it is not, and why."""


def offer_to_cancel(form: _OfAnAction, case: Case) -> None:
    """The actions that the employer asks to cancel, with its reasons."""
    offered = actions_of(case).filter(cancel_asked_at__isnull=False, cancelled_at__isnull=True)
    form.offer(offered)
    form.fields["action"].help_text = " ".join(f"Asked because: {each.cancelled_reason}" for each in offered)


class AgreeForm(_OfAnAction, DeskForm):
    """Which action is given up."""

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        offer_to_cancel(self, case)


class DisagreeForm(_OfAnAction, WordsForm):
    """Which is not, and why."""

    reason = _words("Why it is still needed", "The employer reads this. Do not name a person.")

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        offer_to_cancel(self, case)
