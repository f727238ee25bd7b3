"""Asking for a sign-off and answering: what a link opens, what a code opens, and what stops a submission."""

import re
import smtplib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from notifications import services
from notifications.content import content_of, digest
from notifications.models import Notification, SignOff
from notifications.queries import sign_offs, whole
from notifications.services.sign_off import MOST_ASKED, MOST_LETTERS_AN_HOUR
from notifications.services.signing import MOST_CODES_A_LINK, MOST_CODES_AN_ADDRESS
from notifications.signing import Standing, standings
from regulator import clock
from regulator.accounts.limits import within
from regulator.accounts.logging import RequestLogMiddleware
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, NotPermitted
from regulator.casework.links import case_path
from regulator.casework.models import Event, EventText
from regulator.organisations.models import Employer
from regulator.organisations.services import set_sign_off_rule
from regulator.outbox.delivery import deliver_due
from regulator.outbox.letters import FORGOTTEN
from regulator.outbox.models import Message
from tests.factories import Cast, EmployerFactory, complete, member, notification_in, staff
from tests.notifications.pages import browser, problems, send, text
from tests.outbox.backends import Scripted

pytestmark = pytest.mark.usefixtures("reference")

MPE = "physics@example.invalid"


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def draft(cast: Cast) -> Notification:
    return notification_in("draft", cast=cast)


def ask(draft: Notification, cast: Cast, email: str = MPE, **changes: Any) -> SignOff:
    values: dict[str, Any] = {"role": "mpe", "email": email, "message": "Is the dose right?"} | changes
    return services.ask_for_sign_off(notification=draft, by=cast.reporter, **values)


def link(email: str = MPE) -> str:
    """The path of the link in the latest letter to that address."""
    letter = Message.objects.filter(template="notifications_sign_off_request", to=email).first()
    assert letter is not None
    found = re.search(r"/sign-off/[\w-]+/", letter.body)
    assert found is not None
    return found[0]


def mailed_code(email: str = MPE) -> str:
    letter = Message.objects.filter(template="notifications_sign_off_code", to=email).first()
    assert letter is not None
    found = re.search(r"\b\d{6}\b", letter.body)
    assert found is not None
    assert found[0] not in letter.subject
    return found[0]


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def opened(path: str, email: str = MPE) -> Client:
    """A browser that went through the link and the code."""
    client = browser()
    assert client.post(path)["Location"] == f"{path}code/"
    answer = client.post(f"{path}code/", {"code": mailed_code(email)})
    assert answer["Location"] == f"{path}read/"
    return client


def edit(draft: Notification, cast: Cast, **changes: Any) -> None:
    stored = whole().get(pk=draft.pk)
    services.save_draft(
        notification=stored, by=cast.reporter, version=stored.case.version, content=complete(**changes)
    )


def submit(draft: Notification, cast: Cast) -> Notification:
    stored = whole().get(pk=draft.pk)
    return services.submit(notification=stored, by=cast.reporter, version=stored.case.version)


def where(draft: Notification) -> list[Standing]:
    return [each for _, each in standings(whole().get(pk=draft.pk), sign_offs(draft.pk))]


def test_the_letters_day_is_that_of_london(draft: Notification, cast: Cast) -> None:
    with time_machine.travel(datetime(2026, 7, 3, 23, 30, tzinfo=UTC), tick=False):
        asked = ask(draft, cast)
    letter = Message.objects.get(template="notifications_sign_off_request")
    assert asked.expires_at.date() != timezone.localdate(asked.expires_at)
    assert f"{timezone.localdate(asked.expires_at):%-d %B %Y}" in letter.body
    assert str(asked).endswith(", asked on 4 July 2026")


def test_from_the_request_to_the_signature_and_the_submission(draft: Notification, cast: Cast) -> None:
    employer = browser(cast.reporter)
    page = f"/notifications/draft/{draft.pk}/sign-off/"
    assert send(employer, page, role="mpe", email=MPE.upper(), message="Is it right?").status_code == 302
    path = link()
    signer = opened(path)
    shown = text(signer.get(f"{path}read/"))
    assert "The operator exposed a patient who had no referral." in shown
    assert "Is it right?" in shown
    assert send(signer, f"{path}read/", decision="sign")["Location"] == f"{path}done/"
    assert "You have signed off the draft" in text(signer.get(f"{path}done/"))
    assert where(draft) == [Standing.SIGNED]
    result = Message.objects.get(template="notifications_sign_off_result")
    assert (result.to, result.case_id) == (cast.reporter.email, draft.pk)
    answer = send(employer, f"/notifications/draft/{draft.pk}/check/", declaration="true")
    assert answer["Location"].startswith("/notifications/IRN-")
    timeline = text(employer.get(answer["Location"].removesuffix("submitted/")))
    assert "Sign-off asked for" in timeline
    assert "Medical physics expert, asked for a sign-off, signed the draft off." in timeline


