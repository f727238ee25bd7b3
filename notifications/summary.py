"""A notification as people read it back: headed lists of questions and answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms import ChoiceField, Field

from notifications.codes import criterion_wording
from notifications.content import content_of
from notifications.models import Basis, ComplementaryCode, Notification
from notifications.sections import Section, sections_of
from notifications.versions import Change
from regulator.frontend.fields import DecimalField, decimal_plain
from regulator.organisations.models import Modality

Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """A question of the form, its label, what was answered in words, and the anchor of its box."""

    name: str
    label: str
    text: str
    anchor: str


def summary(notification: Notification) -> list[tuple[Section, list[Row]]]:
    """Every section with its questions and what was answered, in the order of the form.

    What is stored is shown under its own name, also where the form would no longer offer it (a site that
    closed, a cause of an earlier taxonomy). One query after ``queries.draft``.
    """
    return [
        (section, [(answer.label, answer.text) for answer in answers])
        for section, answers in answered(notification)
    ]


def answered(notification: Notification) -> list[tuple[Section, list[Answer]]]:
    """As ``summary``, with the name and the box of each question, for pages that lead back to it."""
    content, named = content_of(notification), _named(notification)
    return [
        (section, list(_answers(section, section.initial(content), named)))
        for section in sections_of(notification)
    ]


def differences(
    section: Section, notification: Notification, typed: dict[str, Any]
) -> list[tuple[str, str, str]]:
    """Where what somebody typed into ``section`` differs from what is stored: question, theirs, stored.

    ``typed`` is the form's cleaned data. At most two queries.
    """
    content, named = content_of(notification), _named(notification)
    theirs = section.initial(section.changed(content, typed))
    stored = section.initial(content)
    changed = [name for name in section.field_names() if theirs[name] != stored[name]]
    mine = {answer.name: answer for answer in _answers(section, theirs, _typed_names(theirs))}
    kept = {answer.name: answer.text for answer in _answers(section, stored, named)}
    return [(mine[name].label, mine[name].text, kept[name]) for name in changed]


def corrected(before: Notification, after: Notification) -> list[Change]:
    """What differs between two tellings of one notification, under the questions of its forms. Two queries
    at most."""
    former = {(part.slug, each.name): each.text for part, found in answered(before) for each in found}
    return [
        Change(each.label, former[part.slug, each.name], each.text)
        for part, found in answered(after)
        for each in found
        if former[part.slug, each.name] != each.text
    ]


def heading(notification: Notification) -> str:
    """One line that says what this is about."""
    if notification.basis == Basis.LICENCE_BREACH:
        return f"Breach of a licence: {notification.procedure or 'details not given yet'}"
    what = notification.procedure or notification.get_sub_modality_display() or "details not given yet"
    known = notification.case.modality
    return f"{Modality(known).label}: {what}" if known else what.capitalize()


def _named(notification: Notification) -> dict[str, str]:
    """The answers whose words lie in tables rather than in the form."""
    site, cause, code = notification.case.site, notification.reporter_cause, notification.criterion_code
    wording = criterion_wording(notification, code) if code else ""
    return {
        "site": site.name if site else "",
        "sub_modality": notification.get_sub_modality_display(),
        "criterion_code": f"{code}: {wording}" if wording else code,
        "complementary_codes": "; ".join(each.label for each in notification.complementary_codes.all()),
        "reporter_cause": str(cause) if cause else "",
    }


def _typed_names(theirs: dict[str, Any]) -> dict[str, str]:
    """The same for answers that are not stored."""
    named: dict[str, str] = {
        name: str(theirs.get(name) or "") for name in ("site", "reporter_cause", "criterion_code")
    }
    labels = dict(Notification._meta.get_field("sub_modality").flatchoices)
    named["sub_modality"] = str(labels.get(theirs.get("sub_modality", ""), ""))
    codes = ComplementaryCode.objects.filter(key__in=theirs.get("complementary_codes") or ())
    named["complementary_codes"] = (
        "; ".join(each.label for each in codes) if theirs.get("complementary_codes") else ""
    )
    return named


def _answers(section: Section, values: dict[str, Any], named: dict[str, str]) -> Iterable[Answer]:
    for name in section.field_names():
        field = section.form.base_fields[name]
        text = named[name] if name in named else _words(field, values.get(name))
        yield Answer(name, str(field.label), text, section.anchor(name))


def _words(field: Field, value: Any) -> str:
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
