"""What happened to a notification, as its employer reads it: plain sentences, by day, newest first.

A closed list: only types of event in ``EMPLOYER_EVENTS``, only letters to the employer's own addresses. The
employer's people appear by name, everybody at CQC as "CQC".
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from notifications.models import Notification, SignOff
from notifications.services import answering_refusal
from regulator.casework.chain import TEXT_DIGEST
from regulator.casework.kinds import EMPLOYER_EVENTS
from regulator.casework.models import Event, InformationRequest
from regulator.casework.wording import as_text
from regulator.deadlines.kinds import DEADLINES
from regulator.deadlines.models import Extension, ExtensionRequest
from regulator.organisations.models import Membership
from regulator.outbox.models import Message

CQC: Final = "CQC"
PORTAL: Final = "The portal"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that happened: ``sentence`` says who did what; ``quotes`` are texts with what each is;
    ``link`` is a path with its words."""

    at: datetime
    sentence: str
    quotes: tuple[tuple[str, str], ...] = ()
    link: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """The rows of one day in London, the newest first."""

    day: date
    rows: tuple[Row, ...]


@dataclass(slots=True)
class _Told:
    """What the sentences draw on, each by its primary key: read once."""

    reference: str
    are_answered: bool
    questions: dict[int, InformationRequest]
    requests: dict[int, ExtensionRequest]
    extensions: dict[int, Extension] = field(default_factory=dict)


def employer_timeline(
    notification: Notification,
    *,
    questions: Iterable[InformationRequest],
    requests: Iterable[ExtensionRequest],
) -> list[Day]:
    """Everything, by day. ``questions`` and ``requests`` are the case's, as the page has read them.

    Four queries: events with who did each, extensions, letters, and the employer's addresses.
    """
    told = _Told(
        reference=notification.case.reference or "",
        are_answered=answering_refusal(notification.case) == "",
        questions={each.pk: each for each in questions},
        requests={each.pk: each for each in requests},
        extensions={each.pk: each for each in Extension.objects.filter(deadline__case=notification.case_id)},
    )
    rows = [*(_row(event, told) for event in _events(notification)), *_letters(notification)]
    rows.sort(key=lambda row: row.at, reverse=True)
    return [
        Day(day, tuple(group)) for day, group in groupby(rows, key=lambda row: timezone.localdate(row.at))
    ]


def _events(notification: Notification) -> Iterable[Event]:
    """The events to show, each with its actor, its text, and whether the actor is the employer's own."""
    own = Membership.objects.filter(user=OuterRef("actor"), employer=notification.case.employer_id)
    shown = Event.objects.filter(case=notification.case_id, type__in=list(EMPLOYER_EVENTS))
    return shown.select_related("actor", "typed").annotate(is_own=Exists(own)).order_by("-sequence")


def _row(event: Event, told: _Told) -> Row:
    sentence = _SENTENCES.get(event.type)
    if sentence is None:
        return Row(event.occurred_at, f"{EMPLOYER_EVENTS.get(event.type)}: {_who(event)}")
    return sentence(event, told)


def _who(event: Event) -> str:
    if event.actor is None:
        return PORTAL
    return event.actor.name if vars(event)["is_own"] and not event.actor.role else CQC


Sentence = Callable[[Event, _Told], Row]


def _plain(words: str, *, reason: str = "") -> Sentence:
    """ "Somebody ``words``.", with the reason that was given, under ``reason`` as its heading."""

    def sentence(event: Event, told: _Told) -> Row:
        typed = _typed(event) if reason else ""
        quotes = ((reason, typed),) if typed else ()
        return Row(event.occurred_at, f"{_who(event)} {words}.", quotes)

    return sentence


def _typed(event: Event) -> str:
    if TEXT_DIGEST not in event.payload:
        return ""
    typed = getattr(event, "typed", None)
    return typed.text if typed else "The text was erased."


def _by_signer(event: Event, did: str) -> Row:
    """Whoever signs has no account: the event knows in which role they were asked."""
    role = SignOff.Role(event.payload["role"]).label
    return Row(event.occurred_at, f"{role}, asked for a sign-off, {did}.")


def _amended(event: Event, told: _Told) -> Row:
    number = int(event.payload["version"])
    path = reverse("notifications:version", args=[told.reference, number])
    return Row(
        event.occurred_at,
        f"{_who(event)} corrected what CQC was told.",
        (("Reason", _typed(event)),),
        (path, f"What changed, and version {number} as it was"),
    )


def _asked(event: Event, told: _Told) -> Row:
    question = told.questions.get(int(event.payload["request"]))
    by = f", to be answered by {as_text(question.due_on)}" if question else ""
    row = Row(event.occurred_at, f"{_who(event)} asked a question{by}.")
    if question is None:
        return row
    link = None
    if question.answered_at is None and told.are_answered:
        path = reverse("notifications:answer", args=[told.reference, question.pk])
        link = (path, "Answer this question")
    return Row(row.at, row.sentence, (("Question", question.question),), link)


def _answered(event: Event, told: _Told) -> Row:
    question = told.questions.get(int(event.payload["request"]))
    quotes = (("Question", question.question), ("Answer", question.answer)) if question else ()
    return Row(event.occurred_at, f"{_who(event)} answered CQC’s question.", quotes)


def _extended(event: Event, told: _Told) -> Row:
    extension = told.extensions.get(int(event.payload["extension"]))
    what = _label(event)
    sentence = f"{_who(event)} gave more time. {what}: from {_day(event, 'from')} to {_day(event, 'to')}."
    return Row(event.occurred_at, sentence, (("Reason", extension.reason),) if extension else ())


