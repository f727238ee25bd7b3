"""The forms of activity returns: one year on a page, and a file of years.

What a number, a year or a file may be is ``returns`` and ``returns_csv``; here it only finds its box.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from regulator import clock
from regulator.frontend.fields import PlainErrors, RowVersionField
from regulator.organisations.attempt import carry
from regulator.organisations.models import UNIT_OF, ActivityReturn, Completeness, Modality
from regulator.organisations.returns import ReturnDetails, has_ended, quantity_in
from regulator.organisations.returns_csv import LARGEST, WrongFile, read_returns
from regulator.periods import Period

MEANINGS: Final = {
    Completeness.COMPLETE.value: "Everything that was carried out in the year is counted.",
    Completeness.PARTIAL.value: "Something is not counted, for example a site whose system was not read.",
    Completeness.ESTIMATED.value: "Worked out from a part of the year, or from other numbers.",
}
_LONGEST: Final = 40
_NEVER_RETURNED: Final = 0


class QuantityField(forms.CharField):
    """A number as people write one, ``None`` where the box is empty. ``noun`` opens each of its errors."""

    def __init__(self, *, noun: str, **options: Any) -> None:
        self.noun = noun
        widget = forms.TextInput(attrs={"inputmode": "numeric", "spellcheck": "false"})
        super().__init__(required=False, widget=widget, max_length=_LONGEST, **options)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        try:
            return quantity_in(typed) if typed else None
        except ValidationError as fault:
            raise ValidationError([_about(self.noun, text) for text in fault.messages]) from None


class _YearBoxes(forms.Form):
    """The boxes of one year for each modality, filled with what stands; those first that the sites offer."""

    def __init__(
        self,
        *args: Any,
        year: Period,
        offered: Collection[str],
        standing: Mapping[str, ActivityReturn],
        **kwargs: Any,
    ) -> None:
        self.year, self.offered, self.standing = year, offered, standing
        self.modalities = sorted(Modality.values, key=lambda each: each not in offered)
        super().__init__(*args, **kwargs)
        for modality in self.modalities:
            for name, field in _fields(modality, ended=has_ended(year, clock.today())).items():
                self.fields[f"{name}_{modality}"] = field
            row = standing.get(modality)
            stands: dict[str, object] = {
                f"quantity_{modality}": f"{row.quantity:,}" if row else "",
                f"completeness_{modality}": row.completeness if row else None,
                f"version_{modality}": row.version if row else _NEVER_RETURNED,
            }
            self.initial.update(stands)


class YearForm(PlainErrors, _YearBoxes):
    """What was carried out in ``year``: for each modality a number and how complete it is, or neither.

    A return that stands can be corrected and not taken back, so its number is asked for.
    """

    def clean(self) -> dict[str, Any]:
        """Number and completeness belong together."""
        for modality in self.modalities:
            self._pair(modality)
        if not self.errors and not self.details():
            self.add_error(None, "Enter a number for at least one modality")
        return self.cleaned_data

    def details(self) -> list[ReturnDetails]:
        """What was typed, of a valid form."""
        return [self._details(each) for each in self.modalities if self._typed(each, "quantity") is not None]

    def refuse(self, form: forms.Form, error: ValidationError) -> None:
        """Put each fault that the service found beside the box of its modality. Where it asks about a number,
        a tick is good for that number alone."""
        for name, texts in error.message_dict.items():
            _, _, box = name.partition(".")
            modality, _, field = box.partition(".")
            if field == "confirmed":
                asked = f"{' '.join(texts)} Correct it, or tick that it is right."
                self.add_error(f"confirmed_{modality}", _about(_name(modality), asked))
                number = self._typed(modality, "quantity")
                carry(self, {f"doubted_{modality}": number, f"confirmed_{modality}": ""})
            else:
                self.add_error(f"{field}_{modality}" if f"{field}_{modality}" in self.fields else None, texts)

    def carry_versions(self, standing: Mapping[str, ActivityReturn]) -> None:
        """Let the form go out again with the versions that stand now, all of which the page shows."""
        self._carry_versions(self.modalities, standing)

    def mend_versions(self) -> None:
        """Give a version that was lost on the way back; one that was sent stays, so a stale one is told."""
        lost = [each for each in self.modalities if f"version_{each}" in self.errors]
        self._carry_versions(lost, self.standing)

    def _carry_versions(self, modalities: Sequence[str], standing: Mapping[str, ActivityReturn]) -> None:
        versions = {each: row.version for each, row in standing.items()}
        carry(self, {f"version_{each}": versions.get(each, _NEVER_RETURNED) for each in modalities})

    def label_of(self, modality: str) -> str:
        return _name(modality)

    def is_doubted(self, modality: str) -> bool:
        """Whether the page asks to confirm the number."""
        return self.is_bound and bool(self.data.get(f"doubted_{modality}"))

    def _pair(self, modality: str) -> None:
        number, how = f"quantity_{modality}", f"completeness_{modality}"
        said = self.cleaned_data
        if number not in said or how not in said:
            return
        if said[number] is None and modality in self.standing:
            self.add_error(number, f"{_name(modality)}: a return can be corrected, but not taken back")
        elif said[number] is None and said[how]:
            self.add_error(number, f"{_name(modality)}: enter the number, or 0 if there were none")
        elif said[number] is not None and not said[how]:
            self.add_error(how, f"{_name(modality)}: select how complete the number is")

    def _typed(self, modality: str, name: str) -> Any:
        return self.cleaned_data.get(f"{name}_{modality}")

    def _details(self, modality: str) -> ReturnDetails:
        quantity = self._typed(modality, "quantity")
        ticked = self._typed(modality, "confirmed") and self._typed(modality, "doubted") == str(quantity)
        return ReturnDetails(
            year=self.year,
            modality=modality,
            quantity=quantity,
            completeness=self._typed(modality, "completeness"),
            version=self._typed(modality, "version"),
            confirmed=bool(ticked),
        )


def _fields(modality: str, *, ended: bool) -> dict[str, forms.Field]:
    unit = UNIT_OF[Modality(modality)].label.lower()
    choices = [each for each in Completeness.choices if ended or each[0] != Completeness.COMPLETE]
    return {
        "quantity": QuantityField(label=f"Number of {unit}", noun=_name(modality)),
        "confirmed": forms.BooleanField(label="This number is right", required=False),
        "completeness": forms.ChoiceField(
            label="How complete is the number?",
            choices=choices,
            required=False,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": f"{_name(modality)}: select how complete the number is"},
        ),
        "doubted": forms.Field(required=False, widget=forms.HiddenInput),
        "version": RowVersionField(),
    }


def _about(noun: str, text: str) -> str:
    """An error as it stands in a list of several boxes' errors."""
    return f"{noun}: {text[:1].lower()}{text[1:]}"


