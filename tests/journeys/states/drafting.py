"""From the employer's home over a draft's sections to its submission."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import FilePayload

from notifications import services
from notifications.content import DraftContent, content_of
from notifications.models import Basis, Notification
from notifications.queries import whole
from notifications.services import tend_drafts
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.scanning import scan_pending
from regulator.casework.services import attach
from regulator.organisations.models import EmployerType, Membership, Modality
from regulator.organisations.services import set_sign_off_rule
from tests.factories import Cast, EmployerFactory, SiteFactory, complete, member, notification_in
from tests.journeys.stage import DECLARED, Radio
from tests.journeys.states import (
    CONFLICT,
    EMPTY,
    FILLED,
    REFUSED,
    TYPED,
    Reach,
    State,
    Visit,
    opens,
    overtaken,
    sent,
    typed,
)

LONG: Final = "Wexcombe, Little Hollowick and Stanbourne University Hospitals NHS Foundation Trust"
PROGRAM: Final[FilePayload] = {
    "name": "log.pdf",
    "mimeType": "application/pdf",
    "buffer": b"MZ\x90" + bytes(90),
}


Make = Callable[[], DraftContent]
"""A content, made on the day on which it is asked for."""
IMAGING: Final = partial(DraftContent, modality=Modality.DIAGNOSTIC_IMAGING)
BREACH: Final = partial(complete, basis=Basis.LICENCE_BREACH)
VOLUNTARY: Final = partial(complete, basis=Basis.VOLUNTARY)


def draft(visit: Visit, content: Make = IMAGING) -> Notification:
    """A draft of the scene's reporter; with nothing but its modality unless told otherwise."""
    cast = visit.scene.cast
    return services.start_draft(employer=cast.employer, by=cast.reporter, content=content())


def of(route: str, content: Make = IMAGING, query: str = "", **parts: Any) -> Reach:
    """The page of a new draft with that content."""
    return lambda visit: visit.open(route, query, pk=draft(visit, content).pk, **parts)


def begun(visit: Visit) -> int:
    return int(draft(visit).pk)


def ready(visit: Visit) -> int:
    return int(draft(visit, complete).pk)


def saved_by_a_colleague(visit: Visit, **changes: Any) -> None:
    """The newest draft, changed by somebody else of the employer."""
    stored = whole().latest("pk")
    services.save_draft(
        notification=stored,
        by=member(visit.scene.cast.employer),
        version=stored.case.version,
        content=replace(content_of(stored), **(changes or {"procedure": "CT chest"})),
    )


# The home ------------------------------------------------------------------------------------------


def full_home(visit: Visit) -> None:
    """Something overdue and something due, a question, drafts with a date and without, two pages of cases."""
    employer = EmployerFactory.create(name=LONG)
    SiteFactory.create(employer=employer, name="Northmoor Infirmary")
    cast = Cast(employer)
    for state in ("draft", "further_information", "awaiting_report", "closed", "withdrawn"):
        notification_in(state, cast=cast)
    with clock.at(clock.now() - timedelta(days=85)):
        notification_in("awaiting_report", cast=cast)
    with clock.at(clock.now() - timedelta(days=20)):
        notification_in("draft", cast=cast)
    for _ in range(22):
        content = DraftContent(modality=Modality.RADIOTHERAPY)
        services.start_draft(employer=employer, by=cast.reporter, content=content)
    visit.become(cast.reporter)
    visit.open("notifications:home")


def home_of_two(visit: Visit) -> None:
    cast, second = Cast(EmployerFactory.create(name=LONG)), Cast()
    Membership.objects.create(user=cast.reporter, employer=second.employer, role=Role.EMPLOYER_REPORTER)
    for each in (cast, second):
        notification_in("draft", cast=each)
        notification_in("further_information", cast=each)
    visit.become(cast.reporter)
    visit.open("notifications:home")


def as_newcomer(then: Reach) -> Reach:
    """As somebody whose employer has nothing yet."""

    def reach(visit: Visit) -> None:
        visit.become(member(EmployerFactory.create(type=EmployerType.DENTAL)))
        then(visit)

    return reach


def as_one_of_two(then: Reach) -> Reach:
    def reach(visit: Visit) -> None:
        user = member(EmployerFactory.create(name=LONG))
        Membership.objects.create(user=user, employer=EmployerFactory.create(), role=Role.EMPLOYER_REPORTER)
        visit.become(user)
        then(visit)

    return reach


# A draft -------------------------------------------------------------------------------------------


def with_files(visit: Visit) -> None:
    made = draft(visit, complete)
    for name in ("log.txt", f"{'a-very-long-file-name-' * 5}.txt"):
        upload = SimpleUploadedFile(name, b"The log.")
        attach(case=made.case, upload=upload, by=visit.scene.cast.reporter)
        scan_pending()
    attach(case=made.case, upload=SimpleUploadedFile("new.txt", b"New."), by=visit.scene.cast.reporter)
    visit.open("notifications:draft", pk=made.pk)


