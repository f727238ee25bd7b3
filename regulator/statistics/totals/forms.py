"""What the dashboard can be asked for."""

from collections.abc import Sequence

from django import forms

from regulator.organisations.models import Modality

__all__ = ["DashboardForm"]


class DashboardForm(forms.Form):
    """Filters in the address. A value that makes no sense is said beside its box, and is not in ``asked``."""

    modality = forms.ChoiceField(label="Modality", required=False)
    year = forms.ChoiceField(label="Year", required=False)

    def __init__(self, data: object, *, years: Sequence[str]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self._choices("modality", [("", "All modalities"), *Modality.choices])
        self._choices("year", [("", "Latest"), *((label, label) for label in reversed(years))])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices
        field.error_messages["invalid_choice"] = f"Choose a {name} from the list."

    @property
    def asked(self) -> dict[str, str]:
        """The filters that can be read, in one fixed order."""
        self.is_valid()
        return {name: value for name in self.fields if (value := self.cleaned_data.get(name))}

    def shown(self, name: str, value: str) -> str:
        """What a value of a filter is called."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        return str(dict(field.choices)[value])  # type: ignore[arg-type]
