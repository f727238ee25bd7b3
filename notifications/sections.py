"""The sections of a notification in their order: the form of each, and how it turns into content.

The pages save a section at a time; what is stored is always the whole draft with that section replaced.
Which sections there are follows from the kind and the modality.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from itertools import groupby
from typing import Any, Final

from notifications import forms
from notifications.content import SECTIONS as PARTS
from notifications.content import DraftContent
from notifications.kinds import is_empty
from notifications.models import Basis, Notification
from regulator.frontend.fields import GovukDateField
from regulator.organisations.models import Modality

_NO_ANSWER: Final = ("version", "identifies_nobody")


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the form, in its ``group`` of the task list.

    ``parts`` are the fields of ``DraftContent`` that hold those of its answers that they have, the first that
    has one; the others are the draft's own.
    """

    slug: str
    title: str
    group: str
    form: type[forms.SectionForm]
    parts: tuple[str, ...] = ()

    def field_names(self) -> tuple[str, ...]:
        """The questions, in the order of the form."""
        return tuple(name for name in self.form.base_fields if name not in _NO_ANSWER)

    def values(self, content: DraftContent) -> dict[str, Any]:
        """What ``content`` answers to each question."""
        homes = {name: getattr(content, home) for name, home in self._homes().items()}
        return {
            name: getattr(homes[name], name, None) if name in homes else getattr(content, name)
            for name in self.field_names()
        }

    def initial(self, content: DraftContent) -> dict[str, Any]:
        """What ``content`` answers, as the form shows it."""
        return {name: _shown(value) for name, value in self.values(content).items()}

    def changed(self, content: DraftContent, cleaned: dict[str, Any]) -> DraftContent:
        """``content`` with this section as the form holds it; a part without any answer is none."""
        values = {name: _stored(name, cleaned[name]) for name in self.field_names()}
        homes = self._homes()
        changes: dict[str, Any] = {name: value for name, value in values.items() if name not in homes}
        for home in self.parts:
            before = getattr(content, home)
            told = {name: values[name] for name in values if homes.get(name) == home}
            part = replace(before or PARTS[home][0](), **told)
            changes[home] = None if before is None and is_empty(part) else part
        return replace(content, **changes)

    def fault_names(self) -> dict[str, str]:
        """The rule book's name for each question, with the question's own."""
        homes = self._homes()
        return {f"{homes[name]}.{name}" if name in homes else name: name for name in self.field_names()}

    def anchor(self, name: str) -> str:
        """The id of the box in which the answer to a question begins."""
        is_date = isinstance(self.form.base_fields[name], GovukDateField)
        return f"id_{name}_day" if is_date else f"id_{name}"

    def _homes(self) -> dict[str, str]:
        """The part of each question whose answer lies in one."""
        known = {home: {each.name for each in fields(PARTS[home][0])} for home in reversed(self.parts)}
        return {name: home for home, names in known.items() for name in names & set(self.field_names())}


def _shown(value: Any) -> Any:
    if value is True or value is False:
        return "yes" if value else "no"
    return list(value) if isinstance(value, tuple) else value


def _stored(name: str, value: Any) -> Any:
    return tuple(sorted(value)) if name == "complementary_codes" else value


_ABOUT, _DOSE, _STORY, _CONTACT = "About the incident", "Dose and criteria", "What happened", "Telling others"
_BREACH: Final = "The licence breach"
_PEOPLE: Final = ("people", "Who was exposed", _ABOUT)
_CRITERION: Final = ("criterion", "Why it is notifiable", _DOSE)

