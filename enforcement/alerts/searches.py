"""A saved search: its filters as text, in words, and the entries that fit it."""

from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict

from enforcement.register.asked import every_entry, filter_query
from enforcement.register.filters import RegisterFilter
from enforcement.register.models import RegisterEntry
from enforcement.register.wording import day
from regulator.casework.identifiers import find

LONGEST: Final = 1000
WHOLE: Final = "every notice on the register"


class Unusable(ValueError):
    """The filters cannot be read, are too long to be kept, or seem to identify a person."""


def search_of(data: QueryDict) -> str:
    """The filters of a list in one fixed order. Raises ``Unusable``: what is kept must name nobody."""
    query = filter_query(data)
    if len(query) > LONGEST or not _filter(query).is_valid() or find(data.get("q", "")):
        raise Unusable(query)
    return query


def fitting(query: str) -> QuerySet[RegisterEntry]:
    """The entries that fit now. Raises ``Unusable`` for filters of a former release that are no more."""
    found = _filter(query)
    if not found.is_valid():
        raise Unusable(query)
    entries: QuerySet[RegisterEntry] = found.qs
    return entries


def in_words(query: str) -> str:
    """ "Type of notice: Improvement notice; Year served: 2025"."""
    form = _filter(query).form
    told = []
    for name, values in QueryDict(query).lists():
        field = form.fields.get(name)
        if field is None:
            continue
        told.append(f"{field.label}: {', '.join(_said(field, value) for value in values)}")
    return "; ".join(told) or WHOLE


def _said(field: forms.Field, value: str) -> str:
    """A value as people read it: by its label, a day in words."""
    if isinstance(field, forms.DateField):
        try:
            return day(field.clean(value))
        except ValidationError:
            return value
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    return labels.get(value, value)


def _filter(query: str) -> RegisterFilter:
    return RegisterFilter(QueryDict(query), queryset=every_entry())
