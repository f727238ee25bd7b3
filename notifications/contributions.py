"""What notifications contribute to the platform: their kind, events, clocks, letters and desk page."""

from collections.abc import Callable, Iterable
from typing import Final

from notifications import dimensions, figures, indicators, letters, lifecycle, quality, totals
from notifications.limits import NOTIFY_WITHIN, REPORT_WITHIN
from notifications.queries import KIND
from regulator.casework.kinds import EMPLOYER_EVENTS, EVENTS, KINDS, CaseKind
from regulator.casework.links import CASE_LINKS
from regulator.casework.models import Case
from regulator.deadlines.kinds import DEADLINES, Counting, DeadlineKind
from regulator.frontend.navigation import NAVIGATION, Audience, Entry
from regulator.organisations.house import HOUSE, HousePage
from regulator.organisations.queries import contacts
from regulator.outbox.letters import LETTERS

_WHEN_TO_NOTIFY: Final = "CQC’s guidance on notifying under regulation 8(4), as of 2024"
_EVENTS: Final = {
    "drafted": "Draft started",
    "draft_saved": "Draft saved",
    "discarded": "Draft discarded",
    "sign_off_asked": "Sign-off asked for",
    "sign_off_signed": "Signed off by who was asked",
    "sign_off_sent_back": "Sent back by who was asked to sign off",
    "sign_off_cancelled": "Request for a sign-off cancelled",
    "submitted": "Submitted",
    "acknowledged": "Acknowledged to the employer",
    "triaged": "Triaged",
    "report_awaited": "Report awaited",
    "report_already_in": "Report already in",
    "report_filed": "Report filed",
    "action_added": "Corrective action planned",
    "action_done": "Corrective action done",
    "action_moved": "Corrective action moved",
    "action_cancelled": "Corrective action cancelled",
    "review_started": "Review started",
    "information_awaited": "Information awaited",
    "review_resumed": "Review resumed",
    "cause_coded": "Cause coded",
    "provisionally_closed": "Provisionally closed",
    "closed": "Closed",
    "withdrawn": "Withdrawn",
    "not_notifiable": "Found not notifiable",
    "merged": "Merged into another",
    "merged_here": "Another merged into this one",
    "reopened": "Reopened",
    "amended": "Corrected by the employer",
    "pattern_proposed": "Found like another, or to rise with others",
    "pattern_confirmed": "Duplicate or cluster confirmed",
    "pattern_dismissed": "Duplicate or cluster dismissed",
    "draft_reminded": "Reminded of the draft",
    "removal_announced": "Removal of the draft announced",
    "draft_removed": "Abandoned draft removed",
}
_EMPLOYER_SEES: Final = {
    "drafted": "Draft started",
    "sign_off_asked": "Sign-off asked for",
    "sign_off_signed": "Signed off by who was asked",
    "sign_off_sent_back": "Sent back by who was asked to sign off",
    "sign_off_cancelled": "Request for a sign-off cancelled",
    "submitted": "Submitted",
    "acknowledged": "Read by CQC",
    "triaged": "Looked at by CQC",
    "report_awaited": "Report awaited",
    "report_filed": "Report filed",
    "action_added": "Corrective action planned",
    "action_done": "Corrective action done",
    "action_moved": "Corrective action moved",
    "action_cancelled": "Corrective action cancelled",
    "review_started": "Review started",
    "provisionally_closed": "Provisionally closed",
    "closed": "Closed",
    "withdrawn": "Withdrawn",
    "not_notifiable": "Found not notifiable",
    "merged": "Merged into another",
    "merged_here": "Another merged into this one",
    "reopened": "Reopened",
    "amended": "Corrected",
}


