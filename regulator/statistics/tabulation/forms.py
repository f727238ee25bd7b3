"""What the pages of tabulation ask for: a period, and the fields to count by. Read from the address."""

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from regulator import clock
from regulator.casework.desk import DayInput
from regulator.frontend.fields import PlainErrors
from regulator.periods import Period, reporting_year_as_typed, reporting_year_of
from regulator.statistics.tabulation.crossing import Share
from regulator.statistics.tabulation.registries import dimensions_of

SHARES: Final[tuple[tuple[Share, str], ...]] = (
    ("count", "Counts"),
    ("row", "Percentages of each row"),
    ("column", "Percentages of each column"),
    ("all", "Percentages of all"),
)
_EARLIEST: Final = date(2000, 1, 1)
_LATEST: Final = date(2100, 1, 1)


def latest_year() -> Period:
    """The last reporting year that has ended."""
    return reporting_year_of(reporting_year_of(clock.today()).start - timedelta(days=1))


class PeriodForm(PlainErrors, forms.Form):
    """A reporting year, or two days of one's own. ``cleaned_data["period"]`` is the ``Period``."""

    year = forms.CharField(
        label="Reporting year",
        max_length=20,
        required=False,
        help_text="Such as 2023/24. Or leave it empty and give two days.",
    )
    start = forms.DateField(label="First day", required=False, widget=DayInput())
    end = forms.DateField(label="Last day", required=False, widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean_year(self) -> Period | None:
        typed: str = self.cleaned_data["year"]
        if not typed:
            return None
        try:
            return reporting_year_as_typed(typed)
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from wrong

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "year" in cleaned and "start" in cleaned and "end" in cleaned:
            cleaned["period"] = cleaned["year"] or self._own_days(cleaned["start"], cleaned["end"])
            if cleaned["year"] and (cleaned["start"] or cleaned["end"]):
                self.add_error("year", "Give a reporting year or two days, not both.")
        return cleaned

    def _own_days(self, start: date | None, end: date | None) -> Period | None:
        for name, day in (("start", start), ("end", end)):
            if day is None:
                self.add_error(name, "Enter a day, or give a reporting year instead.")
            elif not _EARLIEST <= day < _LATEST:
                self.add_error(name, "Enter a day from 2000 to 2099.")
        if start is None or end is None or self.errors:
            return None
        if end < start:
            self.add_error("end", "The last day is before the first.")
            return None
        year = reporting_year_of(start)
        is_year = (start, end) == (year.start, year.end)
        return year if is_year else Period(f"{_words(start)} to {_words(end)}", start, end)


class CrossForm(PeriodForm):
    """What to count by, over which period, and how to show it."""

    rows = forms.ChoiceField(label="Rows")
    columns = forms.ChoiceField(label="Columns", required=False)
    share = forms.ChoiceField(label="Show", choices=SHARES, required=False)
    release = forms.BooleanField(
        label="For release: keep small counts back",
        required=False,
        help_text="So that no count from 1 to 4 can be worked out from the others.",
    )
    field_order = ("rows", "columns", "year", "start", "end", "share", "release")

    def __init__(self, *args: Any, population: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, each.label) for name, each in dimensions_of(population).items()]
        self._choose("rows", choices)
        self._choose("columns", [("", "No second field"), *choices])

    def clean_share(self) -> str:
        return self.cleaned_data["share"] or "count"

    def clean_columns(self) -> str:
        columns: str = self.cleaned_data["columns"]
        if columns and columns == self.cleaned_data.get("rows"):
            raise ValidationError("Choose another field than for the rows.")
        return columns

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so above
        field.choices = choices


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