_INCIDENT: Final = Section("incident", "The incident", _ABOUT, forms.IncidentForm)
_AFTER: Final = (
    Section("circumstances", "What happened and why", _STORY, forms.CircumstancesForm),
    Section("telling", "Who was told, and whom to contact", _CONTACT, forms.TellingForm),
    Section("lfpse", "Learn from patient safety events (LfPSE)", _CONTACT, forms.LfpseForm),
)
_EXPOSURES: Final[dict[str, tuple[Section, ...]]] = {
    Modality.DIAGNOSTIC_IMAGING: (
        Section("exposure", "The exposure", _DOSE, forms.ImagingForm, ("imaging",)),
    ),
    Modality.RADIOTHERAPY: (
        Section("exposure", "The course of treatment", _DOSE, forms.RadiotherapyForm, ("radiotherapy",)),
        Section(
            "images",
            "Planning and verification images",
            _DOSE,
            forms.RadiotherapyImagingForm,
            ("radiotherapy", "imaging"),
        ),
    ),
    Modality.NUCLEAR_MEDICINE: (
        Section("exposure", "The exposure", _DOSE, forms.RadionuclideForm, ("radionuclide",)),
    ),
}
_STATUTORY: Final = {
    modality: (
        _INCIDENT,
        Section(*_PEOPLE, forms.ExposedForm),
        *exposure,
        Section(*_CRITERION, forms.CriterionForm),
        *_AFTER,
    )
    for modality, exposure in _EXPOSURES.items()
}
_VOLUNTARY: Final = {
    modality: (
        _INCIDENT,
        Section(*_PEOPLE, forms.VoluntaryExposedForm),
        *exposure,
        Section("criterion", "How it stands to the criteria", _DOSE, forms.VoluntaryCriterionForm),
        *_AFTER,
    )
    for modality, exposure in _EXPOSURES.items()
}
_LICENCE_BREACH: Final = (
    Section("licence", "The licence and the breach", _BREACH, forms.LicenceForm, ("licence_breach",)),
    Section("incident", "The administrations", _BREACH, forms.AdministrationsForm, ("licence_breach",)),
    Section(
        "circumstances", "What happened and why", _BREACH, forms.BreachCircumstancesForm, ("licence_breach",)
    ),
    Section(
        "telling", "Who was told, and whom to contact", _CONTACT, forms.BreachTellingForm, ("licence_breach",)
    ),
)
_MODALITY: Final = (Section("modality", "The modality", _ABOUT, forms.ModalityForm),)


def sections_of(notification: Notification) -> tuple[Section, ...]:
    """The sections that can be filled in: all, or the modality alone while it is not known (an incident
    system may begin a draft without it)."""
    modality = notification.case.modality
    if not modality:
        return _MODALITY
    if notification.basis == Basis.LICENCE_BREACH:
        return _LICENCE_BREACH
    return (_VOLUNTARY if notification.basis == Basis.VOLUNTARY else _STATUTORY)[modality]


def section(slug: str, notification: Notification) -> Section:
    """The notification's section of that name. Raises ``LookupError``."""
    for each in sections_of(notification):
        if each.slug == slug:
            return each
    raise LookupError(f"no section is called {slug!r}")


def question(name: str, notification: Notification) -> str:
    """What the notification's forms ask under that name; ``""`` where none of them asks it."""
    for each in sections_of(notification):
        if name in each.field_names():
            return str(each.form.base_fields[name].label)
    return ""


def former_section(slug: str, notification: Notification) -> Section:
    """The section of that name of another kind of notification, or of another modality, nearest first: where
    the kind was changed under somebody's hands. Raises ``LookupError``."""
    own = notification.case.modality
    modalities = sorted(_EXPOSURES, key=lambda each: each != own)
    every = [part for kind in (_STATUTORY, _VOLUNTARY) for each in modalities for part in kind[each]]
    for each in (*every, *_LICENCE_BREACH, *_MODALITY):
        if each.slug == slug:
            return each
    raise LookupError(f"no section is called {slug!r}")


def grouped(sections: tuple[Section, ...]) -> Iterator[tuple[str, list[Section]]]:
    """The sections under the headings of the task list, in their order."""
    for group, found in groupby(sections, key=lambda each: each.group):
        yield group, list(found)
