"""The forms of the deeds on a learning case. Each offers only what fits; services decide.

The writer is asked about the system first: the order of the boxes is the order of the page.
"""

from typing import Any, Final

from django import forms
from django.urls import reverse
from django.utils.html import format_html

from notifications.learning.conditions import open_one, published_one
from notifications.learning.doubts import Doubts, doubts_about, texts_of
from notifications.learning.equipment import LABELS
from notifications.learning.facts import kinds_of, proposed_kinds
from notifications.learning.models import LONGEST, LONGEST_TITLE, TEXTS, LearningCase, cause_told
from notifications.learning.services.writing import LONGEST_REASON
from notifications.learning.themes import MOST, themes_for
from notifications.models import Notification, SubModality
from regulator.accounts.models import User
from regulator.casework.desk import WordsForm
from regulator.casework.models import Case

_NOT_TOLD: Final = ("", "Not told")


def _long(label: str, help_text: str, rows: int = 6) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, help_text=help_text, widget=area, required=False, max_length=LONGEST, strip=False
    )


class WriteForm(WordsForm):
    """The texts, the system before the person, and how the case is filed. Half of it may wait."""

    title = forms.CharField(
        label="Title",
        max_length=LONGEST_TITLE,
        required=False,
        help_text="What somebody would look for: “Two lists were open at once”. No place, no day, no name.",
    )
    system = _long(
        "What in the system let it happen?",
        "Begin here: equipment, software, procedures, staffing, time, training, who was told what. Not who "
        "erred, but what made the error possible and likely.",
    )
    what_happened = _long(
        "What happened?",
        "As it followed from that. People by role, days by their distance (“three days later”).",
    )
    actions = _long(
        "Which actions were taken?", "Those that change the system first; training and reminders after them."
    )
    learning = _long("What can others learn?", "What another service could look for in its own system.")
    sub_modality = forms.ChoiceField(label="Kind within the modality", required=False)
    tiers = forms.TypedChoiceField(label="Cause, as CQC coded it", coerce=int, widget=forms.RadioSelect)
    equipment = forms.ChoiceField(
        label="Equipment",
        required=False,
        choices=[_NOT_TOLD, *LABELS.items()],
        help_text="Only where it had a part in it.",
    )
    themes = forms.MultipleChoiceField(
        label="Themes", required=False, widget=forms.CheckboxSelectMultiple, help_text=f"At most {MOST}."
    )

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        notification = Notification.objects.select_related("cqc_cause", "case").get(pk=case.pk)
        written = open_one(case)
        self.begins_with_what_stands = written is not None
        standing = written or published_one(case)
        kwargs["initial"] = _initial(notification, standing) | kwargs.get("initial", {})
        super().__init__(*args, case=case, by=by, **kwargs)
        self._choose("sub_modality", _kinds_within(notification))
        self._choose("tiers", _tiers(notification))
        self._choose("themes", [(each.slug, each.label) for each in themes_for(case.modality)])

    def _choose(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices


def _initial(notification: Notification, standing: LearningCase | None) -> dict[str, Any]:
    """What stands in the boxes at first: what is being written, else what is published, else what the case
    proposes."""
    if standing is None:
        kinds = proposed_kinds(notification)
        said: dict[str, Any] = {}
    else:
        kinds = kinds_of(standing)
        said = dict(texts_of(standing))
    return said | {
        "sub_modality": kinds.sub_modality,
        "tiers": kinds.tiers,
        "equipment": kinds.equipment,
        "themes": list(kinds.themes),
    }


def _kinds_within(notification: Notification) -> list[tuple[Any, str]]:
    own = notification.sub_modality
    return [_NOT_TOLD, *([(own, str(SubModality(own).label))] if own else [])]


def _tiers(notification: Notification) -> list[tuple[Any, str]]:
    """As much of the cause as may be told, the whole first."""
    cause = notification.cqc_cause
    told = [each for each in cause_told(cause, 3) if each]
    whole = [(depth, " > ".join(told[:depth])) for depth in range(len(told), 0, -1)]
    return [*whole, (0, "Not told")]


class ProposeForm(WordsForm):
    """Why what is doubted may be public all the same. Asked only where the checks found something."""

    doubts_reason = forms.CharField(
        label="Why this identifies no site and may be public",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        doubts = _doubts(case)
        field = self.fields["doubts_reason"]
        if doubts is None or not doubts.any:
            field.help_text = "Nothing was found that needs one: leave it empty."
        else:
            told = " ".join(doubts.told)
            field.help_text = (
                f"{told} Write it more generally, or give the reason: the second person sees it."
            )


class ApproveForm(WordsForm):
    """That the second person has read what the public is going to read, and shares the view on what is
    doubted."""

    learning_read = forms.BooleanField(
        label="I have read it as the public will read it",
        error_messages={"required": "Read it first."},
    )
    doubts_confirmed = forms.BooleanField(
        label="I agree that what is doubted identifies no site and may be public", required=False
    )

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        learning, doubts = open_one(case), _doubts(case)
        if learning is not None:
            path = reverse("admin:learning_learningcase_change", args=[learning.pk])
            told = format_html('<a href="{}">{}</a>', path, "The learning case, and what the checks found")
            self.fields["learning_read"].help_text = told
        if learning is None or doubts is None or not doubts.any:
            del self.fields["doubts_confirmed"]
        else:
            why = learning.doubts_reason or "no reason was given"
            self.fields["doubts_confirmed"].help_text = f"{' '.join(doubts.told)} The writer: {why}"


def _doubts(case: Case) -> Doubts | None:
    learning = open_one(case)
    return doubts_about(learning, case) if learning is not None else None


def texts_in(cleaned: dict[str, Any]) -> dict[str, str]:
    """Take the texts out of what a form was sent."""
    return {name: cleaned.pop(name) for name in TEXTS}
