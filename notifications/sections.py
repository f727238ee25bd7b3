"""The sections of a notification in their order: the form of each, and how it turns into content.

The pages save a section at a time; what is stored is always the whole draft with that section replaced.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from django.db.models import QuerySet

from notifications import forms
from notifications.content import (
    DraftContent,
    ImagingContent,
    RadionuclideContent,
    RadiotherapyContent,
    content_of,
)
from notifications.models import Notification
from regulator.organisations.models import Modality

Part = ImagingContent | RadiotherapyContent | RadionuclideContent


_NO_ANSWER: Final = ("version", "identifies_nobody")


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the form. ``part`` is the field of ``DraftContent`` that holds it, where it is a part."""

    slug: str
    title: str
    form: Callable[[Notification], type[forms.SectionForm]]

    def field_names(self, notification: Notification) -> tuple[str, ...]:
        return tuple(name for name in self.form(notification).base_fields if name not in _NO_ANSWER)

    def initial(self, notification: Notification) -> dict[str, Any]:
        """What is stored, as the form shows it."""
        content = content_of(notification)
        source: DraftContent | Part | None = content
        if self.slug == EXPOSURE:
            source = getattr(content, PART_OF[notification.case.modality][0])
        shown = {name: getattr(source, name) for name in self.field_names(notification)} if source else {}
        return {name: _shown(value) for name, value in shown.items()}

    def changed(self, notification: Notification, cleaned: dict[str, Any]) -> DraftContent:
        """The whole content with this section replaced by what the form holds."""
        values = {name: _stored(cleaned[name]) for name in self.field_names(notification)}
        content = content_of(notification)
        if self.slug != EXPOSURE:
            return replace(content, **values)
        name, part = PART_OF[notification.case.modality]
        known = {each.name for each in fields(part)}
        changes: dict[str, Any] = {name: part(**{key: values[key] for key in values if key in known})}
        return replace(content, **changes)


EXPOSURE: Final = "exposure"
PART_OF: Final[dict[str, tuple[str, type[Part]]]] = {
    Modality.DIAGNOSTIC_IMAGING: ("imaging", ImagingContent),
    Modality.RADIOTHERAPY: ("radiotherapy", RadiotherapyContent),
    Modality.NUCLEAR_MEDICINE: ("radionuclide", RadionuclideContent),
}


def _shown(value: Any) -> Any:
    if value is True or value is False:
        return "yes" if value else "no"
    return list(value) if isinstance(value, tuple) else value


def _stored(value: Any) -> Any:
    return tuple(sorted(code.key for code in value)) if isinstance(value, QuerySet) else value


def _always(form: type[forms.SectionForm]) -> Callable[[Notification], type[forms.SectionForm]]:
    return lambda notification: form


def _exposure(notification: Notification) -> type[forms.SectionForm]:
    return forms.EXPOSURE_FORMS[notification.case.modality]


SECTIONS: Final = (
    Section("incident", "The incident", _always(forms.IncidentForm)),
    Section("people", "Who was exposed", _always(forms.ExposedForm)),
    Section(EXPOSURE, "The exposure", _exposure),
    Section("criterion", "Why it is notifiable", _always(forms.CriterionForm)),
    Section("circumstances", "What happened and why", _always(forms.CircumstancesForm)),
    Section("telling", "Who was told, and whom to contact", _always(forms.TellingForm)),
)


_MODALITY: Final = (Section("modality", "The modality", _always(forms.ModalityForm)),)


def sections_of(notification: Notification) -> tuple[Section, ...]:
    """The sections that can be filled in: all, or the modality alone while it is not known (an incident
    system may begin a draft without it)."""
    return SECTIONS if notification.case.modality else _MODALITY


def section(slug: str, notification: Notification) -> Section:
    """The notification's section of that name. Raises ``LookupError``."""
    for each in sections_of(notification):
        if each.slug == slug:
            return each
    raise LookupError(f"no section is called {slug!r}")
