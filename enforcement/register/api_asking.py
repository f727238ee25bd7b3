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

from enforcement.register.filters import RegisterFilter, errors_of
from enforcement.register.models import RegisterEntry
from enforcement.register.paging import Wanted
from enforcement.register.reading import changed_since
from enforcement.register.records import FIELDS
from enforcement.register.words import FIRST_YEAR, LAST_YEAR

MOST: Final = 2**63 - 1
"""The largest number of a change."""
_LONGEST: Final = 600
_ORDERS: Final = {
    "-served_on": ("newest", "The latest service first (as it is without this)"),
    "served_on": ("oldest", "The earliest service first"),
    "-updated_at": ("changed", "The last changed first"),
    "updated_at": ("unchanged", "The last changed last (as it is with updated_since)"),
}
"""As a caller says them, with what ``paging`` calls them, and what they mean."""


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
        method="as_it_is",
        label="Entries that were added or changed at that moment or later, such as 2026-03-01T00:00:00Z",
        validators=[
            MinValueValidator(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)),
            MaxValueValidator(datetime(LAST_YEAR, 12, 31, tzinfo=UTC)),
        ],
        error_messages={
            "invalid": "updated_since must be a moment, such as 2026-03-01T00:00:00Z.",
            "min_value": f"updated_since must be in {FIRST_YEAR} or later.",
            "max_value": f"updated_since must be in {LAST_YEAR} or earlier.",
        },
    )
    sort = django_filters.ChoiceFilter(
        choices=[(name, about) for name, (_, about) in _ORDERS.items()],
        method="as_it_is",
        label="The order of the entries",
        error_messages=errors_of("sort", invalid_choice=f"sort must be one of: {', '.join(_ORDERS)}."),
    )
    fields = _NamesFilter(
        method="as_it_is",
        label="Only these parts of each entry, by name, with commas between",
        max_length=_LONGEST,
        error_messages=errors_of("fields"),
    )

    @property
    def order(self) -> str:
        """The order that is asked for, as ``paging`` calls it."""
        values = self.form.cleaned_data
        asked = values["sort"] or ("updated_at" if values["updated_since"] else "-served_on")
        return _ORDERS[asked][0]

    def wanted_since(self) -> Wanted | None:
        """What is asked for, ``None`` where nothing changed since then (one query, if a moment is given)."""
        moment = self.form.cleaned_data["updated_since"]
        return self.wanted if moment is None else changed_since(self.wanted, moment)

    def as_it_is(self, queryset: QuerySet[RegisterEntry], name: str, value: Any) -> QuerySet[RegisterEntry]:
        """What is asked about the answer leaves no entry out."""
        return queryset
