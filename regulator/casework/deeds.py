"""The deeds that the desk offers on a case of any kind: assigning it, writing a note, attaching a
file, asking for a disclosure bundle."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from regulator.accounts.models import User
from regulator.accounts.roles import roles_with
from regulator.casework.desk import DeskAction, DeskForm, ReasonForm, WordsForm
from regulator.casework.evidence.bundles import ask_bundle
from regulator.casework.models import Case
from regulator.casework.services import add_note, assign, attach


class AssignForm(DeskForm):
    """Whom to make responsible: anybody who works on cases and may sign in, or nobody."""

    assignee = forms.ModelChoiceField(
        User.objects.none(), label="Assign to", required=False, empty_label="Nobody"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["assignee"]
        field.queryset = case_workers()  # type: ignore[attr-defined]
        field.initial = self.case.assignee_id


class BulkAssignForm(DeskForm):
    """Whom to make responsible for all of them. Nobody is no choice here: too easily sent without
    choosing."""

    assignee = forms.ModelChoiceField(User.objects.none(), label="Assign to", empty_label="Choose somebody")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = case_workers()  # type: ignore[attr-defined]


class NoteForm(WordsForm):
    text = forms.CharField(
        label="Note",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Seen by CQC staff only, and never edited. Do not name a patient.",
    )


class AttachForm(WordsForm):
    file = forms.FileField(
        label="File",
        help_text="A PDF, Word, Excel, PNG, JPEG, CSV or text file of at most 25 MB, without patient data.",
    )


def case_workers() -> QuerySet[User]:
    """Those to whom a case can be assigned, by name (one query)."""
    return User.objects.filter(is_active=True, role__in=sorted(roles_with("casework.assign")))


def _assign(*, case: Case, by: User, version: int, assignee: User | None) -> None:
    assign(case=case, assignee=assignee, by=by, version=version)


def _note(*, case: Case, by: User, version: int, text: str, identifies_nobody: str) -> None:
    """A note adds to the case and changes nothing on it, so no version can be too old for one."""
    add_note(case=case, text=text, by=by, identifies_nobody=identifies_nobody)


def _attach(*, case: Case, by: User, version: int, file: "UploadedFile[Any]", identifies_nobody: str) -> None:
    attach(case=case, upload=file, by=by, identifies_nobody=identifies_nobody)


def _bundle(*, case: Case, by: User, version: int, reason: str, identifies_nobody: str) -> None:
    """A bundle is of the case as it stands when it is asked for, so no version can be too old for one."""
    ask_bundle(case=case, by=by, reason=reason, identifies_nobody=identifies_nobody)


EVERYDAY_DEEDS = (
    DeskAction(name="assign", label="Assign", permission="casework.assign", form=AssignForm, run=_assign),
    DeskAction(name="note", label="Add a note", permission="casework.note", form=NoteForm, run=_note),
    DeskAction(
        name="bundle",
        label="Ask for a disclosure bundle",
        permission="casework.disclose",
        form=ReasonForm,
        run=_bundle,
        reads=True,
    ),
    DeskAction(
        name="attach", label="Attach a file", permission="casework.attach", form=AttachForm, run=_attach
    ),
)
BULK_ASSIGN = DeskAction(
    name="assign", label="Assign", permission="casework.assign", form=BulkAssignForm, run=_assign
)
