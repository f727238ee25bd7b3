"""The register's filters: one validated set, shared by the page and the API."""

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from enforcement.register.models import RegisterEntry
from enforcement.register.queries import citing, matching
from regulator.legislation.citations import CitationError, parse_citations

FIRST_YEAR = 1988
LAST_YEAR = 2100


def readable_citation(value: str) -> None:
    """Raise ``ValidationError`` for a citation that cannot be read, saying why."""
    try:
        parse_citations(value)
    except CitationError as error:
        # As a parameter: django-filter formats the message, in which a typed "%" would be one.
        raise ValidationError("%(why)s", params={"why": error}) from error


@extend_schema_field(OpenApiTypes.INT)
class WholeNumberFilter(django_filters.Filter):
    """A filter by a whole number: 2021.5 and 1e99 are refused, not rounded."""

    field_class = forms.IntegerField


class RegisterFilter(django_filters.FilterSet):
    """Search and filters of the register. A value that makes no sense is an error of its field."""

    q = django_filters.CharFilter(method="search", label="Employer, place or text", max_length=200)
    type = django_filters.ChoiceFilter(
        field_name="notice_type",
        choices=RegisterEntry.Type.choices,
        label="Type of notice",
        empty_label="Any",
    )
    status = django_filters.ChoiceFilter(
        choices=RegisterEntry.Status.choices, empty_label="Any", label="Status"
    )
    year = WholeNumberFilter(
        field_name="served_on",
        lookup_expr="year",
        label="Year served",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={"invalid": "Year served must be a whole number, such as 2024."},
    )
    modality = django_filters.ChoiceFilter(
        choices=RegisterEntry.Modality.choices, empty_label="Any", label="Modality"
    )
    regulation = django_filters.CharFilter(
        method="by_regulation",
        label="Regulation",
        help_text="For example 6(5)(b) or 17",
        max_length=100,
        validators=[readable_citation],
    )

    class Meta:
        model = RegisterEntry
        fields: list[str] = []

    def search(self, queryset: QuerySet[RegisterEntry], name: str, value: str) -> QuerySet[RegisterEntry]:
        return matching(queryset, value)

    def by_regulation(
        self, queryset: QuerySet[RegisterEntry], name: str, value: str
    ) -> QuerySet[RegisterEntry]:
        return citing(queryset, parse_citations(value))
