"""A notification's page on the staff desk: its deeds with their forms. Rules are the services'."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from notifications import services
from notifications.desk_facts import facts
from notifications.models import Cause, CorrectiveAction, Notification
from notifications.queries import CausesSeen, causes_on, causes_seen, whole
from notifications.services.review import coding_refusal
from notifications.triage.weighing import Suggestion
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.queries import staff_holding
from regulator.casework.desk import (
    CaseReferenceField,
    DayInput,
    DeskAction,
    DeskForm,
    DeskPage,
    ReasonForm,
    WordsForm,
)
from regulator.casework.models import Case
from regulator.casework.wording import as_text
from regulator.deadlines.requests import open_request


def _offer(form: forms.Form, name: str, choices: QuerySet[Any]) -> None:
    """Let a field choose among ``choices``."""
    cast("forms.ModelChoiceField[Any]", form.fields[name]).queryset = choices


class RiskForm(WordsForm):
    """The risk as suggested, or another with the reason; and who leads."""

    risk = forms.TypedChoiceField(
        label="Risk",
        coerce=lambda value: Case.Risk(int(value)),
        choices=[(risk.value, risk.label) for risk in Case.Risk if risk != Case.Risk.NOT_ASSESSED],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose low, medium or high."},
    )
    reason = forms.CharField(
        label="Why another risk than suggested",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed only for another risk. Kept for good; the employer does not see it.",
    )
    lead = forms.ModelChoiceField(
        label="Lead", queryset=User.objects.none(), required=False, empty_label="Nobody"
    )

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        _offer(self, "lead", staff_holding("notifications.review"))


class TriageForm(RiskForm):
    """Of one notification, with what is suggested for it and room for a note."""

    comment = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        _, suggestion = services.suggested(whole().prefetch_related("case__deadlines").get(pk=case.pk))
        self.fields["risk"].initial = int(suggestion.band)
        self.fields["risk"].help_text = told_of(suggestion)


def told_of(suggestion: Suggestion) -> str:
    """What is suggested and why, as a person reads it before choosing."""
    told = services.in_words(suggestion)
    inspection = " High risk proposes a reactive inspection." if suggestion.proposes_inspection else ""
    return f"{told[:1].upper()}{told[1:]}{inspection}"


class QuestionForm(WordsForm):
    question = forms.CharField(label="Question", widget=forms.Textarea(attrs={"rows": 6}))
    due_on = forms.DateField(label="Answer by", widget=DayInput())

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        self.fields["due_on"].initial = clock.today() + timedelta(days=14)


_READ_BY_EMPLOYER = "The employer reads it. Do not name a person."


class ExtensionForm(WordsForm):
    due_on = forms.DateField(label="New date", widget=DayInput())
    reason = forms.CharField(
        label="Reason", widget=forms.Textarea(attrs={"rows": 4}), help_text=_READ_BY_EMPLOYER
    )

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        asked = open_request(case)
        if asked is not None:
            self.fields["due_on"].initial = asked.asked_until
            self.fields["due_on"].help_text = f"The employer asked for {as_text(asked.asked_until)}."


class RefusalForm(WordsForm):
    reason = forms.CharField(
        label="Reason", widget=forms.Textarea(attrs={"rows": 4}), help_text=_READ_BY_EMPLOYER
    )


class MergeForm(ReasonForm):
    """Into which other notification of the employer this one goes, and why."""

    into = CaseReferenceField(
        label="Reference of the notification that goes on",
        help_text="Of the same employer, for example IRN-2026-00002-N. It stays as it is; this one ends.",
    )
    field_order = ("into", "reason")


class CauseForm(DeskForm):
    """CQC's coding in three tiers, the employer's own view beside it."""

    cause = forms.ModelChoiceField(label="Cause", queryset=Cause.objects.none(), empty_label="Choose a cause")

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        offered = causes_on(clock.today(), case.modality)
        _offer(self, "cause", offered)
        field = cast("forms.ModelChoiceField[Any]", self.fields["cause"])
        field.choices = in_tiers(offered)
        views = causes_seen(case)
        field.initial = views.coded or views.reported or views.notified
        field.help_text = _seen_by_the_employer(views)


def in_tiers(causes: Iterable[Cause]) -> list[tuple[str, Any]]:
    """Causes as the choices of a list: a heading for each pair of tier 1 and tier 2, its leaves below."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for cause in causes:
        groups.setdefault(f"{cause.tier1}: {cause.tier2}", []).append((cause.pk, cause.tier3))
    return [("", "Choose a cause"), *groups.items()]


