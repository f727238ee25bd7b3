"""Referrals on the desk: the panel on a case's page, and the deeds that record one, a reply, a correction."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final, cast

from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import roles_with
from regulator.casework.bodies import BODIES, GATEWAYS, WAYS
from regulator.casework.desk import (
    DayInput,
    DeskAction,
    DeskTable,
    Linked,
    ReasonForm,
    SeveralField,
    WordsForm,
    facts_for,
)
from regulator.casework.mentions import UNSEEN
from regulator.casework.models import Attachment, Case, Referral
from regulator.casework.services.referring import (
    LONGEST,
    PERMISSION,
    Packet,
    SentSection,
    correct_referral,
    packet_of,
    record_reply,
    refer,
)
from regulator.casework.wording import as_text

EVERYTHING: Final = "*"
"""Stands among the headings for all of them."""
SHOWN: Final = 50
_AS_IT_IS: Final = ("", "As recorded")


def _gateways() -> list[tuple[str, str]]:
    return [
        (each.key, f"{each.label}{_of(each.bodies)}{'' if each.verified else ' (not verified)'}")
        for each in GATEWAYS.values()
    ]


def _of(bodies: Iterable[str]) -> str:
    named = [body.short for body in BODIES.values() if body.key in bodies]
    return f": {', '.join(named)}" if named else ""


def _bodies() -> list[tuple[str, str]]:
    return [(each.key, each.label) for each in BODIES.values()]


def _words(label: str, help_text: str, name: str, rows: int, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST[name],
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


def _reference() -> forms.CharField:
    return forms.CharField(
        label="The body’s own reference",
        max_length=LONGEST["their_reference"],
        required=False,
        help_text="If they gave one.",
    )


class SentForm(WordsForm):
    """What is asked of a packet, whether recorded first or corrected. All that the case offers is filled in
    when it is drawn."""

    body = forms.ChoiceField(label="To which body")
    gateway = forms.ChoiceField(
        label="Under which gateway",
        help_text="One that is not verified needs your own words below: what exactly you rely on.",
    )
    gateway_text = _words(
        "What exactly is relied on",
        "The section, the memorandum and its date, or the ground in your own words.",
        "gateway_text",
        2,
    )
    sent_on = forms.DateField(label="Sent on", widget=DayInput())
    how = forms.ChoiceField(label="How it was sent")
    sent_by = forms.ModelChoiceField(User.objects.none(), label="Sent by")
    attachments = SeveralField(
        Attachment.objects.none(),
        label="Files that went",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Kept by name and SHA-256. Only files that were found clean can be chosen.",
    )
    sections = forms.MultipleChoiceField(
        label="Facts of the case that went",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Kept word for word as they stand now.",
    )
    summary = _words(
        "What was sent, in a few words", "Kept for good. Do not name a person.", "summary", 4, required=True
    )
    their_reference = _reference()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("sent_by", people())
        self._choose("attachments", self.case.attachments.filter(scan=Attachment.Scan.CLEAN))
        titles = dict.fromkeys(each.title for each in facts_for(self.case))
        self._offer("sections", [(EVERYTHING, "All of it, as it stands"), *((each, each) for each in titles)])

    def _choose(self, name: str, rows: QuerySet[Any]) -> None:
        cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = rows

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices


class ReferForm(SentForm):
    """Everything of a packet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("body", [("", "Choose a body"), *_bodies()])
        self._offer("gateway", [("", "Choose a gateway"), *_gateways()])
        self._offer("how", [("", "Choose one"), *WAYS.items()])
        self.fields["sent_by"].initial = self.by
        self.fields["sent_on"].initial = clock.today()


class ReplyForm(WordsForm):
    """To which referral, when, and what they said."""

    referral = forms.ModelChoiceField(
        Referral.objects.none(), label="Referral", empty_label="Choose a referral"
    )
    received_on = forms.DateField(label="Received on", widget=DayInput(), initial=clock.today)
    text = _words("What they replied", "Kept for good. Do not name a person.", "text", 4, required=True)
    their_reference = _reference()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Any]", self.fields["referral"]).queryset = standing_of(self.case)