def _more_time_asked(event: Event, told: _Told) -> Row:
    request = told.requests.get(int(event.payload["request"]))
    sentence = f"{_who(event)} asked for more time until {_day(event, 'until')} ({_label(event)})."
    return Row(event.occurred_at, sentence, (("Reason", request.reason),) if request else ())


def _more_time_refused(event: Event, told: _Told) -> Row:
    request = told.requests.get(int(event.payload["request"]))
    asked = f" until {as_text(request.asked_until)}" if request else ""
    quotes = (("Reason", request.decision_reason),) if request else ()
    sentence = f"{_who(event)} refused more time{asked}: it stayed due by {_day(event, 'due_on')}."
    return Row(event.occurred_at, sentence, quotes)


def _more_time_lapsed(event: Event, told: _Told) -> Row:
    return Row(event.occurred_at, "The request for more time was closed: it is no longer needed.")


def _redated(event: Event, told: _Told) -> Row:
    start, due = _day(event, "start_on"), _day(event, "to")
    sentence = (
        f"{_label(event)}: counted anew from {start} instead of {_day(event, 'from_start_on')}. "
        f"Due by {due}; before, by {_day(event, 'from')}."
    )
    return Row(event.occurred_at, sentence)


def _recounted(event: Event, told: _Told) -> Row:
    sentence = (
        f"{_label(event)}: the rule changed for clocks that run. Due by {_day(event, 'to')}; before, by "
        f"{_day(event, 'from')}."
    )
    return Row(event.occurred_at, sentence)


def _label(event: Event) -> str:
    return DEADLINES.get(str(event.payload["kind"])).label


def _day(event: Event, name: str) -> str:
    return as_text(date.fromisoformat(str(event.payload[name])))


_SENTENCES: Final[dict[str, Sentence]] = {
    "notifications.drafted": _plain("began the draft"),
    "notifications.submitted": _plain("submitted the notification"),
    "notifications.sign_off_signed": lambda event, told: _by_signer(event, "signed the draft off"),
    "notifications.sign_off_sent_back": lambda event, told: _by_signer(event, "sent the draft back"),
    "notifications.triaged": _plain("looked at the notification"),
    "notifications.report_awaited": lambda event, told: Row(
        event.occurred_at, "CQC now waits for the investigation report."
    ),
    "notifications.report_filed": _plain("filed the investigation report"),
    "notifications.action_added": _plain("planned a corrective action", reason="Action"),
    "notifications.action_done": _plain("marked a corrective action as done"),
    "notifications.action_moved": lambda event, told: Row(
        event.occurred_at,
        f"{_who(event)} moved a corrective action from {_day(event, 'from')} to {_day(event, 'to')}.",
        (("Reason", _typed(event)),),
    ),
    "notifications.action_cancelled": _plain("cancelled a corrective action", reason="Reason"),
    "notifications.review_started": _plain("began the review"),
    "notifications.provisionally_closed": _plain("finished the review and closed the case provisionally"),
    "notifications.closed": _plain("confirmed the closure"),
    "notifications.withdrawn": _plain("withdrew the notification", reason="Reason"),
    "notifications.not_notifiable": _plain("found that it need not be notified", reason="Reason"),
    "notifications.merged": _plain(
        "merged it into another notification of the same incident", reason="Reason"
    ),
    "notifications.merged_here": _plain("merged another notification of the same incident into this one"),
    "notifications.reopened": _plain("reopened the case"),
    "notifications.amended": _amended,
    "casework.information_requested": _asked,
    "casework.information_answered": _answered,
    "deadlines.extended": _extended,
    "deadlines.redated": _redated,
    "deadlines.recounted": _recounted,
    "deadlines.more_time_asked": _more_time_asked,
    "deadlines.more_time_refused": _more_time_refused,
    "deadlines.more_time_lapsed": _more_time_lapsed,
}
"""A type that another app registers for employers and that is not here is shown by its label."""

# Letters -------------------------------------------------------------------------------------------

_TOGETHER: Final = timedelta(minutes=1)
"""Letters with one subject written within this time of each other were one mailing."""


def _letters(notification: Notification) -> Iterator[Row]:
    """What CQC wrote to the employer, each mailing once, to whom by office. Two queries."""
    office = notification.case.employer.chief_executive_email.strip().lower()
    memberships = Membership.objects.filter(employer=notification.case.employer_id, user__role="")
    people = {email.lower() for email in memberships.values_list("user__email", flat=True)}
    written = Message.objects.filter(case=notification.case_id, to__in=[*people, office])
    mailing: list[Any] = []
    for letter in written.exclude(state=Message.State.NOT_SENT).order_by("subject", "created_at", "pk"):
        if mailing and not _one_mailing(mailing[-1], letter):
            yield _mailed(mailing, people)
            mailing = []
        mailing.append(letter)
    if mailing:
        yield _mailed(mailing, people)


def _one_mailing(before: Message, letter: Message) -> bool:
    return before.subject == letter.subject and letter.created_at - before.created_at <= _TOGETHER


def _mailed(mailing: list[Message], people: set[str]) -> Row:
    to_people = sum(1 for letter in mailing if letter.to in people)
    to = ["the chief executive’s office"] if to_people < len(mailing) else []
    if to_people:
        to.append("one of your people" if to_people == 1 else f"{to_people} of your people")
    failed = all(letter.state == Message.State.FAILED for letter in mailing)
    gone = " The letter could not be delivered." if failed else ""
    sentence = f"We wrote to {' and '.join(to)}: “{mailing[0].subject}”.{gone}"
    return Row(mailing[0].created_at, sentence)