def test_the_desk_says_who_signed_by_role_and_when(draft: Notification, cast: Cast) -> None:
    ask(draft, cast)
    signer = opened(path := link())
    send(signer, f"{path}read/", decision="sign")
    submit(draft, cast)
    page = text(browser(cast.officer).get(case_path(draft.case, for_staff=True)))
    assert "Medical physics expert" in page
    assert "Signed off on 2 March 2026, 12:00" in page


def test_before_the_code_nothing_of_the_draft_is_shown(draft: Notification, cast: Cast) -> None:
    ask(draft, cast)
    path, stranger = link(), browser()
    for page in (path, f"{path}code/"):
        answer = stranger.get(page)
        assert answer.status_code == 200
        assert "no referral" not in text(answer)
        assert "Is the dose right?" not in text(answer)
    assert stranger.get(f"{path}read/")["Location"] == path
    assert stranger.post(f"{path}read/", {"decision": "sign", "read": "x"})["Location"] == path
    assert stranger.get(f"{path}done/").status_code == 404
    assert where(draft) == [Standing.WAITING]


def test_nothing_may_keep_these_pages(draft: Notification, cast: Cast) -> None:
    ask(draft, cast)
    path = link()
    signer = opened(path)
    for page in (path, f"{path}code/", f"{path}read/"):
        answer = signer.get(page)
        assert answer["Cache-Control"] == "private, no-store", page
        assert answer["Referrer-Policy"] == "same-origin", page
        assert answer["X-Robots-Tag"] == "noindex", page


def test_a_wrong_code_opens_nothing_and_the_sixth_try_fails_even_if_right(
    draft: Notification, cast: Cast
) -> None:
    ask(draft, cast)
    path, client = link(), browser()
    client.post(path)
    code = mailed_code()
    said = set()
    for _ in range(5):
        answer = client.post(f"{path}code/", {"code": another(code)})
        assert answer.status_code == 400
        said |= set(problems(answer))
    answer = client.post(f"{path}code/", {"code": code})
    assert answer.status_code == 400
    assert len(said | set(problems(answer))) == 1
    assert client.get(f"{path}read/")["Location"] == path
    client.post(path)
    assert client.post(f"{path}code/", {"code": mailed_code()}).status_code == 302


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "٣٤٥٦٧٨", "\x00", "0" * 41, "1" * 100_000])
def test_nonsense_in_place_of_a_code(draft: Notification, cast: Cast, typed: str) -> None:
    ask(draft, cast)
    path, client = link(), browser()
    client.post(path)
    assert client.post(f"{path}code/", {"code": typed}).status_code == 400
    assert client.get(f"{path}read/").status_code == 302


def test_a_code_with_a_gap_is_taken(draft: Notification, cast: Cast) -> None:
    ask(draft, cast)
    path, client = link(), browser()
    client.post(path)
    code = mailed_code()
    assert client.post(f"{path}code/", {"code": f" {code[:3]} {code[3:]} "}).status_code == 302


def test_a_code_works_once_and_only_the_latest(draft: Notification, cast: Cast) -> None:
    ask(draft, cast)
    path, client = link(), browser()
    client.post(path)
    first = mailed_code()
    while True:
        client.post(path)
        if mailed_code() != first:
            break
    assert client.post(f"{path}code/", {"code": first}).status_code == 400
    latest = mailed_code()
    assert client.post(f"{path}code/", {"code": latest}).status_code == 302
    assert browser().post(f"{path}code/", {"code": latest}).status_code == 400


def test_a_code_is_good_for_ten_minutes(draft: Notification, cast: Cast) -> None:
    ask(draft, cast)
    path, client = link(), browser()
    client.post(path)
    code = mailed_code()
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=False):
        assert client.post(f"{path}code/", {"code": code}).status_code == 400
    with time_machine.travel(clock.now() + timedelta(minutes=9, seconds=59), tick=False):
        assert client.post(f"{path}code/", {"code": code}).status_code == 302


