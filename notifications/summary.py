"""A notification as people read it back: labels and values under headings, for its two pages."""

from collections.abc import Iterable
from datetime import date

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
        return f"{value} {field.unit}".strip()
    if isinstance(field, ChoiceField):
        return "; ".join(str(each.choice_label) for each in bound.subwidgets if each.data["selected"])
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return str(value)
