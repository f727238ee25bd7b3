"""What the pages of guidance ask for: of readers, of employers' people, and of staff."""

from datetime import date
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError

from notifications.guidance.content import Content
from notifications.guidance.models import Theme, Version
from notifications.guidance.pages import PAGES
from notifications.guidance.services import LONGEST_COMMENT
from notifications.guidance.wording import Unreadable, read_actions, write_actions
from regulator.casework.desk import DayInput
from regulator.casework.meanwhile import LONGEST_MARKS
from regulator.frontend.fields import PlainErrors, RowVersionField
from regulator.organisations.models import Modality

YES: Final = "yes"
NO: Final = "no"
_EVERY: Final = ("", "All")


class FilterForm(PlainErrors, forms.Form):
    """Which guidance is listed. A value that there is not is said beside its box, and is not in ``asked``."""

    modality = forms.ChoiceField(required=False, choices=[_EVERY, *Modality.choices])
    theme = forms.ChoiceField(required=False, choices=[_EVERY, *Theme.choices])

    @property
    def asked(self) -> dict[str, str]:
        """What could be read, by name; "" for what is not asked."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class FeedbackForm(forms.Form):
    """Whether a page was useful."""

    useful = forms.ChoiceField(
        label="Was this page useful?",
        choices=[(YES, "Yes"), (NO, "No")],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Say whether the page was useful.",
            "invalid_choice": "Choose yes or no.",
        },
    )
    comment = forms.CharField(
        label="What could be better? (optional)",
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Do not write anything that identifies a patient, a colleague or yourself.",
        error_messages={"max_length": f"Use {LONGEST_COMMENT:,} characters or fewer."},
    )


class WishForm(forms.Form):
    """Whether the monthly digest is wanted, and on what."""

    wanted = forms.ChoiceField(
        label="Do you want the monthly email?",
        choices=[(YES, "Yes"), (NO, "No")],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Say whether you want the monthly email.",
            "invalid_choice": "Choose yes or no.",
        },
    )
    modalities = forms.MultipleChoiceField(
        label="On which modalities?",
        required=False,
        choices=Modality.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose none to be told of all.",
        error_messages={"invalid_choice": "Choose modalities from the list."},
    )


class _DeskForm(PlainErrors, forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class WithdrawalForm(_DeskForm):
    """Why a topic is withdrawn, and from when."""

    withdraws: ClassVar = True
    why = forms.CharField(
        label="Why it is withdrawn",
        max_length=3_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The public reads it in place of the page. Do not name a person.",
    )
    valid_from = forms.DateField(label="Withdrawn from", widget=DayInput())
    version = RowVersionField(required=False)

    def content(self, base: Version | None) -> Content:
        """What a valid form says of the topic whose present version is ``base``."""
        if base is None:
            raise ValidationError("There is nothing to withdraw.")
        said = self.cleaned_data
        return Content(
            title=base.title,
            theme=base.theme,
            why=said["why"],
            actions=(),
            modalities=tuple(base.modalities),
            valid_from=said["valid_from"],
            withdraws=True,
        )

    @staticmethod
    def initial_of(version: Version) -> dict[str, Any]:
        """What the boxes show of a withdrawal that was begun."""
        return {"why": version.why, "valid_from": version.valid_from, "version": version.version}


class VersionForm(_DeskForm):
    """One version of a guidance page."""

    withdraws: ClassVar = False
    title = forms.CharField(label="Title", max_length=120)
    theme = forms.ChoiceField(label="Theme", choices=[("", "Choose a theme"), *Theme.choices])
    modalities = forms.MultipleChoiceField(
        label="Modalities", choices=Modality.choices, widget=forms.CheckboxSelectMultiple
    )
    why = forms.CharField(
        label="Why it matters",
        max_length=3_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What CQC saw. A new line begins another paragraph. Do not name a person.",
    )
    actions = forms.CharField(
        label="Actions",
        max_length=12_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=(
            "One action a line. Where it rests on regulations, end the line with them in square brackets: "
            "Write a procedure for it. [6(1), Sch 2(n)]"
        ),
    )
    what_changed = forms.CharField(
        label="What changed",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For readers of the version before. Not needed for the first.",
    )
    valid_from = forms.DateField(
        label="Holds from", widget=DayInput(), help_text="From the beginning of that day, in London."
    )
    version = RowVersionField(required=False)

    def content(self, base: Version | None) -> Content:
        """What a valid form says. Raises ``ValidationError`` where an action cannot be read."""
        said = self.cleaned_data
        try:
            actions = read_actions(said["actions"])
        except Unreadable as wrong:
            raise ValidationError({"actions": str(wrong)}) from wrong
        return Content(
            title=said["title"],
            theme=said["theme"],
            why=said["why"],
            actions=actions,
            modalities=tuple(said["modalities"]),
            valid_from=said["valid_from"],
            what_changed=said["what_changed"],
        )

    @staticmethod
    def initial_of(version: Version) -> dict[str, Any]:
        """What the boxes show of a draft."""
        return {
            "title": version.title,
            "theme": version.theme,
            "modalities": version.modalities,
            "why": version.why,
            "actions": write_actions(version.action_list),
            "what_changed": version.what_changed,
            "valid_from": version.valid_from,
            "version": version.version,
        }

    @classmethod
    def initial_after(cls, version: Version, day: date) -> dict[str, Any]:
        """What the boxes show of the version that is to follow ``version``."""
        return cls.initial_of(version) | {"what_changed": "", "valid_from": day, "version": None}


ContentForm = VersionForm | WithdrawalForm


def content_form(version: Version) -> type[ContentForm]:
    """The form in which a version is written."""
    return WithdrawalForm if version.withdraws else VersionForm


class DecideForm(_DeskForm):
    """A deed that needs no words. ``stands``: marks of what the page showed (``casework.meanwhile``)."""

    version = RowVersionField()
    stands = forms.CharField(required=False, max_length=LONGEST_MARKS, widget=forms.HiddenInput)


class GiveBackForm(DecideForm):
    """What is to be done before it can be approved."""

    reason = forms.CharField(
        label="What is to be done", max_length=2_000, widget=forms.Textarea(attrs={"rows": 4})
    )


def _kinds() -> list[tuple[str, str]]:
    return [("", "All"), *((kind.name, kind.label) for kind in PAGES.values())]


class FeedbackFilterForm(_DeskForm):
    """Which feedback staff look at. Days are London's."""

    kind = forms.ChoiceField(label="Kind of page", required=False, choices=_kinds)
    page = forms.SlugField(label="Page", required=False, max_length=80)
    useful = forms.ChoiceField(label="Useful", required=False, choices=[_EVERY, (YES, "Yes"), (NO, "No")])
    comments = forms.BooleanField(label="With a comment only", required=False)
    since = forms.DateField(label="From", required=False, widget=DayInput())
    until = forms.DateField(label="To", required=False, widget=DayInput())

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            raise ValidationError({"until": "The last day must not be before the first."})
        return said