def test_the_draft_can_be_read_for_half_an_hour(draft: Notification, cast: Cast) -> None:
    ask(draft, cast)
    path = link()
    signer = opened(path)
    with time_machine.travel(clock.now() + timedelta(minutes=29), tick=False):
        assert signer.get(f"{path}read/").status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=30), tick=False):
        assert signer.get(f"{path}read/")["Location"] == path


def test_what_was_typed_when_the_half_hour_ended_comes_back_after_a_new_code(
    draft: Notification, cast: Cast
) -> None:
    ask(draft, cast)
    path = link()
    client = opened(path)
    typed = {"decision": "send_back", "comment": "The dose looks too low."}
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        answer = client.post(f"{path}read/", typed)
        assert answer["Location"] == path
        assert "what you typed is kept" in text(client.get(path))
        client.post(path)
        client.post(f"{path}code/", {"code": mailed_code()})
        shown = client.get(f"{path}read/")
        assert "The dose looks too low." in text(shown)
        assert client.post(f"{path}read/", typed)["Location"] == f"{path}done/"
    assert SignOff.objects.get().comment == "The dose looks too low."


def test_the_employers_timeline_names_the_signer_by_role(draft: Notification, cast: Cast) -> None:
    ask(draft, cast)
    path = link()
    opened(path).post(f"{path}read/", {"decision": "send_back", "comment": "The dose looks too low."})
    ask(draft, cast, email="other@example.invalid")
    other = link("other@example.invalid")
    client = opened(other, "other@example.invalid")
    read = digest(content_of(whole().get(pk=draft.pk)))
    client.post(f"{other}read/", {"decision": "sign", "read": read})
    first = SignOff.objects.get(email=MPE)
    services.cancel_sign_off(notification=draft, sign_off=first, by=cast.reporter)
    sent = submit(draft, cast)
    shown = text(browser(cast.reporter).get(f"/notifications/{sent.case.reference}/"))
    assert "Medical physics expert, asked for a sign-off, sent the draft back." in shown
    assert "Medical physics expert, asked for a sign-off, signed the draft off." in shown


def test_codes_for_a_link_are_counted_by_the_hour(draft: Notification, cast: Cast) -> None:
    ask(draft, cast)
    path, client = link(), browser()
    for _ in range(MOST_CODES_A_LINK):
        assert client.post(path).status_code == 302
    refused = client.post(path)
    assert refused.status_code == 409
    assert "Wait an hour" in text(refused)
    assert Message.objects.filter(template="notifications_sign_off_code").count() == MOST_CODES_A_LINK
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        assert client.post(path).status_code == 302


