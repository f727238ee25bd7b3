"""The employer checks the facts of a draft: comments are kept, changed, and sent once."""

from typing import Final

from django.core.exceptions import ValidationError

from inspections import letters
from inspections.correspondence.models import AccuracyPoint, AccuracyRound
from inspections.lifecycle import FACTUAL_ACCURACY, FEEDBACK_DRAFTED
from inspections.models import Finding, Inspection
from inspections.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append, text_digest, writing
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Case
from regulator.casework.services import attach, refuse_identifiers
from regulator.casework.services.attachments import ReadFile
from regulator.casework.visibility import permit_on
from regulator.deadlines.services import meet_deadline
from regulator.organisations.policies import NotPermitted

COMMENT: Final = "inspections.comment"
LONGEST_COMMENT: Final = 10_000
CLOSED: Final = "The facts of this draft cannot be commented on any more."


def save_point(
    *,
    round: AccuracyRound,
    by: Actor,
    version: int,
    wrong: str,
    should_say: str,
    finding: Finding | None = None,
    subject: str = "",
    file: ReadFile | None = None,
    identifies_nobody: str = "",
) -> AccuracyPoint:
    """Keep what is not right in one draft finding, or in one subject of the facts, in place of what was kept
    of it before. CQC sees nothing of it until the comments are sent.

    A ``file`` is attached to the case, which CQC sees, and takes the place of the one before. Raises
    ``NotPermitted``, ``NotAllowedNow`` once they were sent or the report is out, ``StaleVersion`` where a
    colleague was faster, ``ValidationError`` by field (a finding of another inspection among it) and
    ``IdentifiersFound``, unless ``identifies_nobody`` says why.
    """
    person = _person(by)
    wrong, should_say = wrong.strip(), should_say.strip()
    with writing():
        case, held = _held(round, version, person)
        _check(round.inspection, finding, subject, wrong, should_say)
        texts = {"wrong": wrong, "should_say": should_say}
        refuse_identifiers(case=case, texts=texts, by=person, reason=identifies_nobody)
        about = {"finding": finding, "subject": subject}
        point = held.points.filter(**about).first() or AccuracyPoint(round=held, **about)
        if file is not None:
            point.file = attach(case=case, upload=file, by=person, identifies_nobody=identifies_nobody)
        point.wrong, point.should_say = wrong, should_say
        point.written_by, point.written_at = person, clock.now()
        point.save()
        _risen(held)
    return point


def remove_point(*, point: AccuracyPoint, by: Actor, version: int) -> None:
    """Take a comment back that was not sent; a file that came with it stays on the case. Taking it back twice
    changes nothing. Otherwise as ``save_point``."""
    person = _person(by)
    with writing():
        _, held = _held(point.round, version, person)
        gone, _ = held.points.filter(pk=point.pk).delete()
        if gone:
            _risen(held)


def send_comments(*, round: AccuracyRound, by: Actor, version: int) -> None:
    """Send the comments as they are kept, once; without any, say that there is nothing to correct. The clock
    stops, and the lead is told. Raises as ``save_point`` does."""
    person = _person(by)
    case = round.inspection.case
    with writing():
        case.refresh_from_db(fields=["version"])
        with holding(round.inspection, version=case.version) as held_case:
            _, held = _held(round, version, person)
            sent = _number(held)
            held.sent_at, held.sent_by = clock.now(), person
            held.save(update_fields=["sent_at", "sent_by"])
            payload = {"round": held.pk, "points": [_told(each) for each in sent]}
            append("correspondence.comments_sent", case=held_case, by=person, payload=payload)
            meet_deadline(case=held_case, kind="accuracy", by=person)
            letters.tell_comments_are_in(held_case)


def not_commentable(case: Case) -> str:
    """Why the employer cannot comment as the case stands; ``""`` where it may, while a round is open. The
    draft stays open to comments while CQC drafts further feedback."""
    return "" if case.status in (FACTUAL_ACCURACY, FEEDBACK_DRAFTED) else CLOSED


def _person(by: Actor) -> User:
    if not isinstance(by, User):
        raise NotPermitted("The facts are commented on by a person.")
    return by


def _held(round: AccuracyRound, version: int, by: User) -> tuple[Case, AccuracyRound]:
    """Case and round as they stand, the round at the version that was read. Inside ``writing``: one writer at
    a time."""
    case = Case.objects.select_related("employer", "site").get(pk=round.inspection_id)
    permit_on(case, COMMENT, by)
    if case.redacted_at is not None:
        raise NotAllowedNow(case.why_empty)
    held = AccuracyRound.objects.get(pk=round.pk)
    if held.sent_at is not None:
        raise NotAllowedNow("The comments were sent already. They can be sent only once.")
    if held.closed_on is not None or not_commentable(case):
        raise NotAllowedNow(CLOSED)
    if version != held.version:
        raise StaleVersion(read=version, current=held.version)
    return case, held


def _risen(held: AccuracyRound) -> None:
    held.version += 1
    held.save(update_fields=["version"])


def _check(
    inspection: Inspection, finding: Finding | None, subject: str, wrong: str, should_say: str
) -> None:
    """Raise ``ValidationError`` by field for what cannot be said."""
    if (finding is None) == (not subject) or (subject and subject not in AccuracyPoint.Subject.values):
        raise ValidationError({"subject": "Comment on one finding, or on one subject of the facts."})
    if finding is not None and not _is_draft_of(inspection, finding):
        raise ValidationError({"finding": "This is no draft finding of this inspection."})
    errors = {}
    if not wrong:
        errors["wrong"] = "Say what is not right."
    if not should_say:
        errors["should_say"] = "Say what it should say."
    for name, text in (("wrong", wrong), ("should_say", should_say)):
        if len(text) > LONGEST_COMMENT:
            errors[name] = f"Use {LONGEST_COMMENT:,} characters or fewer."
    if errors:
        raise ValidationError(errors)


def _is_draft_of(inspection: Inspection, finding: Finding) -> bool:
    drafts = Finding.objects.standing().filter(fed_back_on__isnull=False, final_on=None)
    return drafts.filter(inspection=inspection.pk, pk=finding.pk).exists()


def _number(held: AccuracyRound) -> list[AccuracyPoint]:
    """The points, findings first, in the order in which they are answered; each has a number from now on."""
    points = sorted(
        held.points.all(),
        key=lambda each: (each.finding_id is None, each.finding_id or 0, _place(each.subject)),
    )
    known = AccuracyPoint.objects.filter(round__inspection=held.inspection_id, number__isnull=False)
    last = known.order_by("-number").values_list("number", flat=True).first() or 0
    for number, point in enumerate(points, last + 1):
        point.number = number
        point.save(update_fields=["number"])
    return points


def _place(subject: str) -> int:
    return AccuracyPoint.Subject.values.index(subject) if subject else -1


def _told(point: AccuracyPoint) -> dict[str, object]:
    """What the chain records of a comment: what it is about, and digests of its words."""
    return {
        "point": point.pk,
        "number": point.number,
        "finding": point.finding_id,
        "subject": point.subject,
        "file": point.file_id,
        "wrong_sha256": text_digest(point.wrong),
        "should_say_sha256": text_digest(point.should_say),
    }