def about_to_be_removed(visit: Visit) -> None:
    with clock.at(clock.now() - timedelta(days=80)):
        made = draft(visit)
    tend_drafts()
    visit.open("notifications:draft", pk=made.pk)


def late(route: str) -> Reach:
    return of(route, partial(complete, discovered_on=date(2026, 2, 1)))


def unscanned(visit: Visit) -> dict[str, Any]:
    made = draft(visit)
    upload = SimpleUploadedFile("log.txt", b"The log.")
    kept = attach(case=made.case, upload=upload, by=visit.scene.cast.reporter)
    return {"pk": made.pk, "attachment": kept.pk}


def not_looked_at_yet(visit: Visit) -> None:
    visit.open("notifications:draft_attachment", **unscanned(visit))


def removing(visit: Visit) -> None:
    visit.open("notifications:remove_attachment", **unscanned(visit))


def program_attached(visit: Visit) -> None:
    visit.open("notifications:attach_to_draft", pk=begun(visit))
    visit.page.get_by_label("File").set_input_files(files=[PROGRAM])
    visit.send()
    visit.refused("not what its ending")


def unsigned(visit: Visit) -> None:
    """An employer that wants every draft signed off, and a draft that nobody was asked about."""
    cast = Cast()
    set_sign_off_rule(employer=cast.employer, demanded=True, by=member(cast.employer, Role.EMPLOYER_LEAD))
    made = notification_in("draft", cast=cast)
    visit.become(cast.reporter)
    visit.open("notifications:check", pk=made.pk)


STATES: Final = (
    State("notifications:home", EMPTY, as_newcomer(opens("notifications:home"))),
    State("notifications:home", FILLED, full_home),
    State("notifications:home", f"{FILLED}, several employers", home_of_two),
    State("notifications:home", "nothing fits", opens("notifications:home", "?q=no+such+case")),
    State("notifications:home", REFUSED, opens("notifications:home", "?status=nonsense&site=0")),
    State("notifications:start", EMPTY, opens("notifications:start")),
    State("notifications:start", f"{EMPTY}, several employers", as_one_of_two(opens("notifications:start"))),
    State("notifications:start", REFUSED, as_one_of_two(sent("notifications:start"))),
    State(
        "notifications:start",
        TYPED,
        typed("notifications:start", {"What are you telling CQC of?": Radio("Voluntary")}),
    ),
    State("notifications:draft", EMPTY, of("notifications:draft")),
    State("notifications:draft", FILLED, with_files),
    State("notifications:draft", f"{FILLED}, late", late("notifications:draft")),
    State("notifications:draft", "licence breach", of("notifications:draft", BREACH)),
    State("notifications:draft", "voluntary", of("notifications:draft", VOLUNTARY)),
    State("notifications:draft", "about to be removed", about_to_be_removed),
    State("notifications:kind", FILLED, of("notifications:kind", partial(complete, modality="radiotherapy"))),
    State("notifications:kind", CONFLICT, overtaken("notifications:kind", saved_by_a_colleague, pk=ready)),
    State(
        "notifications:kind",
        REFUSED,
        sent("notifications:kind", {"What are you telling CQC of?": Radio("Breach")}, pk=ready),
    ),
    State(
        "notifications:kind",
        TYPED,
        typed("notifications:kind", {"What are you telling CQC of?": Radio("Voluntary")}, pk=ready),
    ),
    State("notifications:discard", FILLED, of("notifications:discard")),
    State(
        "notifications:discard", CONFLICT, overtaken("notifications:discard", saved_by_a_colleague, pk=ready)
    ),
    State("notifications:attach_to_draft", EMPTY, of("notifications:attach_to_draft")),
    State("notifications:attach_to_draft", REFUSED, sent("notifications:attach_to_draft", pk=begun)),
    State("notifications:attach_to_draft", f"{REFUSED}, a program", program_attached),
    State("notifications:draft_attachment", "not looked at yet", not_looked_at_yet),
    State("notifications:remove_attachment", FILLED, removing),
    State("notifications:check", EMPTY, of("notifications:check")),
    State("notifications:check", FILLED, of("notifications:check", complete)),
    State("notifications:check", f"{FILLED}, late", late("notifications:check")),
    State("notifications:check", "licence breach", of("notifications:check", BREACH)),
    State("notifications:check", "voluntary", of("notifications:check", VOLUNTARY)),
    State("notifications:check", "not signed off", unsigned),
    State("notifications:check", REFUSED, sent("notifications:check", pk=begun)),
    State(
        "notifications:check",
        CONFLICT,
        overtaken(
            "notifications:check",
            saved_by_a_colleague,
            {DECLARED: True},
            pk=ready,
        ),
    ),
)
EXCUSED: Final = {
    ("notifications:remove_attachment", CONFLICT): "a file is removed whatever else of the draft was changed",
}