def contribute() -> None:
    """Register everything, once, when Django is ready."""
    HOUSE.register(
        "sign_off_rule",
        HousePage("Sign-off rule", "notifications:sign-off-rule", "organisations.set_sign_off_rule"),
    )
    HOUSE.register("figures", HousePage("Figures", "own_figures:year", "notifications.follow"))
    from notifications import desk_queue, employer_section, past, redaction
    from notifications.desk import PAGE
    from notifications.desk_facts import hang_lists
    from notifications.desk_home import amended, asking_for_more_time, more_time_asked, patterns_proposed
    from notifications.editions import causes, criteria
    from notifications.search import found_by
    from regulator.casework.desk import DESK_PAGES, HOME_PANELS, QUEUE_MARKS, QueueMark
    from regulator.casework.home_ages import waiting_by_age
    from regulator.casework.search.texts import SEARCH_TEXTS
    from regulator.editions.kinds import KINDS as EDITIONS

    KINDS.register(
        KIND,
        CaseKind(
            name=KIND,
            label="Notification",
            prefix="IRN",
            lifecycle=lifecycle.LIFECYCLE,
            follow="notifications.follow",
            hidden_from_staff=frozenset({lifecycle.DRAFT, lifecycle.DISCARDED}),
        ),
    )
    for name, label in _EVENTS.items():
        EVENTS.register(f"notifications.{name}", label)
    for name, label in _EMPLOYER_SEES.items():
        EMPLOYER_EVENTS.register(f"notifications.{name}", label)
    for letter in letters.ALL:
        LETTERS.register(letter.name, letter)
    _contribute_clocks()
    for edition in (criteria.KIND, causes.KIND):
        EDITIONS.register(edition.name, edition)
    DESK_PAGES.register(KIND, PAGE)
    waiting = waiting_by_age(KIND, lifecycle.SUBMITTED, title="Waiting for triage")
    HOME_PANELS.register("notifications.unassessed", waiting)
    HOME_PANELS.register("notifications.more_time", more_time_asked)
    HOME_PANELS.register("notifications.patterns", patterns_proposed)
    QUEUE_MARKS.register("more_time", QueueMark("More time asked for", asking_for_more_time))
    QUEUE_MARKS.register("amended", QueueMark("Corrected by the employer", amended))
    CASE_LINKS.register(KIND, letters.path_of)
    NAVIGATION.register(
        "notifications", Entry("Your cases", "notifications:home", frozenset({Audience.EMPLOYER}), order=10)
    )
    NAVIGATION.register(
        "criteria",
        Entry(
            "Is it notifiable?", "criteria:start", frozenset({Audience.PUBLIC, Audience.EMPLOYER}), order=20
        ),
    )
    hang_lists(KIND)
    desk_queue.contribute()
    SEARCH_TEXTS.register(KIND, found_by)
    figures.contribute()
    totals.contribute()
    dimensions.contribute()
    quality.contribute()
    indicators.contribute()
    past.contribute()
    redaction.contribute()
    employer_section.contribute()
    _contribute_ties()


def _contribute_ties() -> None:
    """A notification that was merged, and the one into which it was, are kept as long as either is."""
    from notifications.models import Notification
    from regulator.retention.hindrances import KIN, Kin

    merged = Notification.objects.filter(merged_into__isnull=False)
    KIN.register("notifications.merged", Kin(merged.all, "case", "merged_into"))


def _contribute_clocks() -> None:
    _clock("notify", "Notify CQC", NOTIFY_WITHIN, (-7, 0), _WHEN_TO_NOTIFY, letters.check_page)
    _clock(
        "report",
        "File the investigation report",
        REPORT_WITHIN,
        (-28, -14, -7, 0, 1),
        _WHEN_TO_NOTIFY,
        letters.report_page,
        extendable=True,
    )
    asked = "the date that CQC set when it asked"
    _clock(
        "information",
        "Answer CQC's question",
        None,
        (-3, 0, 1),
        asked,
        letters.answer_page,
        escalates_after=7,
    )
    planned = "the date that the employer planned"
    _clock(
        "action",
        "Carry out the corrective action",
        None,
        (-7, 0, 1),
        planned,
        letters.action_page,
        employers_own=True,
        outlives_case=True,
    )


def _clock(
    name: str,
    label: str,
    days: int | None,
    reminders: tuple[int, ...],
    source: str,
    page: Callable[[Case, int], str],
    *,
    extendable: bool = False,
    employers_own: bool = False,
    escalates_after: int = 1,
    outlives_case: bool = False,
) -> None:
    DEADLINES.register(
        name,
        DeadlineKind(
            name=name,
            label=label,
            days=days,
            counting=Counting.CALENDAR,
            source=source,
            reminders=reminders,
            letter=letters.REMINDER.name,
            recipients=_the_employer,
            for_employer=True,
            page=page,
            extendable=extendable,
            employers_own=employers_own,
            escalates_after=escalates_after,
            changeable=days is not None,
            outlives_case=outlives_case,
        ),
    )


def _the_employer(case: Case) -> Iterable[str]:
    return contacts(case.employer_id, permission=case.spec.follow)
