"""Asking for a sign-off, the employer's own rule on it, and the signer's pages behind link and code."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Final

from django.core.cache import cache
from playwright.sync_api import expect

from notifications import services
from notifications.content import content_of, digest
from notifications.models import SignOff
from notifications.queries import whole
from regulator import clock
from regulator.accounts.models import PortalSession
from regulator.outbox.models import Message
from tests.factories import complete
from tests.journeys.stage import Radio, answer
from tests.journeys.states import (
    EMPTY,
    FILLED,
    REFUSED,
    TYPED,
    Reach,
    State,
    Visit,
    lead,
    nobody,
    opens,
    sent,
    typed,
)
from tests.journeys.states.drafting import draft, ready

QUESTION: Final = "Is the dose right?\nThe DLP stands in the log."
ASKED: Final = {
    "What is their role?": Radio("Medical physics expert"),
    "Message to them (optional)": QUESTION,
}


def asked(visit: Visit, email: str = "medical.physics@radiology.northmoor.example.invalid") -> SignOff:
    """A request about a new draft; limits of earlier ones are forgotten."""
    cache.clear()
    made = draft(visit, complete)
    return services.ask_for_sign_off(
        notification=made, by=visit.scene.cast.reporter, role="mpe", email=email, message=QUESTION
    )


def mailed(template: str, pattern: str) -> str:
    """What the newest letter of that template says."""
    letter = Message.objects.filter(template=template).latest("pk")
    found = re.search(pattern, letter.body)
    assert found is not None
    return found[0]


def all_standings(visit: Visit) -> None:
    """One draft with a request that waits, one answered, one sent back and one whose link ended."""
    with clock.at(clock.now() - timedelta(days=15)):
        first = asked(visit, "governance@example.invalid")
    notification = whole().get(pk=first.notification_id)
    for email in ("signed@example.invalid", "back@example.invalid", "waits@example.invalid"):
        services.ask_for_sign_off(
            notification=notification, by=visit.scene.cast.reporter, role="mpe", email=email
        )
    services.sign(
        sign_off=SignOff.objects.get(email="signed@example.invalid", notification=notification),
        read=digest(content_of(notification)),
    )
    services.send_back(
        sign_off=SignOff.objects.get(email="back@example.invalid", notification=notification),
        comment="The dose is of the whole series.",
    )
    visit.open("notifications:sign-off", pk=notification.pk)


def lapsed(visit: Visit) -> None:
    one = asked(visit)
    notification = whole().get(pk=one.notification_id)
    services.sign(sign_off=one, read=digest(content_of(notification)))
    change(one)
    visit.open("notifications:sign-off", pk=notification.pk)


def change(asked: SignOff) -> None:
    """Save the draft with another narrative."""
    stored = whole().get(pk=asked.notification_id)
    services.save_draft(
        notification=stored,
        by=asked.asked_by,
        version=stored.case.version,
        content=replace(content_of(stored), narrative="The operator exposed the wrong patient."),
    )


def cancelling(visit: Visit) -> None:
    one = asked(visit)
    visit.open("notifications:sign-off-cancel", pk=one.notification_id, sign_off=one.pk)


def link(visit: Visit) -> None:
    asked(visit)
    visit.page.goto(mailed("notifications_sign_off_request", r"/sign-off/[\w-]+/"))


def too_many_codes(visit: Visit) -> None:
    link(visit)
    here = visit.page.url
    for _ in range(5):
        visit.send()
        visit.page.goto(here)
    visit.send()
    visit.refused()


def code_asked(visit: Visit) -> None:
    link(visit)
    visit.send()


def wrong_code(visit: Visit) -> None:
    code_asked(visit)
    answer(visit.page, {"Code": "000 00"})
    visit.send()
    visit.refused("The code is wrong")


def reading(visit: Visit) -> None:
    code_asked(visit)
    answer(visit.page, {"Code": mailed("notifications_sign_off_code", r"\b\d{6}\b")})
    visit.send()


def undecided(visit: Visit) -> None:
    reading(visit)
    visit.send()
    visit.refused()


def changed_while_read(visit: Visit) -> None:
    reading(visit)
    change(SignOff.objects.latest("pk"))
    answer(visit.page, {"What is your decision?": Radio("I have read this draft")})
    visit.send()
    visit.refused()


def half_an_hour_over(visit: Visit) -> None:
    """What was typed until then is there again once a new code was entered."""
    reading(visit)
    comment = {"What should be changed?": "Say how it was found."}
    answer(visit.page, {"What is your decision?": Radio("I am sending it back"), **comment})
    PortalSession.objects.all().delete()
    visit.send()
    expect(visit.page.get_by_text("Your half hour is over.")).to_be_visible()
    visit.send()
    answer(visit.page, {"Code": mailed("notifications_sign_off_code", r"\b\d{6}\b")})
    visit.send()
    box = visit.page.get_by_role("textbox", name="What should be changed?")
    expect(box).to_have_value("Say how it was found.")


def decided(decision: str, comment: str = "") -> Reach:
    def reach(visit: Visit) -> None:
        reading(visit)
        answer(visit.page, {"What is your decision?": Radio(decision), "What should be changed?": comment})
        visit.send()

    return reach


STATES: Final = (
    State("notifications:sign-off", EMPTY, opens("notifications:sign-off", pk=ready)),
    State("notifications:sign-off", FILLED, all_standings),
    State("notifications:sign-off", "lapsed", lapsed),
    State("notifications:sign-off", REFUSED, sent("notifications:sign-off", pk=ready)),
    State("notifications:sign-off", TYPED, typed("notifications:sign-off", ASKED, pk=ready)),
    State("notifications:sign-off-cancel", FILLED, cancelling),
    State("notifications:sign-off-rule", FILLED, opens("notifications:sign-off-rule"), lead),
    State("sign_off:start", FILLED, link, nobody),
    State("sign_off:start", REFUSED, too_many_codes, nobody),
    State("sign_off:start", "leads nowhere", opens("sign_off:start", token="no-such-link"), nobody),
    State("sign_off:code", EMPTY, code_asked, nobody),
    State("sign_off:code", REFUSED, wrong_code, nobody),
    State("sign_off:read", FILLED, reading, nobody),
    State("sign_off:read", REFUSED, undecided, nobody),
    State("sign_off:read", TYPED, half_an_hour_over, nobody),
    State("sign_off:read", "changed while it was read", changed_while_read, nobody),
    State("sign_off:done", "signed", decided("I have read this draft"), nobody),
    State("sign_off:done", "sent back", decided("I am sending it back", "Say how it was found."), nobody),
)
EXCUSED: Final = {("notifications:sign-off-rule", REFUSED): "one of its two answers is chosen as it opens"}