class CorrectForm(SentForm, ReasonForm):
    """Which referral, what of it is to be otherwise, and why. What is left empty stays as recorded."""

    referral = forms.ModelChoiceField(
        Referral.objects.none(), label="Referral", empty_label="Choose a referral"
    )
    taken_back = forms.BooleanField(label="Take it back: this was never sent", required=False, initial=False)
    field_order = ("referral", "taken_back", *SentForm.base_fields, "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SentForm.base_fields:
            self.fields[name].required = False
        self._choose("referral", standing_of(self.case))
        self._offer("body", [_AS_IT_IS, *_bodies()])
        self._offer("gateway", [_AS_IT_IS, *_gateways()])
        self._offer("how", [_AS_IT_IS, *WAYS.items()])
        cast("forms.ModelChoiceField[Any]", self.fields["sent_by"]).empty_label = "As recorded"
        for name in ("gateway_text", "sent_on", "summary", "their_reference"):
            self.fields[name].help_text = "Leave it empty to keep what is recorded."
        self.fields[
            "attachments"
        ].help_text = "Tick none to keep those that are recorded; else tick all that went."
        self.fields[
            "sections"
        ].help_text = (
            "Tick none to keep what is recorded. What you tick is kept as it stands now, not as it stood."
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("taken_back") and any(cleaned.get(name) for name in _OF_A_PACKET):
            self.add_error("taken_back", "What was never sent needs no other correction: empty the rest.")
        return cleaned


_OF_A_PACKET: Final = tuple(name for name in SentForm.base_fields if name != "identifies_nobody")


def people() -> QuerySet[User]:
    """Those at CQC who may have sent a referral, by name."""
    return User.objects.filter(is_active=True, role__in=sorted(roles_with(PERMISSION)))


def standing_of(case: Case) -> QuerySet[Referral]:
    """The referrals that hold, which can be replied to and corrected."""
    return Referral.objects.standing().filter(case=case)


def sections_of(case: Case, titles: Iterable[str]) -> tuple[SentSection, ...]:
    """The facts under these headings, as text, as they stand. A restricted case that they name, or one held
    in confidence, is told to no other body, whoever asks."""
    chosen = set(titles)
    return tuple(
        SentSection(each.title, tuple((_told(label), _told(value)) for label, value in each.rows))
        for each in (facts_for(case) if chosen else ())
        if EVERYTHING in chosen or each.title in chosen
    )


def _told(value: object) -> str:
    if isinstance(value, Case) and (value.is_restricted or value.spec.in_confidence):
        return UNSEEN
    if isinstance(value, list | tuple):
        return "; ".join(map(_told, value)) or "None"
    return as_text(value)


def referrals_panel(case: Case) -> DeskTable:
    """What of a case was told to other bodies, the newest 50 (one query where there is any, and ``case``
    tells)."""
    rows: tuple[tuple[object, ...], ...] = ()
    if getattr(case, "has_referrals", True):
        found = Referral.objects.newest().filter(case=case).with_last_reply()
        rows = tuple(map(_panel_row, found.select_related("sent_by", "event__typed")[:SHOWN]))
    return DeskTable(
        title="Referrals",
        headings=("To", "Sent", "Under", "What was sent", "Reply"),
        rows=rows,
        empty="Nothing was referred to another body.",
    )


def _panel_row(each: Referral) -> tuple[object, ...]:
    path = reverse("admin:casework_case_referral", args=[each.case_id, each.pk])
    corrected = getattr(each.event, "typed", None) if each.supersedes_id else None
    why = f"{'Taken back' if each.is_taken_back else 'Corrected'}: {corrected}" if corrected else ""
    went = [each.summary, *_counted(len(each.files), "file"), *_counted(len(each.sections), "section")]
    given = vars(each)
    reference = given["reply_reference"] or each.their_reference
    replied = f"{as_text(given['replied_on'])}: {given['reply']}" if given["replied_on"] else ""
    reply = [*filter(None, (replied, f"their reference {reference}" if reference else ""))]
    return (
        Linked(each.to.label, path),
        f"{as_text(each.sent_on)}, {each.way}, by {each.sent_by}",
        "; ".join(filter(None, (each.under.label, each.gateway_text))),
        [*filter(None, (why, *went))],
        reply or "No reply yet",
    )


def _counted(count: int, what: str) -> list[str]:
    return [f"{count} {what}{'' if count == 1 else 's'}"] if count else []


def _refer(*, case: Case, by: User, version: int, identifies_nobody: str, **cleaned: Any) -> None:
    refer(
        case=case,
        by=by,
        version=version,
        packet=Packet(**_ready(case, cleaned)),
        identifies_nobody=identifies_nobody,
    )


def _reply(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    record_reply(case=case, by=by, version=version, **cleaned)


def _correct(
    *,
    case: Case,
    by: User,
    version: int,
    referral: Referral,
    reason: str,
    taken_back: bool,
    identifies_nobody: str,
    **cleaned: Any,
) -> None:
    changes = {name: value for name, value in _ready(case, cleaned).items() if value}
    correct_referral(
        case=case,
        referral=referral,
        by=by,
        version=version,
        packet=None if taken_back else replace(packet_of(referral), **changes),
        reason=reason,
        identifies_nobody=identifies_nobody,
    )


def _ready(case: Case, cleaned: dict[str, Any]) -> dict[str, Any]:
    """A form's values as ``Packet`` takes them."""
    return {
        **cleaned,
        "attachments": tuple(each.pk for each in cleaned["attachments"]),
        "sections": sections_of(case, cleaned["sections"]),
    }


def _is_referred(case: Case, by: User) -> str:
    standing = cast("bool | None", getattr(case, "has_standing_referrals", None))
    if standing is None:
        standing = standing_of(case).exists()
    return "" if standing else "Nothing was referred to another body."


REFER: Final = DeskAction("refer", "Record a referral to another body", PERMISSION, ReferForm, _refer)
REPLY: Final = DeskAction(
    "record_reply", "Record another body’s reply", PERMISSION, ReplyForm, _reply, "", _is_referred
)
CORRECT: Final = DeskAction(
    "correct_referral",
    "Correct a referral",
    PERMISSION,
    CorrectForm,
    _correct,
    "",
    _is_referred,
    warning=True,
)
DEEDS: Final = (REFER, REPLY, CORRECT)


def deeds_for(case: Case) -> tuple[DeskAction, ...]:
    """Those of the deeds that fit the case as it stands: a reply only where something was referred."""
    return DEEDS if getattr(case, "has_referrals", True) else (REFER,)