def _name(modality: str) -> str:
    return str(Modality(modality).label)


class UploadForm(PlainErrors, forms.Form):
    """A file of returns, read whole. ``wrong`` holds every fault of one that cannot be taken."""

    wrong: WrongFile | None = None
    file = forms.FileField(
        label="CSV file", allow_empty_file=True, error_messages={"required": "Choose a CSV file"}
    )

    def clean_file(self) -> list[ReturnDetails]:
        try:
            return read_returns(self.cleaned_data["file"].read(LARGEST + 1), clock.today())
        except WrongFile as wrong:
            self.wrong = wrong
            raise ValidationError(str(wrong)) from None


class FiledForm(PlainErrors, forms.Form):
    """What a file would change, sent again to be done: its rows, read again; the version of each return that
    the page showed; and which numbers the page asked about."""

    content = forms.CharField(widget=forms.HiddenInput, strip=False)
    versions = forms.RegexField(r"\A[0-9]{1,9}(,[0-9]{1,9})*\Z", widget=forms.HiddenInput)
    doubted = forms.CharField(widget=forms.HiddenInput, required=False)
    confirmed = forms.BooleanField(label="The numbers that look improbable are right", required=False)

    def clean_content(self) -> list[ReturnDetails]:
        try:
            return read_returns(str(self.cleaned_data["content"]).encode(), clock.today())
        except WrongFile as wrong:
            raise ValidationError(str(wrong)) from None

    def clean(self) -> dict[str, Any]:
        """Rows and versions belong together."""
        said = self.cleaned_data
        if {"content", "versions"} <= said.keys() and len(said["content"]) != len(self._versions()):
            self.add_error("versions", "The page lost track of the file")
        return said

    def details(self) -> list[ReturnDetails]:
        """The rows, of a valid form, each with its version and whether its number was confirmed."""
        said = self.cleaned_data
        confirmed = said["doubted"].split(",") if said["confirmed"] else []
        return [
            replace(each, version=version, confirmed=each.name in confirmed)
            for each, version in zip(said["content"], self._versions(), strict=True)
        ]

    def refuse(self, form: forms.Form, error: ValidationError) -> None:
        """Say what the service found: one question for all numbers that look improbable."""
        if all(name.endswith(".confirmed") for name in error.message_dict):
            self.add_error("confirmed", "Some numbers look improbable. Tick if they are right.")
        else:
            self.add_error(None, error.messages)

    def _versions(self) -> list[int]:
        return [int(each) for each in self.cleaned_data["versions"].split(",")]
