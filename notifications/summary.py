"""A notification as people read it back: headed lists of labels and values."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.forms import ChoiceField, Field

from notifications.models import Notification
from notifications.queries import criterion_wording
from notifications.sections import Section, sections_of
from regulator import clock
from regulator.frontend.fields import DecimalField, decimal_plain
from regulator.organisations.models import Modality

Row = tuple[str, str]


def summary(notification: Notification) -> list[tuple[Section, list[Row]]]:
    """Every section with its questions and what was answered, in the order of the form.

    What is stored is shown under its own name, also where the form would no longer offer it (a site that
    closed, a cause of an earlier taxonomy). One query after ``queries.draft``.
    """
    named = _named(notification)
    return [(part, list(_rows(part, notification, named))) for part in sections_of(notification)]


def heading(notification: Notification) -> str:
    """One line that says what this is about."""
    what = notification.procedure or notification.get_sub_modality_display() or "details not given yet"
    known = notification.case.modality
    return f"{Modality(known).label}: {what}" if known else what.capitalize()


def _named(notification: Notification) -> dict[str, str]:
    """The answers whose words lie in tables rather than in the form."""
    site, cause, code = notification.case.site, notification.reporter_cause, notification.criterion_code
    wording = criterion_wording(notification.occurred_on or clock.today(), code) if code else ""
    return {
        "site": site.name if site else "",
        "sub_modality": notification.get_sub_modality_display(),
        "criterion_code": f"{code}: {wording}" if wording else code,
        "complementary_codes": "; ".join(each.label for each in notification.complementary_codes.all()),
        "reporter_cause": str(cause) if cause else "",
    }


def _rows(part: Section, notification: Notification, named: dict[str, str]) -> Iterable[Row]:
    questions, values = part.form(notification).base_fields, part.initial(notification)
    for name in part.field_names(notification):
        field = questions[name]
        yield str(field.label), named[name] if name in named else _answer(field, values.get(name))


def _answer(field: Field, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(field, DecimalField):
        return f"{decimal_plain(value)} {field.unit}".strip()
    if isinstance(field, ChoiceField):
        chosen = {str(each) for each in (value if isinstance(value, list) else [value])}
        options: Any = field.choices
        return "; ".join(str(label) for key, label in options if str(key) in chosen)
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return str(value)