def _seen_by_the_employer(views: CausesSeen) -> str:
    """What the employer said, in the notification and in its report."""
    told = [
        f"In the {where} the employer chose: {cause}."
        for where, cause in (("notification", views.notified), ("report", views.reported))
        if cause
    ]
    return " ".join(told) or "The employer chose no cause."


class ClosureForm(DeskForm):
    """Closing is CQC's to decide; what is still open is said, and agreed to."""

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        count = CorrectiveAction.objects.filter(
            notification=case.pk, done_on__isnull=True, cancelled_at__isnull=True
        ).count()
        if count:
            still = "1 corrective action is" if count == 1 else f"{count} corrective actions are"
            self.fields["despite_open"] = forms.BooleanField(label=f"{still} still open. Close all the same")


def _of(case: Case) -> Notification:
    notification = Notification.objects.get(pk=case.pk)
    notification.case = case
    return notification


def _triage(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    services.triage(notification=_of(case), by=by, version=version, **cleaned)


def _reject(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    services.reject(notification=_of(case), by=by, version=version, **cleaned)


def _start_review(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    services.start_review(notification=_of(case), by=by, version=version)


def _request_information(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    services.request_information(notification=_of(case), by=by, version=version, **cleaned)


def _code_cause(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    services.code_cause(notification=_of(case), by=by, version=version, **cleaned)


def _provisionally_close(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    services.provisionally_close(notification=_of(case), by=by, version=version)


def _confirm_closure(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    services.confirm_closure(notification=_of(case), by=by, version=version)


def _withdraw(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    services.withdraw(notification=_of(case), by=by, version=version, **cleaned)


def _merge(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    services.merge(notification=_of(case), by=by, version=version, **cleaned)


def _reopen(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    services.reopen(notification=_of(case), by=by, version=version, **cleaned)


def _extend_report(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    services.extend_report(notification=_of(case), by=by, version=version, **cleaned)


def _refuse_more_time(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    services.refuse_more_time(notification=_of(case), by=by, version=version, **cleaned)


def _codable(case: Case, by: User) -> str:
    return coding_refusal(case.status)


def _report_awaited(case: Case, by: User) -> str:
    if any(each.kind == "report" and each.is_open for each in case.deadlines.all()):
        return ""
    return "No report is awaited, so there is nothing to extend."


def _more_time_asked(case: Case, by: User) -> str:
    if any(each.is_open for deadline in case.deadlines.all() for each in deadline.extension_requests.all()):
        return ""
    return "No request for more time is open."


_ACTIONS: Sequence[DeskAction] = (
    DeskAction("triage", "Triage", "notifications.triage", TriageForm, _triage, "triage"),
    DeskAction(
        "start_review", "Start the review", "notifications.review", DeskForm, _start_review, "start_review"
    ),
    DeskAction(
        "request_information",
        "Ask the employer",
        "casework.request_information",
        QuestionForm,
        _request_information,
        "request_information",
    ),
    DeskAction(
        "code_cause", "Code the cause", "notifications.code_cause", CauseForm, _code_cause, condition=_codable
    ),
    DeskAction(
        "extend_report",
        "Give more time for the report",
        "notifications.review",
        ExtensionForm,
        _extend_report,
        condition=_report_awaited,
    ),
    DeskAction(
        "refuse_more_time",
        "Refuse more time",
        "notifications.review",
        RefusalForm,
        _refuse_more_time,
        condition=_more_time_asked,
    ),
    DeskAction(
        "provisionally_close",
        "Close provisionally",
        "notifications.close",
        ClosureForm,
        _provisionally_close,
        "provisionally_close",
    ),
    DeskAction(
        "confirm_closure",
        "Confirm the closure",
        "notifications.close",
        ClosureForm,
        _confirm_closure,
        "confirm_closure",
    ),
    DeskAction(
        "reject", "Not notifiable", "notifications.triage", ReasonForm, _reject, "reject", warning=True
    ),
    DeskAction(
        "withdraw", "Withdraw", "notifications.withdraw", ReasonForm, _withdraw, "withdraw", warning=True
    ),
    DeskAction(
        "merge", "Merge into another", "notifications.merge", MergeForm, _merge, "merge", warning=True
    ),
    DeskAction("reopen", "Reopen", "notifications.reopen", ReasonForm, _reopen, "reopen", warning=True),
    DeskAction(
        "reopen_for_triage",
        "Reopen",
        "notifications.reopen",
        ReasonForm,
        _reopen,
        "reopen_for_triage",
        warning=True,
    ),
)

PAGE = DeskPage(facts=facts, actions=tuple(_ACTIONS))
