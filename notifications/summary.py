"""A notification as people read it back: headed lists of labels and values, for its check page and its own page."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.forms import BoundField, ChoiceField

from notifications.models import Notification
from notifications.sections import SECTIONS, Section
from regulator.frontend.fields import DecimalField
from regulator.organisations.models import Modality

Row = tuple[str, str]


def summary(notification: Notification) -> list[tuple[Section, list[Row]]]:
    """Every section with its questions and what was answered, in the order of the form.

    As many queries as the sections' choices need (at most 6), whatever the size of the tables.
    """
    return [(section, list(_rows(section, notification))) for section in SECTIONS]


def heading(notification: Notification) -> str:
    """One line that says what this is about."""
    modality = Modality(notification.case.modality).label
    what = notification.procedure or notification.get_sub_modality_display() or "details not given yet"
    return f"{modality}: {what}"


def _rows(section: Section, notification: Notification) -> Iterable[Row]:
    form = section.form(notification)(initial=section.initial(notification), notification=notification)
    for bound in form.visible_fields():
        yield str(bound.label), _answer(bound)


def _answer(bound: BoundField) -> str:
    value, field = bound.value(), bound.field
    if value in (None, "", []):
        return ""
    if isinstance(field, DecimalField):
        return f"{value} {field.unit}".strip()  # the field writes it without padding
    if isinstance(field, ChoiceField):
        return _choice(field, value)
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return str(value)


def _choice(field: ChoiceField, value: Any) -> str:
    chosen = {str(getattr(each, "pk", each)) for each in (value if isinstance(value, list) else [value])}
    chosen |= {str(value)} if not isinstance(value, list) else {str(each) for each in value}
    options = (pair for pair in field.choices if not isinstance(pair[1], list | tuple))
    return "; ".join(str(label) for key, label in options if str(key) in chosen)
