"""What a program may ask of the register beyond the filters of the pages, and how it is read."""

from datetime import UTC, datetime
from typing import Any, Final

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import APIException

from enforcement.register.filters import FIRST_YEAR, LAST_YEAR, RegisterFilter
from enforcement.register.keyset import MOST, ORDERS
from enforcement.register.models import RegisterEntry
from enforcement.register.records import FIELDS

_LONGEST: Final = 600
_ORDERS: Final = {
    "-served_on": "The latest service first (as it is without this)",
    "served_on": "The earliest service first",
    "-updated_at": "The last changed first",
    "updated_at": "The last changed last",
}


class Gone(APIException):
    """The entry stood here and was removed."""

    status_code = 410
    default_detail = "The entry that stood here was removed from the register."


def chosen_names(text: str) -> tuple[str, ...] | str:
    """The names in a list with commas, in the order of a record; all, where none is given. For one that is
    no name, what is wrong in words."""
    asked = {each.strip() for each in text[:_LONGEST].split(",")} - {""}
    if unknown := sorted(asked - set(FIELDS)):
        return f"There is no {unknown[0][:40]!r}. Choose among: {', '.join(FIELDS)}."
    return tuple(name for name in FIELDS if name in asked) or FIELDS


def whole_number(text: str) -> int | None:
    """A number of 0 or more that fits a database, or ``None``."""
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        return None
    return number if (number := int(text)) <= MOST else None


class _NamesField(forms.CharField):
    """The names of the parts that are wanted."""

    def clean(self, value: Any) -> Any:
        names = chosen_names(super().clean(value) or "")
        if isinstance(names, str):
            raise forms.ValidationError("%(why)s", params={"why": names})
        return names


@extend_schema_field(OpenApiTypes.STR)
class _NamesFilter(django_filters.Filter):
    field_class = _NamesField


class ApiFilter(RegisterFilter):
    """The filters of the pages, and what only programs ask."""

    updated_since = django_filters.IsoDateTimeFilter(
        field_name="updated_at",
        lookup_expr="gte",
        label="Entries that were added or changed at that moment or later, such as 2026-03-01T00:00:00Z",
        validators=[
            MinValueValidator(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)),
            MaxValueValidator(datetime(LAST_YEAR, 12, 31, tzinfo=UTC)),
        ],
    )
    sort = django_filters.ChoiceFilter(
        choices=[(name, _ORDERS[name]) for name in ORDERS],
        method="as_it_is",
        label="The order of the entries",
    )
    fields = _NamesFilter(
        method="as_it_is",
        label="Only these parts of each entry, by name, with commas between",
        max_length=_LONGEST,
    )

    def as_it_is(self, queryset: QuerySet[RegisterEntry], name: str, value: Any) -> QuerySet[RegisterEntry]:
        """What is asked about the answer leaves no entry out."""
        return queryset
