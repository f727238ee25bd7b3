"""Questionnaires as forms: the desk's deeds, and a section as the employer answers it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from inspections.questionnaires.answering import LONGEST, Given
from inspections.questionnaires.models import Questionnaire
from inspections.questionnaires.queries import of_case
from inspections.questionnaires.ready import Kind, Question, newest
from inspections.questionnaires.sheet import Line, Part
from regulator.accounts.models import User
from regulator.casework.attempt import ConfirmsIdentifiers
from regulator.casework.desk import DayInput, DeskForm, WordsForm
from regulator.casework.models import Attachment, Case
from regulator.frontend.fields import DecimalField, GovukDateField, PlainErrors, RowVersionField

State = Questionnaire.State


class SendForm(DeskForm):
    """Which questionnaire, and by when."""

    questionnaire = forms.ChoiceField(widget=forms.RadioSelect)
    due_on = forms.DateField(label="To be answered by", widget=DayInput())
    field_order = ("questionnaire", "due_on")

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        offered = newest(case.modality)
        field = self.fields["questionnaire"]
        field.choices = [(each.key, f"{each.title}, edition {each.edition}") for each in offered]  # type: ignore[attr-defined]
        field.initial = offered[0].key if offered else None


def _offer(form: DeskForm, case: Case, states: Sequence[State]) -> list[Questionnaire]:
    """Let the form offer the questionnaires in these states, the first chosen; answers them."""
    found = [each for each in of_case(case) if each.state in states]
    field = form.fields["questionnaire"]
    field.queryset = Questionnaire.objects.filter(pk__in=[each.pk for each in found])  # type: ignore[attr-defined]
    field.initial = found[0].pk if found else None
    field.empty_label = None  # type: ignore[attr-defined]
    return found


class AcceptForm(DeskForm):
    """Which one is accepted."""

    questionnaire = forms.ModelChoiceField(queryset=Questionnaire.objects.none())

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        _offer(self, case, (State.SUBMITTED,))


class ReturnForm(WordsForm):
    """Which questions are meant, why, and until when."""

    questionnaire = forms.ModelChoiceField(queryset=Questionnaire.objects.none())
    questions = forms.MultipleChoiceField(
        label="Questions that are meant", widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label="What you need to know",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The employer reads this, by email and above its answers. Do not name a person.",
    )
    due_on = forms.DateField(label="To be answered by", widget=DayInput())
    field_order = ("questionnaire", "questions", "reason", "due_on")

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        found = _offer(self, case, (State.SUBMITTED,))
        self.fields["questions"].choices = list(_numbered(found))  # type: ignore[attr-defined]


def _numbered(found: Iterable[Questionnaire]) -> Iterable[tuple[str, str]]:
    for each in found:
        questions = {one.key: one for one in each.content.questions}
        for number, key in enumerate(each.asked, 1):
            yield key, f"{number}. {questions[key].text}"


class WithdrawForm(WordsForm):
    """Which one is taken back, and why."""

    questionnaire = forms.ModelChoiceField(queryset=Questionnaire.objects.none())
    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Kept for good on the case’s record; the employer does not read it. Do not name a person.",
    )
    field_order = ("questionnaire", "reason")

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        _offer(self, case, (State.SENT, State.SUBMITTED, State.RETURNED))


class ShowForm(PlainErrors, forms.Form):
    """How the desk's page of a questionnaire is ordered, in its address."""

    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[("", "By section"), ("concerns", "“No” and “Partly” first")],
    )


class SectionForm(PlainErrors, ConfirmsIdentifiers):
    """One section. It demands nothing: whether it is enough is asked at submission."""

    version = RowVersionField()


def section_form(part: Part, files: Sequence[Attachment]) -> type[SectionForm]:
    """The form of one section. Its boxes are named for the question: ``<key>``, ``<key>_comment``,
    ``<key>_files`` and ``<key>_upload``."""
    fields: dict[str, forms.Field] = {}
    for line in part.lines:
        fields |= _fields_of(line, files)
    return type("AnswersForm", (SectionForm,), fields)


def _fields_of(line: Line, files: Sequence[Attachment]) -> dict[str, forms.Field]:
    question, about = line.question, f"question {line.number}"
    found: dict[str, forms.Field] = {question.key: _value_field(line)}
    if question.has_comment:
        found[f"{question.key}_comment"] = forms.CharField(
            label=f"Comment on {about}",
            required=False,
            validators=[MaxLengthValidator(LONGEST)],
            widget=forms.Textarea(attrs={"rows": 3}),
        )
    if question.evidence:
        if files:
            found[f"{question.key}_files"] = forms.TypedMultipleChoiceField(
                label=f"Files that go with {about}",
                required=False,
                coerce=int,
                choices=[(each.pk, each.name) for each in files],
                widget=forms.CheckboxSelectMultiple,
            )
        found[f"{question.key}_upload"] = forms.FileField(
            label=f"Send a file for {about}",
            required=False,
            error_messages={"empty": "The file is empty. Choose another"},
        )
    return found


def _value_field(line: Line) -> forms.Field:
    question: Question = line.question
    label = f"{line.number}. {question.text}"
    about = f"Question {line.number}"
    if question.kind is Kind.NUMBER:
        return DecimalField(
            label=label, noun=about, required=False, max_digits=9, decimal_places=2, unit=question.unit
        )
    if question.kind is Kind.DATE:
        return GovukDateField(label=label, noun=about, required=False)
    if question.kind is Kind.TEXT:
        return forms.CharField(
            label=label,
            required=False,
            validators=[MaxLengthValidator(LONGEST)],
            widget=forms.Textarea(attrs={"rows": 5}),
        )
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=question.choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": f"{about}: choose one of the answers offered"},
    )


def shown(part: Part) -> dict[str, Any]:
    """What the form of a section shows at first: the answers as they stand."""
    found: dict[str, Any] = {}
    for line in part.lines:
        key, given = line.question.key, line.given
        values = {Kind.NUMBER: given.number, Kind.DATE: given.day, Kind.TEXT: given.text}
        found[key] = values.get(line.question.kind, given.choice)
        found[f"{key}_comment"] = given.comment
        found[f"{key}_files"] = list(given.files)
    return found


def answered(part: Part, cleaned: Mapping[str, Any]) -> dict[str, Given]:
    """What a valid form says, by question."""
    return {line.question.key: _given(line.question, cleaned) for line in part.lines}


def _given(question: Question, cleaned: Mapping[str, Any]) -> Given:
    value = cleaned.get(question.key)
    chosen = question.kind in (Kind.YES_NO, Kind.CHOICE)
    return Given(
        choice=str(value or "") if chosen else "",
        number=value if question.kind is Kind.NUMBER else None,
        day=value if question.kind is Kind.DATE else None,
        text=str(value or "") if question.kind is Kind.TEXT else "",
        comment=cleaned.get(f"{question.key}_comment") or "",
        files=tuple(cleaned.get(f"{question.key}_files") or ()),
    )
