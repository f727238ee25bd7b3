"""The register's filters: one validated set, shared by the pages, the API and whatever else lists entries."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from enforcement.register.finding import holding
from enforcement.register.models import IndexLine, RegisterEntry
from enforcement.register.paging import Wanted, by_days
from enforcement.register.regions import REGIONS
from enforcement.register.words import (
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST,
    Sought,
    Term,
    cited_term,
    mark,
    read,
    year_term,
)
from regulator.frontend.fields import PlainErrors
from regulator.legislation.citations import CitationError, parse_citations

DATE_FORMATS: Final = ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y")
"""As an address says a day, and as people write one."""
DEFAULT_ORDER: Final = "newest"
ORDER_LABELS: Final = (
    ("newest", "Newest first"),
    ("oldest", "Oldest first"),
    ("employer", "Employer"),
    ("changed", "Recently changed"),
)
_FACTS: Final = {
    "type": "are of the type",
    "status": "have the status",
    "modality": "are of the modality",
    "region": "are of the region",
    "employer_type": "are of the employer type",
}
_NOT_A_DAY: Final = "%(label)s must be a day, such as 2024-05-31 or 31/5/2024."


def readable_citation(value: str) -> None:
    """Raise ``ValidationError`` for a citation that cannot be read, saying why."""
    try:
        parse_citations(value)
    except CitationError as error:
        # As a parameter: django-filter formats the message, in which a typed "%" would be one.
        raise ValidationError("%(why)s", params={"why": error}) from error


class SeveralInput(forms.TextInput):
    """One box; in an address its name may stand several times, which is the same as commas."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        given = data.getlist(name) if isinstance(data, MultiValueDict) else [data.get(name)]
        said = [each for each in given if each]
        return ", ".join(said) if said else None


@extend_schema_field(OpenApiTypes.INT)
class WholeNumberFilter(django_filters.Filter):
    """A filter by a whole number: 2021.5 and 1e99 are refused, not rounded."""

    field_class = forms.IntegerField


def _day(label: str) -> django_filters.DateFilter:
    error = _NOT_A_DAY % {"label": label}
    return django_filters.DateFilter(
        label=label,
        input_formats=DATE_FORMATS,
        error_messages={"invalid": error},
        widget=forms.TextInput(),
        help_text="For example 2024-05-31",
    )


class _PlainForm(PlainErrors, forms.Form):
    """Errors in words that name the field."""


class RegisterFilter(django_filters.FilterSet):
    """Search and filters of the register. A value that makes no sense is an error of its field, and left out.

    ``wanted`` is what they ask for; ``qs`` the entries that fit, in the order of the queryset that was given.
    """

    q = django_filters.CharFilter(label="Search the register", max_length=LONGEST)
    type = django_filters.ChoiceFilter(
        choices=RegisterEntry.Type.choices, label="Type of notice", empty_label="Any"
    )
    status = django_filters.ChoiceFilter(
        choices=RegisterEntry.Status.choices, empty_label="Any", label="Status"
    )
    year = WholeNumberFilter(
        label="Year served",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={"invalid": "Year served must be a whole number, such as 2024."},
    )
    served_from = _day("Served on or after")
    served_to = _day("Served on or before")
    employer_type = django_filters.CharFilter(
        label="Employer type",
        max_length=80,
        validators=[RegexValidator(r"^[-a-z0-9]*\Z", "Select a valid employer type.")],
    )
    modality = django_filters.ChoiceFilter(
        choices=RegisterEntry.Modality.choices, empty_label="Any", label="Modality"
    )
    regulation = django_filters.CharFilter(
        label="Regulation",
        help_text="For example 6(5)(b) or 17, or several with commas",
        max_length=200,
        validators=[readable_citation],
        widget=SeveralInput,
    )
    region = django_filters.ChoiceFilter(choices=REGIONS, empty_label="Any", label="Region")

    class Meta:
        model = RegisterEntry
        fields: list[str] = []
        form = _PlainForm

    @property
    def wanted(self) -> Wanted:
        """What the filters that can be read ask for."""
        values = self.values
        typed = read(values.get("q") or "")
        terms = tuple(dict.fromkeys((*typed.terms, *_facts(values, self.form))))
        return Wanted(Sought(terms, typed.nothing), values.get("served_from"), values.get("served_to"))

    def filter_queryset(self, queryset: QuerySet[RegisterEntry]) -> QuerySet[RegisterEntry]:
        wanted = by_days(self.wanted)
        if wanted.served_from is not None:
            queryset = queryset.filter(served_on__gte=wanted.served_from)
        if wanted.served_to is not None:
            queryset = queryset.filter(served_on__lte=wanted.served_to)
        return holding(queryset, wanted.sought)

    @property
    def values(self) -> dict[str, Any]:
        """What could be read, by field."""
        self.form.is_valid()
        return dict(getattr(self.form, "cleaned_data", {}))


class ListFilter(RegisterFilter):
    """The filters as the page has them: with the order, and employer types to choose from.

    ``employer_types`` are the lines of the index of that kind.
    """

    sort = django_filters.ChoiceFilter(
        choices=ORDER_LABELS, label="Sort by", empty_label=None, method="in_order"
    )

    def __init__(self, data: Any, *, employer_types: Sequence[IndexLine]) -> None:
        super().__init__(data, queryset=RegisterEntry.objects.none())
        choices = [("", "Any"), *((line.key, line.name) for line in employer_types)]
        self.form.fields["employer_type"].widget = forms.Select(choices=choices)

    @property
    def order(self) -> str:
        """The order that is asked for; the newest first where none is, or none that there is."""
        return self.values.get("sort") or DEFAULT_ORDER

    def in_order(self, queryset: QuerySet[RegisterEntry], name: str, value: str) -> QuerySet[RegisterEntry]:
        """Nothing: the order of a page is ``paging``'s."""
        return queryset


def chosen(form: forms.Form) -> dict[str, str]:
    """What is asked for, field by field, as an address says it: only what could be read, and is no
    default."""
    said: dict[str, str] = {}
    for name, value in getattr(form, "cleaned_data", {}).items():
        if value not in (None, "") and not (name == "sort" and value == DEFAULT_ORDER):
            said[name] = value.isoformat() if isinstance(value, date) else str(value)
    return said


def shown(form: forms.Form, name: str, value: str) -> str:
    """A chosen value as people read it."""
    field = form.fields[name]
    choices: Any = getattr(field, "choices", None) or getattr(field.widget, "choices", ())
    return str(dict(choices).get(value, value))


def _facts(values: dict[str, Any], form: forms.Form) -> Iterator[Term]:
    """The filters beside the search box, as terms."""
    if values.get("year"):
        yield year_term(values["year"])
    if values.get("regulation"):
        yield cited_term(parse_citations(values["regulation"]))
    for name, words in _FACTS.items():
        if values.get(name):
            yield Term(f"{words} “{shown(form, name, values[name])}”", (mark(name, values[name]),))