def test_codes_for_a_network_address_are_counted_over_all_links(cast: Cast) -> None:
    paths = []
    for number in range(MOST_CODES_AN_ADDRESS // 4 + 1):
        each = notification_in("draft", cast=cast)
        ask(each, cast, f"mpe-{number}@example.invalid")
        paths.append(link(f"mpe-{number}@example.invalid"))
    client = browser()
    for path in paths[:-1]:
        for _ in range(4):
            assert client.post(path).status_code == 302
    assert client.post(paths[-1]).status_code == 409
    assert client.post(paths[-1], REMOTE_ADDR="192.0.2.7").status_code == 302


def test_a_count_ends_with_its_stretch_of_time(db: None) -> None:
    assert [within("x", most=2, seconds=60) for _ in range(3)] == [True, True, False]
    assert within("y", most=1, seconds=60)
    with time_machine.travel(clock.now() + timedelta(seconds=60), tick=False):
        assert within("x", most=2, seconds=60)


def test_a_session_opens_its_own_link_only(cast: Cast) -> None:
    first, second = notification_in("draft", cast=cast), notification_in("draft", cast=cast)
    ask(first, cast)
    one = link()
    ask(second, cast, "other@example.invalid")
    two = link("other@example.invalid")
    signer = opened(one)
    assert signer.get(f"{two}read/")["Location"] == two
    assert signer.get(f"{one}read/").status_code == 200
    signer.post(two)
    assert signer.post(f"{two}code/", {"code": mailed_code("other@example.invalid")}).status_code == 302
    assert signer.get(f"{one}read/").status_code == 200


def test_one_links_code_does_not_open_another(cast: Cast) -> None:
    first, second = notification_in("draft", cast=cast), notification_in("draft", cast=cast)
    ask(first, cast)
    ask(second, cast, "other@example.invalid")
    client = browser()
    client.post(link())
    code = mailed_code()
    assert client.post(f"{link('other@example.invalid')}code/", {"code": code}).status_code == 400


@pytest.mark.parametrize("token", ["x", "-", "A" * 43, "%00", "é" * 10, "A" * 3000, "..", "%F0%9F%98%80"])
def test_a_link_of_nonsense_leads_nowhere(db: None, token: str) -> None:
    for rest in ("", "code/", "read/", "done/"):
        answer = browser().get(f"/sign-off/{token}/{rest}")
        assert answer.status_code == 404
        assert "This link does not work" in text(answer)
        assert answer["Cache-Control"] == "private, no-store"


def test_an_ended_link_looks_like_one_that_never_was(draft: Notification, cast: Cast) -> None:
    asked = ask(draft, cast)
    path = link()
    unknown = text(browser().get("/sign-off/unknown/"))
    with time_machine.travel(asked.expires_at, tick=False):
        assert text(browser().get(path)) == unknown
        assert where(draft) == [Standing.EXPIRED]
        with pytest.raises(NotAllowedNow, match="expired"):
            submit(draft, cast)
    services.cancel_sign_off(notification=draft, sign_off=asked, by=cast.reporter)
    assert text(browser().get(path)) == unknown


@pytest.mark.parametrize("end", ["cancel", "discard", "submit", "replace"])
def test_what_ends_meanwhile_ends_the_link_for_who_is_reading(
    draft: Notification, cast: Cast, end: str
) -> None:
    asked = ask(draft, cast)
    path = link()
    signer = opened(path)
    stored = whole().get(pk=draft.pk)
    if end in ("cancel", "submit"):
        services.cancel_sign_off(notification=draft, sign_off=asked, by=cast.reporter)
    if end == "submit":
        submit(draft, cast)
    if end == "discard":
        services.discard(notification=stored, by=cast.reporter, version=stored.case.version)
    if end == "replace":
        ask(draft, cast)
        assert link() != path
    for page in (path, f"{path}code/", f"{path}read/"):
        assert signer.get(page).status_code == 404, page
        assert signer.post(page, {"decision": "sign"}).status_code == 404, page
    for deed in (
        lambda: services.send_code(sign_off=asked, client="192.0.2.1"),
        lambda: services.enter_code(sign_off=asked, code="1"),
        lambda: services.sign(sign_off=asked, read=digest(content_of(stored))),
        lambda: services.send_back(sign_off=asked, comment="No."),
    ):
        with pytest.raises(NotAllowedNow):
            deed()


def test_who_reads_while_the_draft_is_edited_signs_nothing_unread(draft: Notification, cast: Cast) -> None:
    ask(draft, cast)
    path = link()
    signer = opened(path)
    signer_page = signer.get(f"{path}read/")
    read = re.search(r'name="read" value="(\w{64})"', text(signer_page))
    assert read is not None
    edit(draft, cast, procedure="Abdomen and pelvis")
    refused = signer.post(f"{path}read/", {"decision": "sign", "read": read[1]})
    assert refused.status_code == 409
    assert "changed while you were reading" in text(refused)
    assert "Abdomen and pelvis" in text(refused)
    assert where(draft) == [Standing.WAITING]
    assert send(signer, f"{path}read/", decision="sign").status_code == 302
    assert where(draft) == [Standing.SIGNED]


def test_signing_does_not_disturb_who_is_writing(draft: Notification, cast: Cast) -> None:
    read_by_the_writer = whole().get(pk=draft.pk)
    ask(draft, cast)
    path = link()
    send(opened(path), f"{path}read/", decision="sign")
    services.save_draft(
        notification=read_by_the_writer,
        by=cast.reporter,
        version=read_by_the_writer.case.version,
        content=complete(procedure="Pelvis"),
    )
    assert where(draft) == [Standing.LAPSED]


def test_a_change_makes_the_signature_lapse_and_undoing_it_brings_it_back(
    draft: Notification, cast: Cast
) -> None:
    ask(draft, cast)
    path = link()
    send(opened(path), f"{path}read/", decision="sign")
    edit(draft, cast, procedure="Pelvis")
    with pytest.raises(NotAllowedNow, match="lapsed"):
        submit(draft, cast)
    assert "Lapsed" in text(browser(cast.reporter).get(f"/notifications/draft/{draft.pk}/"))
    edit(draft, cast)
    assert where(draft) == [Standing.SIGNED]
    assert submit(draft, cast).case.reference


def test_sent_back_with_a_comment(draft: Notification, cast: Cast) -> None:
    ask(draft, cast)
    path = link()
    signer = opened(path)
    empty = send(signer, f"{path}read/", decision="send_back", comment=" ")
    assert empty.status_code == 400
    assert problems(empty) == ["Say what to change, in 10,000 characters at most."]
    neither = send(signer, f"{path}read/", comment="<b>Dose?</b>")
    assert neither.status_code == 400
    assert "&lt;b&gt;Dose?&lt;/b&gt;" in text(neither)
    send(signer, f"{path}read/", decision="send_back", comment="<b>Dose?</b>")
    assert "You have sent the draft back" in text(signer.get(f"{path}done/"))
    with pytest.raises(NotAllowedNow, match="sent back"):
        submit(draft, cast)
    page = text(browser(cast.reporter).get(f"/notifications/draft/{draft.pk}/sign-off/"))
    assert "&lt;b&gt;Dose?&lt;/b&gt;" in page
    ask(draft, cast)
    assert where(draft) == [Standing.WAITING]


def test_an_open_request_stops_the_submission_on_page_and_api_until_cancelled(
    draft: Notification, cast: Cast
) -> None:
    asked = ask(draft, cast)
    client = browser(cast.reporter)
    check = f"/notifications/draft/{draft.pk}/check/"
    assert "A sign-off is still awaited" in text(client.get(check))
    refused = send(client, check, declaration="true")
    assert refused.status_code == 409
    assert problems(refused)[0].startswith("A sign-off is still awaited")
    by_api = client.post(
        f"/api/v1/notifications/{draft.pk}/submit/", {"version": 1}, content_type="application/json"
    )
    assert (by_api.status_code, by_api.json()["detail"]) == (409, problems(refused)[0])
    cancelled = send(client, f"/notifications/draft/{draft.pk}/sign-off/{asked.pk}/cancel/")
    assert cancelled.status_code == 302
    assert send(client, check, declaration="true").status_code == 302


def test_cancelling_twice_records_once_and_after_submission_nothing(draft: Notification, cast: Cast) -> None:
    asked = ask(draft, cast)
    for _ in range(2):
        services.cancel_sign_off(notification=draft, sign_off=asked, by=cast.reporter)
    assert Event.objects.filter(type="notifications.sign_off_cancelled").count() == 1
    submit(draft, cast)
    with pytest.raises(NotAllowedNow):
        services.cancel_sign_off(notification=draft, sign_off=asked, by=cast.reporter)
    with pytest.raises(NotAllowedNow):
        ask(draft, cast)


def test_several_may_be_asked_and_all_must_sign(draft: Notification, cast: Cast) -> None:
    for number in range(MOST_ASKED):
        ask(draft, cast, f"{number}@example.invalid")
    with pytest.raises(NotAllowedNow, match="asked already"):
        ask(draft, cast, "one-more@example.invalid")
    ask(draft, cast, "0@example.invalid")
    path = link("1@example.invalid")
    send(opened(path, "1@example.invalid"), f"{path}read/", decision="sign")
    with pytest.raises(NotAllowedNow, match="awaited"):
        submit(draft, cast)


def test_the_letter_names_the_day_on_which_the_link_ends_in_england(draft: Notification, cast: Cast) -> None:
    with time_machine.travel("2026-07-01T23:30:00Z", tick=False):
        asked = ask(draft, cast)
    letter = Message.objects.get(template="notifications_sign_off_request")
    day = timezone.localdate(asked.expires_at)
    assert day != asked.expires_at.date()
    assert f"{day.day} {day:%B %Y}" in letter.body


def test_letters_about_one_draft_are_counted(draft: Notification, cast: Cast) -> None:
    for _ in range(MOST_LETTERS_AN_HOUR):
        ask(draft, cast)
    with pytest.raises(NotAllowedNow, match="in an hour"):
        ask(draft, cast)
    assert SignOff.objects.filter(cancelled_at__isnull=True).count() == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"role": "king"}, "Choose"),
        ({"role": ""}, "Select their role"),
        ({"email": "nobody"}, "Enter an email address"),
        ({"email": ""}, "Enter their email address"),
        ({"email": f"{'a' * 250}@example.invalid"}, ""),
        ({"message": "x" * 2001}, "Ensure"),
        ({"email": "a@example.invalid\nBcc: b@example.invalid"}, ""),
    ],
)
def test_nonsense_in_a_request_is_answered_beside_it(
    draft: Notification, cast: Cast, typed: dict[str, str], field: str
) -> None:
    values = {"role": "mpe", "email": MPE, "message": "Kept"} | typed
    answer = browser(cast.reporter).post(f"/notifications/draft/{draft.pk}/sign-off/", values)
    assert answer.status_code == 400
    assert len(problems(answer)) == 1
    assert values["message"] in text(answer)
    assert not SignOff.objects.exists()
    assert field == "" or field == "Ensure" or problems(answer)[0].startswith(field)


