"""What the approval of a letter does: the four moves by which something leaves CQC. Nothing else takes them.

Each is told the case as the approval holds it, the letter, and who approves it.
"""

from collections.abc import Callable
from datetime import date
from typing import Final

from inspections import letters
from inspections.correspondence.facts import draft_findings, fresh_findings, unsettled_points
from inspections.correspondence.links import pdf_url
from inspections.correspondence.models import AccuracyPoint, AccuracyRound, Correspondence
from inspections.lifecycle import NEEDS_ANSWER
from inspections.models import Finding
from inspections.services.evidence import keep_clock
from inspections.services.findings import correct_finding, withdraw_finding
from regulator import clock
from regulator.accounts.models import User
from regulator.casework import services as casework
from regulator.casework.models import Case
from regulator.casework.services import move
from regulator.deadlines.services import end_deadlines, meet_deadline, open_deadline

Change: Final = AccuracyPoint.Change


def announce(held: Case, letter: Correspondence, by: User) -> None:
    """Tell the employer of the planned visit; from now on they see the inspection."""
    inspection = letter.inspection
    payload = {"planned_on": inspection.planned_on.isoformat(), "letter": letter.number}
    move(held, "announce", by=by, payload=payload)
    inspection.announced_on = clock.today()
    inspection.save(update_fields=["announced_on"])
    letters.announce(held, inspection, pdf_url=pdf_url(letter))


def request_evidence(held: Case, letter: Correspondence, by: User) -> None:
    """Ask for the documents, each a request of its own, by one day and in one letter. One clock runs for what
    is still owed, to the first day of those."""
    inspection, wanted = letter.inspection, list(letter.choices["documents"])
    due_on = date.fromisoformat(letter.choices["due_on"])
    move(held, "request_evidence", by=by, payload={"due_on": due_on.isoformat(), "letter": letter.number})
    for each in wanted:
        casework.request_information(case=held, question=each, due_on=due_on, by=letter.prepared_by)
    inspection.evidence_requested_on = inspection.evidence_requested_on or clock.today()
    inspection.save(update_fields=["evidence_requested_on"])
    keep_clock(held, by)
    letters.ask_for_evidence(held, inspection, documents=wanted, due_on=due_on, pdf_url=pdf_url(letter))


def issue_feedback(held: Case, letter: Correspondence, by: User) -> None:
    """Send the employer, as a draft, what was found since the visit or the last feedback.

    From now on it may say which facts are not right; the written feedback's own clock stops.
    """
    today, inspection = clock.today(), letter.inspection
    told = [each.pk for each in fresh_findings(inspection)]
    move(held, "issue_feedback", by=by, payload={"findings": told, "letter": letter.number})
    Finding.objects.filter(pk__in=told).update(fed_back_on=today)
    inspection.feedback_issued_on = today
    inspection.save(update_fields=["feedback_issued_on"])
    open_rounds = AccuracyRound.objects.open().filter(inspection=inspection)
    if not open_rounds.update(opened_on=today):
        AccuracyRound.objects.create(inspection=inspection, opened_on=today)
    meet_deadline(case=held, kind="feedback", by=by, on=today)
    window = open_deadline(case=held, kind="accuracy", start_on=today, by=by)
    letters.send_draft(held, inspection, told=told, comment_by=window.due_on, pdf_url=pdf_url(letter))


def finalise(held: Case, letter: Correspondence, by: User) -> None:
    """Make the feedback final, with the answers to the employer's comments, and send it. Where something
    needs an answer, the action plan's clock starts (again, for further feedback), and a plan that came before
    is no answer to it."""
    today, inspection = clock.today(), letter.inspection
    _settle(held, letter, by)
    fresh = draft_findings(inspection)
    needs_plan = any(each.kind in NEEDS_ANSWER for each in fresh)
    told = [each.pk for each in fresh]
    reason = str(letter.choices.get("reason", ""))
    move(held, "finalise", by=by, reason=reason, payload={"findings": told, "letter": letter.number})
    Finding.objects.filter(pk__in=told).update(final_on=today)
    inspection.final_on = today
    if needs_plan:
        inspection.plan_received_on = None
    inspection.save(update_fields=["final_on", "plan_received_on"])
    end_deadlines(case=held, by=by, kinds={"accuracy"})
    plan = open_deadline(case=held, kind="action_plan", start_on=today, by=by) if needs_plan else None
    plan_due_on = plan.due_on if plan else None
    letters.send_feedback(held, inspection, told=told, plan_due_on=plan_due_on, pdf_url=pdf_url(letter))


def _settle(held: Case, letter: Correspondence, by: User) -> None:
    """Let the answers take effect: findings corrected or withdrawn, the rounds of comments closed."""
    for point in unsettled_points(letter.inspection):
        finding, written_by = point.finding, point.answered_by
        if finding is None or written_by is None or point.change == Change.NONE:
            continue
        if point.change == Change.WITHDRAWN:
            withdraw_finding(held, finding, by=by)
            continue
        correct_finding(
            held,
            finding,
            kind=point.new_kind,
            provisions=list(point.new_provisions.all()),
            text=point.new_text,
            written_by=written_by,
            by=by,
        )
    rounds = AccuracyRound.objects.filter(inspection=letter.inspection, closed_on=None)
    rounds.update(closed_on=clock.today())


SENDERS: Final[dict[str, Callable[[Case, Correspondence, User], None]]] = {
    Correspondence.Kind.ANNOUNCEMENT: announce,
    Correspondence.Kind.EVIDENCE_REQUEST: request_evidence,
    Correspondence.Kind.FEEDBACK: issue_feedback,
    Correspondence.Kind.REPORT: finalise,
}
