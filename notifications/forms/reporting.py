"""One form for each section of the investigation report, and those of corrective actions.

No section demands anything: what a whole report needs is asked once, at filing, by ``notifications.reports``.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Final

from django import forms
from django.core.validators import MaxLengthValidator

from notifications.content import DoseContent, ReportContent
from notifications.forms.filing import VersionForm
from notifications.forms.questions import LONGEST_TEXT, line, own_field, prose, quantity
from notifications.models import Cause, Notification, Strength
from notifications.models.actions import MEANINGS
from notifications.queries import causes_on
from notifications.reports import MOST_ROWS
from regulator import clock
from regulator.casework.references import normalise
from regulator.frontend.fields import GovukDateField

_ROW: Final = tuple(each.name for each in fields(DoseContent))


class ReportSectionForm(VersionForm):
    """One section of a report. Its version is that of the draft."""

    row_names: tuple[str, ...] = ()

    def __init__(self, *args: Any, notification: Notification, report: ReportContent, **kwargs: Any) -> None:
        self.notification = notification
        self.report = report
        super().__init__(*args, initial=kwargs.pop("initial", {}) | self.shown(report), **kwargs)
        self.prepare()

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The fields of ``ReportContent`` that the section holds."""
        return tuple(name for name in cls.base_fields if name not in ("version", "identifies_nobody"))

    @classmethod
    def shown(cls, report: ReportContent) -> dict[str, Any]:
        return {name: getattr(report, name) for name in cls.names()}

    def prepare(self) -> None:
        """Offer only what fits this notification."""

    def changes(self) -> dict[str, Any]:
        """What the section is to say, by field of ``ReportContent``."""
        return {name: self.cleaned_data[name] for name in self.names()}

    def groups(self) -> list[tuple[str, ...]]:
        """The rows of boxes that belong together, where the section has any."""
        return []


class WhatHappenedForm(ReportSectionForm):
    what_happened = prose(
        "What happened?",
        "In the order in which it happened, from the referral to the discovery: what should have been done, "
        "and what was done instead. Say “Operator A”, never a name.",
        10,
    )


class DosesForm(ReportSectionForm):
    doses = prose(
        "What do the doses mean for the people exposed?",
        "How certain the estimate is, what you compared it with, and the risk that follows from it.",
    )
    no_doses_reason = prose("If no dose was estimated, why not?", rows=3)

    def __init__(self, *args: Any, report: ReportContent, **kwargs: Any) -> None:
        super().__init__(*args, report=report, **kwargs)
        count = _rows_sent(self.data) if self.is_bound else len(report.dose_rows) + 1
        self.row_names = tuple(f"{name}_{place}" for place in range(count) for name in _ROW)
        for place in range(count):
            stored = report.dose_rows[place] if place < len(report.dose_rows) else DoseContent()
            for name, field in _row_fields().items():
                self.fields[f"{name}_{place}"] = field
                self.initial[f"{name}_{place}"] = getattr(stored, name)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        return ("dose_rows", *super().names())

    @classmethod
    def shown(cls, report: ReportContent) -> dict[str, Any]:
        return {"doses": report.doses, "no_doses_reason": report.no_doses_reason}

    def changes(self) -> dict[str, Any]:
        rows = [
            DoseContent(**{name.rpartition("_")[0]: self.cleaned_data[name] for name in group})
            for group in self.groups()
        ]
        return {
            "doses": self.cleaned_data["doses"],
            "no_doses_reason": self.cleaned_data["no_doses_reason"],
            "dose_rows": tuple(row for row in rows if row != DoseContent()),
        }

    def groups(self) -> list[tuple[str, ...]]:
        wide = len(_ROW)
        return [self.row_names[at : at + wide] for at in range(0, len(self.row_names), wide)]


def _row_fields() -> dict[str, forms.Field]:
    return {
        "person": line("Person or group", 60, "“Person A”, or “Patients A to F” if each had this dose."),
        "value": quantity("Estimated dose", "", digits=14, places=6),
        "unit": line("Unit", 30, "For example mSv, mGy or Gy."),
        "method": line("How was it estimated?", 300),
        "estimated_by": line("Which role estimated it?", 100, "For example “Medical physics expert”."),
    }