def test_only_the_employers_own_people_ask_and_cancel(draft: Notification, cast: Cast) -> None:
    asked = ask(draft, cast)
    stranger = member(EmployerFactory.create())
    page = f"/notifications/draft/{draft.pk}/sign-off/"
    for path in (page, f"{page}{asked.pk}/cancel/"):
        assert browser(stranger).get(path).status_code == 404
        assert browser(stranger).post(path, {"role": "mpe", "email": MPE}).status_code == 404
        assert browser(staff()).post(path, {"role": "mpe", "email": MPE}).status_code == 403
    for nobody in (stranger, staff()):
        with pytest.raises(NotPermitted):
            services.ask_for_sign_off(notification=draft, by=nobody, role="mpe", email=MPE)
        with pytest.raises(NotPermitted):
            services.cancel_sign_off(notification=draft, sign_off=asked, by=nobody)
    other = notification_in("draft", cast=Cast())
    mine = browser(cast.reporter)
    assert mine.get(f"/notifications/draft/{other.pk}/sign-off/{asked.pk}/cancel/").status_code == 404


def test_a_request_of_one_draft_is_not_cancelled_through_another(draft: Notification, cast: Cast) -> None:
    asked = ask(draft, cast)
    second = notification_in("draft", cast=cast)
    path = f"/notifications/draft/{second.pk}/sign-off/{asked.pk}/cancel/"
    assert browser(cast.reporter).post(path).status_code == 404
    with pytest.raises(SignOff.DoesNotExist):
        services.cancel_sign_off(notification=second, sign_off=asked, by=cast.reporter)
    assert where(draft) == [Standing.WAITING]


