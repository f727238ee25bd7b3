"""What compliance contributes to the platform's registries."""

from typing import Final

from django.http import HttpRequest
from django.urls import reverse

from enforcement.compliance import desk, desk_home, letters, past, redaction
from enforcement.compliance.demonstration import play_notices
from enforcement.compliance.employer_part import PART
from enforcement.compliance.queries import (
    LISTS,
    appeals_told,
    asks_for_time,
    evidence_waits,
    open_claim,
    prosecutions_open,
    tells_of_appeal,
    to_prosecute,
    waiting_set,
)
from enforcement.compliance.search import found_by
from enforcement.conditions import UNANSWERED, Unanswered
from enforcement.demonstration import FURTHER
from inspections.employer_parts import EMPLOYER_PARTS
from regulator.accounts.policies import needs
from regulator.accounts.roles import EMPLOYER_ROLES
from regulator.casework.desk import DESK_EXTRAS, HOME_PANELS, QUEUE_MARKS, QueueMark
from regulator.casework.kinds import EVENTS
from regulator.casework.links import CASE_LINKS
from regulator.casework.models import Case
from regulator.casework.reading import CASE_LISTS, CaseList, listed
from regulator.casework.search.texts import SEARCH_TEXTS
from regulator.frontend.navigation import NAVIGATION, Audience, Entry
from regulator.outbox.letters import LETTERS
from regulator.retention.hindrances import HINDRANCES, Hindrance

EVENT_LABELS: Final = {
    "evidence_written": "Evidence written in the employer’s draft",
    "evidence_submitted": "Evidence of compliance submitted",
    "evidence_returned": "Evidence of compliance returned",
    "evidence_accepted": "Evidence of compliance accepted",
    "appeal_told": "Employer told of an appeal",
    "appeal_confirmed": "Appeal of which the employer told confirmed",
    "appeal_declined": "Appeal of which the employer told declined",
    "referred_to_prosecution": "Referred to prosecution",
    "prosecution_decided": "Prosecution decided on",
}


def path_of(case: Case, for_staff: bool) -> str:
    """The page of a notice: the desk's for staff, the employer's own once it was served."""
    if for_staff:
        return f"/desk/casework/case/{case.pk}/"
    return reverse("notices:detail", args=[case.reference]) if case.reference else "/"


def follows_notices(request: HttpRequest) -> bool:
    return needs("enforcement.follow", among=EMPLOYER_ROLES).allows(request.user)


def evidence_unanswered(case: Case) -> str:
    """Two queries at most; none once the case's lists are read."""
    return "Evidence of compliance waits: accept it or return it first." if waiting_set(case) else ""


def time_unanswered(case: Case) -> str:
    """Two queries at most; none once the case's lists are read."""
    clocks = {each.pk for each in listed(case, "deadlines.clocks") if each.kind == "comply"}
    asked = listed(case, "deadlines.requests") if clocks else []
    waits = any(each.deadline_id in clocks and not each.decision for each in asked)
    return "The employer asks for more time: give it or refuse it first." if waits else ""


def appeal_unanswered(case: Case) -> str:
    """Two queries at most; none once the case's lists are read."""
    return "The employer says that it appealed: confirm or decline that first." if open_claim(case) else ""


def has_answered(case: Case) -> str:
    """Eight queries at most; none once the case's lists are read."""
    sent = any(not each.is_draft for each in listed(case, "compliance.sets"))
    told = sent or listed(case, "compliance.claims") or listed(case, "deadlines.requests")
    told = told or listed(case, "gate.claims")
    return "The employer answered this notice, so it did reach the employer." if told else ""


def contribute() -> None:
    """Register everything. Called once, when the application is ready."""
    for name, label in EVENT_LABELS.items():
        EVENTS.register(f"compliance.{name}", label)
    for letter in letters.LETTERS:
        LETTERS.register(letter.name, letter)
    for name, rows in LISTS.items():
        CASE_LISTS.register(name, CaseList(rows, "notice"))
    UNANSWERED.register("evidence", Unanswered(frozenset({"comply", "fail"}), evidence_unanswered))
    UNANSWERED.register("more_time", Unanswered(frozenset({"fail"}), time_unanswered))
    held_up = frozenset({"fail", "publish", "record_appeal"})
    UNANSWERED.register("appeal", Unanswered(held_up, appeal_unanswered))
    UNANSWERED.register("answered", Unanswered(frozenset({"fail_service"}), has_answered))
    CASE_LINKS.register("notice", path_of)
    employers = frozenset({Audience.EMPLOYER})
    NAVIGATION.register("notices", Entry("Notices", "notices:list", employers, 30, follows_notices))
    EMPLOYER_PARTS.register("notices", PART)
    DESK_EXTRAS.register("compliance.on_notices", desk.ON_NOTICES)
    HOME_PANELS.register("compliance.waiting", desk_home.answers_waiting)
    QUEUE_MARKS.register("notice_evidence", QueueMark("Evidence of compliance to look at", evidence_waits))
    QUEUE_MARKS.register("notice_more_time", QueueMark("More time to comply asked for", asks_for_time))
    QUEUE_MARKS.register("notice_appeal_told", QueueMark("Appeal to confirm", tells_of_appeal))
    QUEUE_MARKS.register("notice_prosecution", QueueMark("Prosecution to decide on", to_prosecute))
    SEARCH_TEXTS.register("compliance", found_by)
    HINDRANCES.register("appeal_told", Hindrance("An appeal waits to be confirmed.", appeals_told))
    HINDRANCES.register("prosecution", Hindrance("A prosecution is considered.", prosecutions_open))
    FURTHER.register("compliance", play_notices)
    past.contribute()
    redaction.contribute()