def _rows_sent(data: Mapping[str, Any]) -> int:
    """How many rows a browser sent: one more than the highest number, at least one."""
    pattern = re.compile(rf"(?:{'|'.join(_ROW)})_([0-9]{{1,3}})")
    places = [int(found[1]) for found in map(pattern.fullmatch, data) if found]
    return min(max(places, default=0) + 1, MOST_ROWS)


class CausesForm(ReportSectionForm):
    causes = prose(
        "What were the root causes and contributory factors?",
        "Ask why until the answer is something that the organisation can change: how work is arranged, "
        "equipment, staffing, procedures, how people work together. “Human error” is where to start.",
        8,
    )
    cause = forms.ModelChoiceField(
        queryset=Cause.objects.none(),
        label="Which cause fits best?",
        required=False,
        empty_label="Not chosen",
        help_text="Each says whose error it was, where in the pathway, and what went wrong.",
    )

    def prepare(self) -> None:
        field = own_field(self, "cause", forms.ModelChoiceField)
        offered = causes_on(clock.today(), self.notification.case.modality)
        if self.report.cause is not None:
            offered |= Cause.objects.filter(pk=self.report.cause.pk)  # of an earlier edition stays chosen
        field.queryset = offered


class EarlierForm(ReportSectionForm):
    earlier_incidents = prose(
        "Were there similar incidents before, or a trend?",
        "Say how far back you looked and where, including near misses, and what came of earlier actions.",
    )
    earlier_references = line(
        "References of your earlier notifications, if any",
        2_000,
        "Separate them with commas. For example, IRN-2026-00042-K.",
    )

    @classmethod
    def shown(cls, report: ReportContent) -> dict[str, Any]:
        return super().shown(report) | {"earlier_references": ", ".join(report.earlier_references)}

    def clean_earlier_references(self) -> tuple[str, ...]:
        typed = re.split(r"[,;\s]+", str(self.cleaned_data["earlier_references"]))
        return tuple(dict.fromkeys(normalise(each) for each in typed if each))


class CandourForm(ReportSectionForm):
    candour = prose(
        "Was your local duty of candour met, and how?",
        "Who was told, by which role, when and how, what was said and what was offered. If it was not met, "
        "say why.",
    )


class ProceduresForm(ReportSectionForm):
    procedures_applied = prose(
        "Was your procedure under regulation 8(1) and Schedule 2(l) applied, and how?",
        "How the person exposed, or who speaks for them, the referrer and the practitioner came to know of a "
        "clinically significant exposure, and of the outcome of its analysis.",
    )


class LearningForm(ReportSectionForm):
    learning = prose(
        "What was learned, and how was it shared?",
        "Who you shared it with, inside and outside the department, when and how, and how you know that they "
        "understood.",
    )


class MeasuresForm(ReportSectionForm):
    corrective_measures = prose(
        "Which measures will stop it from happening again?",
        "How your actions together address the causes that you found. List each action above.",
    )
    no_actions_reason = prose("If no action is planned, why not?", rows=3)


def _required(label: str, error: str, help_text: str = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        validators=[MaxLengthValidator(LONGEST_TEXT)],
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": error},
    )


def _explained(strengths: Iterable[Strength]) -> list[tuple[str, str]]:
    return [(each.value, f"{each.label}: {MEANINGS[each]}") for each in strengths]


class ActionForm(VersionForm):
    """A corrective action as it is planned."""

    what = _required("What will be done?", "Enter what will be done")
    strength = forms.ChoiceField(
        label="What kind of action is it?",
        help_text="The strongest come first: they work without anyone having to remember.",
        choices=_explained(Strength),
        widget=forms.RadioSelect,
        error_messages={"required": "Select the kind of action"},
    )
    owner_role = forms.CharField(
        label="Which role is responsible for it?",
        max_length=100,
        error_messages={"required": "Enter the role that is responsible for it"},
    )
    planned_for = GovukDateField(
        label="When will it be done by?", noun="The planned date", help_text="For example, 27 3 2026."
    )
    effect_check = _required("How will you check that it works?", "Enter how you will check that it works")


class DoneForm(VersionForm):
    done_on = GovukDateField(label="When was it done?", noun="The date it was done", not_in_future=True)


class MoveForm(VersionForm):
    planned_for = GovukDateField(label="When will it be done by now?", noun="The new date")
    reason = _required("Why has the date changed?", "Enter why the date has changed", "Use roles, not names.")


class CancelForm(VersionForm):
    reason = _required(
        "Why are you cancelling it?", "Enter why you are cancelling it", "Use roles, not names."
    )