def test_who_asked_and_left_gets_no_letter(draft: Notification, cast: Cast) -> None:
    ask(draft, cast)
    path = link()
    signer = opened(path)
    cast.reporter.memberships.update(ended_at=clock.now())
    send(signer, f"{path}read/", decision="sign")
    assert not Message.objects.filter(template="notifications_sign_off_result").exists()


def test_an_employer_may_demand_a_sign_off_always(draft: Notification, cast: Cast) -> None:
    lead = member(cast.employer, Role.EMPLOYER_LEAD)
    path = f"/notifications/sign-off-rule/{cast.employer.key}/"
    assert browser(cast.reporter).get(path).status_code == 403
    assert browser(member(EmployerFactory.create(), Role.EMPLOYER_LEAD)).get(path).status_code == 404
    assert browser(lead).post(path, {"demanded": "perhaps"}).status_code == 400
    assert browser(lead).post(path, {"demanded": "yes"}).status_code == 302
    with pytest.raises(NotAllowedNow, match="wants every notification signed off"):
        submit(draft, cast)
    assert "wants every notification" in text(
        browser(cast.reporter).get(f"/notifications/draft/{draft.pk}/check/")
    )
    asked = ask(draft, cast)
    signing = link()
    send(opened(signing), f"{signing}read/", decision="sign")
    services.cancel_sign_off(notification=draft, sign_off=asked, by=cast.reporter)
    with pytest.raises(NotAllowedNow, match="wants every notification signed off"):
        submit(draft, cast)
    ask(draft, cast)
    signing = link()
    send(opened(signing), f"{signing}read/", decision="sign")
    assert submit(draft, cast).case.reference


