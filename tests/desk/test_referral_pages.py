"""Referrals on the desk: recorded, answered and corrected through the page, and read as a packet."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import EMPLOYER_ROLES, STAFF_ROLES, Role, roles_with
from regulator.casework.models import Attachment, Case, Referral, RestrictedView
from regulator.casework.referral_desk import EVERYTHING, sections_of
from regulator.casework.services import record_reply, refer
from regulator.casework.services.referring import PERMISSION, Packet
from tests.casework.closing import closed_to
from tests.desk.test_case_page import fill, page_of

SignIn = Callable[[Role], Client]


def packet(by: User, summary: str = "The log.") -> Packet:
    return Packet(
        body="mhra", gateway="device", sent_on=clock.today(), how="email", sent_by=by, summary=summary
    )


def referred(case: Case, by: User, times: int = 1) -> list[Referral]:
    made = []
    for n in range(times):
        made.append(refer(case=case, by=by, version=case.version, packet=packet(by, f"Packet {n}.")))
        for said in ("First.", "Second."):
            record_reply(
                case=case,
                referral=made[-1],
                by=by,
                version=case.version,
                received_on=clock.today(),
                text=said,
            )
    return made


def send(browser: Client, case: Case, name: str, **values: Any) -> Any:
    page = f"{page_of(case)}do/{name}/"
    shown: Any = browser.get(page)
    read = shown.context["read"]
    return browser.post(page, {read.add_prefix(box.name): box.value() for box in read} | values)


@pytest.fixture
def sender(people: dict[Role, User]) -> User:
    return people[Role.CASE_OFFICER]


def test_a_referral_is_recorded_answered_and_corrected_on_the_page(
    officer: Client, case: Case, sender: User
) -> None:
    kept = Attachment(
        case=case, name="<log>.txt", content_type="text/plain", size=1, sha256="cd" * 32, scan="clean",
        uploaded_by=sender,
    )  # fmt: skip
    kept.file.save("log.txt", ContentFile(b"a"))
    sent = {
        "body": "hse",
        "gateway": "irr17",
        "sent_on": clock.today().isoformat(),
        "how": "portal",
        "sent_by": sender.pk,
        "attachments": [kept.pk],
        "sections": [EVERYTHING],
        "summary": "What <they> need.",
    }
    wrong = send(officer, case, "refer", **sent | {"gateway": "licence", "sent_on": "2999-01-01"})
    assert wrong.status_code == 400
    assert set(wrong.context["form"].errors) == {"gateway", "sent_on"}
    assert send(officer, case, "refer", **sent).status_code == 302
    made = Referral.objects.get()
    assert made.sections
    assert made.files[0]["sha256"] == "cd" * 32
    today = clock.today().isoformat()
    done = send(officer, case, "record_reply", referral=made.pk, received_on=today, text="Seen.")
    assert done.status_code == 302
    nothing = send(officer, case, "correct_referral", referral=made.pk, reason="A slip.")
    assert nothing.status_code == 400
    both = send(
        officer, case, "correct_referral", referral=made.pk, reason="A slip.", taken_back="on", how="post"
    )
    assert list(both.context["form"].errors) == ["taken_back"]
    assert (
        send(officer, case, "correct_referral", referral=made.pk, reason="A slip.", how="post").status_code
        == 302
    )
    newest = Referral.objects.standing().get()
    assert (newest.how, newest.files, newest.sections) == ("post", made.files, made.sections)
    shown = officer.get(page_of(case)).content.decode()
    assert "Health and Safety Executive (HSE)</a>" in shown
    assert "What &lt;they&gt; need.; 1 file" in shown
    assert "Corrected: A slip." in shown
    address = reverse("admin:casework_case_referral", args=[case.pk, newest.pk])
    assert f'href="{address}"' in shown
    read = officer.get(address).content.decode()
    for words in (
        "What &lt;they&gt; need.",
        "&lt;log&gt;.txt",
        "cd" * 32,
        "Seen.",
        "A slip.",
        "is what the chain was told",
    ):
        assert words in read, words
    former = reverse("admin:casework_case_referral", args=[case.pk, made.pk])
    assert former in read
    assert "A correction has taken the place of this." in officer.get(former).content.decode()
    text = officer.get(f"{address}text/")
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    assert text["Cache-Control"] == "private, no-store"
    assert "What <they> need." in text.content.decode()


def test_who_was_slower_sees_what_the_other_recorded(officer: Client, case: Case, sender: User) -> None:
    (made,) = referred(case, sender)
    page = f"{page_of(case)}do/record_reply/"
    read = officer.get(page).context["read"]
    data = {read.add_prefix(box.name): box.value() for box in read}
    data |= {"referral": made.pk, "received_on": clock.today().isoformat(), "text": "Mine."}
    assert officer.post(page, data).status_code == 302
    slower = officer.post(page, data)
    assert slower.status_code == 409
    assert "Another body replied" in slower.content.decode()
    assert "Mine." in slower.content.decode()
    assert made.replies.count() == 3


@pytest.mark.parametrize("times", [1, 40])
def test_the_page_of_a_referred_case_takes_at_most_fifteen_queries_at_any_size(
    officer: Client,
    case: Case,
    sender: User,
    times: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    fill(case, sender, times)
    referred(case, sender, times)
    with django_assert_max_num_queries(15):
        answer = officer.get(page_of(case))
    assert answer.content.count(b"Second.") == times


def test_a_case_that_was_never_referred_costs_no_query_more(
    officer: Client, case: Case, sender: User
) -> None:
    officer.get(page_of(case))
    with CaptureQueriesContext(connection) as before:
        shown = officer.get(page_of(case))
    asked = [each["sql"] for each in before.captured_queries if 'FROM "casework_referral"' in each["sql"]]
    assert [each for each in asked if not each.startswith('SELECT "casework_case"')] == []
    assert b"Nothing was referred to another body." in shown.content
    assert b"do/record_reply/" not in shown.content


@pytest.mark.parametrize("role", sorted(STAFF_ROLES | EMPLOYER_ROLES))
def test_who_may_read_the_case_reads_the_packet_and_only_some_record(
    signed_in: SignIn, case: Case, sender: User, role: Role
) -> None:
    (made,) = referred(case, sender)
    browser = signed_in(role)
    reads = role in roles_with("casework.read")
    address = reverse("admin:casework_case_referral", args=[case.pk, made.pk])
    for page in (address, f"{address}text/"):
        answer = browser.get(page)
        assert (answer.status_code == 200) == reads
        assert answer.status_code in (200, 302, 403)
        assert browser.post(page).status_code in (302, 403, 405)
    if reads:
        expected = 200 if role in roles_with(PERMISSION) else 403
        assert browser.get(f"{page_of(case)}do/refer/").status_code == expected


def test_a_packet_of_another_case_is_not_found(officer: Client, case: Case, sender: User) -> None:
    (made,) = referred(case, sender)
    for key, referral in ((case.pk, made.pk + 1), (case.pk + 10**6, made.pk), (case.pk, 10**30)):
        assert officer.get(f"/desk/casework/case/{key}/referrals/{referral}/").status_code == 404


def test_a_packet_of_a_restricted_case_is_looked_at_on_record(
    officer: Client, signed_in: SignIn, case: Case, people: dict[Role, User], sender: User
) -> None:
    (made,) = referred(case, sender)
    closed_to(case, sender, by=people[Role.ENFORCEMENT_MANAGER])
    address = reverse("admin:casework_case_referral", args=[case.pk, made.pk])
    assert officer.get(address).status_code == 200
    assert RestrictedView.objects.get().what == "casework_case_referral"
    assert signed_in(Role.INSPECTOR).get(address).status_code == 404


def test_a_restricted_case_that_the_facts_name_goes_to_no_other_body(
    case: Case, people: dict[Role, User], sender: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from regulator.casework import referral_desk
    from regulator.casework.desk import FactSection

    named = Case(kind=case.kind, reference="TRL-2026-00009-X", is_restricted=True)
    section = FactSection("Others", ((named, "a"), ("See", [named, case])))
    monkeypatch.setattr(referral_desk, "facts_for", lambda _: [section])
    (told,) = sections_of(case, ["Others"])
    assert told.rows == (("A restricted case", "a"), ("See", f"A restricted case; {case}"))
