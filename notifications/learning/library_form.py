"""What somebody asks of the library, read from its address: words, filters, the page."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import QueryDict

from notifications.learning.finding import KINDS, Choice
from notifications.learning.marks import is_known
from notifications.learning.models import LearningMark
from notifications.learning.words import LONGEST
from regulator.frontend.fields import PlainErrors, not_offered

FIRST: Final = 1
MOST_PAGES: Final = 100_000
_ANY: Final = [("", "Any")]


class LibraryForm(PlainErrors, forms.Form):
    """The search box and one choice for each kind of mark. A key that no case has finds nothing, because
    addresses outlive what they ask for; one that no case could have is an error of its box."""

    q = forms.CharField(label="Search learning", required=False, max_length=LONGEST)
    modality = forms.SlugField(label="Modality", required=False, max_length=200)
    cause = forms.SlugField(label="Cause", required=False, max_length=200)
    equipment = forms.SlugField(label="Equipment", required=False, max_length=200)
    theme = forms.SlugField(label="Theme", required=False, max_length=200)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, label_suffix="")
        for kind in KINDS:
            field: Any = self.fields[kind]
            field.error_messages["invalid"] = not_offered(field.label)
            field.widget = forms.Select(choices=_ANY)
        self.is_valid()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for kind in KINDS:
            if said.get(kind) and not is_known(kind, said[kind]):
                self.add_error(kind, self.fields[kind].error_messages["invalid"])
        return said

    @property
    def asked(self) -> dict[str, str]:
        """What could be read, by name, in the order of the form; nothing for what was not asked."""
        said = getattr(self, "cleaned_data", {})
        return {name: said[name].strip() for name in self.fields if said.get(name, "").strip()}

    @property
    def marks(self) -> dict[str, str]:
        return {kind: key for kind, key in self.asked.items() if kind in KINDS}

    def offer(self, choices: Mapping[str, list[Choice]]) -> None:
        """Let each filter offer what there is among what is shown, with how many; the chosen one stays."""
        for kind in KINDS:
            offered = [(each.key, f"{each.label} ({each.count})") for each in choices[kind]]
            chosen = self.marks.get(kind, "")
            if chosen and chosen not in dict(offered):
                offered.append((chosen, f"{chosen} (0)"))
            widget: Any = self.fields[kind].widget
            widget.choices = _ANY + offered

    def shown(self, name: str, choices: Mapping[str, list[Choice]]) -> str:
        """What was asked under ``name``, as people read it."""
        value = self.asked[name]
        labels = {each.key: each.label for each in choices.get(name, [])}
        return labels.get(value, value)


def page_asked(data: QueryDict) -> int:
    """The page that is asked for; the first where that cannot be read."""
    said = data.get("page", "")
    return min(int(said[:6]), MOST_PAGES) if said.isascii() and said.isdigit() and int(said[:6]) else FIRST


LABELS: Final = {"q": "Search", **{each.value: str(each.label) for each in LearningMark.Kind}}
"""What each part of an address is called on a chip."""