def test_the_rule_keeps_its_history_and_is_the_leads(cast: Cast) -> None:
    lead = member(cast.employer, Role.EMPLOYER_LEAD)
    for _ in range(2):
        set_sign_off_rule(employer=cast.employer, demanded=True, by=lead)
    latest = Employer.objects.get(pk=cast.employer.pk).history.first()
    assert latest is not None
    assert (latest.requires_sign_off, latest.history_user) == (True, lead)
    assert cast.employer.history.filter(requires_sign_off=True).count() == 1
    for nobody in (cast.reporter, staff(), member(EmployerFactory.create(), Role.EMPLOYER_LEAD)):
        with pytest.raises(NotPermitted):
            set_sign_off_rule(employer=cast.employer, demanded=False, by=nobody)


def test_no_secret_stays(
    draft: Notification,
    cast: Cast,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ask(draft, cast)
    path = link()
    token = path.split("/")[2]
    client = browser()
    client.post(path)
    code = mailed_code()
    client.post(f"{path}code/", {"code": another(code)})
    client.post(f"{path}code/", {"code": code})
    send(client, f"{path}read/", decision="nonsense")
    send(client, f"{path}read/", decision="send_back", comment="The dose of bay four.")
    assert browser().get(path).status_code == 404
    deliver_due()
    assert set(Message.objects.filter(case=draft.pk).values_list("state", flat=True)) == {"sent"}
    kept = [*Message.objects.values_list("subject", "body", "dedupe_key"), *SignOff.objects.values_list()]
    chain = [str(row) for row in [*Event.objects.values_list(), *EventText.objects.values_list()]]
    printed = capsys.readouterr().out
    for secret in (token, code):
        assert secret not in printed
        assert not [row for row in [*kept, *chain] if secret in str(row)]
        assert secret not in caplog.text
    assert "/sign-off/…/" in caplog.text
    assert "/sign-off/…/" in printed
    assert not [row for row in chain if "bay four" in row or MPE in row]
    assert first_broken_link() is None


@pytest.mark.parametrize("state", ["failed", "replayed"])
def test_a_letter_that_never_leaves_keeps_no_secret_either(
    draft: Notification, cast: Cast, state: str, settings: Settings
) -> None:
    if state == "replayed":
        with clock.at(clock.now()):
            ask(draft, cast)
    else:
        settings.EMAIL_BACKEND = "tests.outbox.backends.Scripted"
        Scripted.reset()
        Scripted.faults.append(smtplib.SMTPRecipientsRefused({MPE: (550, b"unknown")}))
        ask(draft, cast)
        link()
        deliver_due()
        Scripted.reset()
    letter = Message.objects.get(template="notifications_sign_off_request")
    assert (letter.state, letter.body) == ("not_sent" if state == "replayed" else "failed", FORGOTTEN)


def test_the_pages_take_as_many_queries_for_many_requests_as_for_one(draft: Notification, cast: Cast) -> None:
    asked = ask(draft, cast)
    path = link()
    signer, employer = opened(path), browser(cast.reporter)
    page = f"/notifications/draft/{draft.pk}/sign-off/"
    pages = [
        (employer, f"/notifications/draft/{draft.pk}/", 9),
        (employer, f"/notifications/draft/{draft.pk}/check/", 10),
        (employer, page, 8),
        (employer, f"{page}{asked.pk}/cancel/", 8),
        (signer, path, 4),
        (signer, f"{path}code/", 4),
        (signer, f"{path}read/", 8),
    ]
    few = [count(client, address) for client, address, _ in pages]
    for number in range(MOST_ASKED - 1):
        ask(draft, cast, f"{number}@example.invalid")
    assert [count(client, address) for client, address, _ in pages] == few
    assert [(a, n) for (_, a, most), n in zip(pages, few, strict=True) if n > most] == []


def count(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_line_of_each_request_is_logged_without_the_secret(rf: RequestFactory) -> None:
    line = RequestLogMiddleware.format_request(rf.get("/sign-off/abc-_9/read/?x=1"))
    assert line == "GET /sign-off/…/read/?x=1"
    assert RequestLogMiddleware.format_request(rf.get("/notifications/")) == "GET /notifications/"
