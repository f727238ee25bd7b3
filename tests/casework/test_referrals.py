"""Referrals to other bodies: by whom, what is kept of one, how it is put right, and what came back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, connections, transaction

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import STAFF_ROLES, Role, roles_with
from regulator.casework.bodies import BODIES, GATEWAYS, WAYS
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.evidence.past import told_of
from regulator.casework.evidence.referred import present, start, take
from regulator.casework.models import Attachment, Case, Event, Referral, ReferralReply
from regulator.casework.named import in_words
from regulator.casework.packet_text import as_plain_text
from regulator.casework.referral_desk import referrals_panel
from regulator.casework.search.texts import referrals_and_replies
from regulator.casework.services import IdentifiersFound, correct_referral, record_reply, refer
from regulator.casework.services.referring import PERMISSION, Packet, SentSection, packet_of
from regulator.organisations.policies import NotPermitted
from tests.casework.closing import closed_to, interest_of

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]
MakeCase = Callable[..., Case]
FACTS = SentSection("What happened", (("Modality", "CT"), ("Told", "Yes")))


@pytest.fixture
def officer(make_user: MakeUser) -> User:
    return make_user(Role.CASE_OFFICER)


def packet(by: User, **changes: Any) -> Packet:
    whole = Packet(
        body="mhra",
        gateway="device",
        sent_on=clock.today(),
        how="email",
        sent_by=by,
        summary="The log of the scanner.",
    )
    return replace(whole, **changes)


def referred(case: Case, by: User, **changes: Any) -> Referral:
    return refer(case=case, by=by, version=case.version, packet=packet(by, **changes))


def corrected(case: Case, made: Referral, by: User, reason: str = "A slip.", **changes: Any) -> Referral:
    changed = replace(packet_of(made), **changes)
    return correct_referral(
        case=case, referral=made, by=by, version=case.version, packet=changed, reason=reason
    )


def replied(
    case: Case, made: Referral, by: User, text: str = "They look into it.", **more: Any
) -> ReferralReply:
    values: dict[str, Any] = {"received_on": clock.today(), "version": case.version, **more}
    return record_reply(case=case, referral=made, by=by, text=text, **values)


def attached(case: Case, by: User, scan: str = "clean") -> Attachment:
    kept = Attachment(
        case=case,
        name="log.txt",
        content_type="text/plain",
        size=1,
        sha256="ab" * 32,
        scan=scan,
        uploaded_by=by,
    )
    kept.file.save("log.txt", ContentFile(b"a"))
    return kept


def test_every_gateway_names_known_bodies_and_what_is_not_verified_is_described() -> None:
    assert set(BODIES) == {"mhra", "hse", "arsac", "ukhsa", "hiw", "his", "rqia"}
    for gateway in GATEWAYS.values():
        assert gateway.bodies <= set(BODIES)
        assert gateway.source
        assert gateway.verified != gateway.described
    for body in BODIES:
        assert any(body in each.bodies for each in GATEWAYS.values())


def test_a_referral_keeps_the_packet_and_the_chain_keeps_its_digest(case: Case, officer: User) -> None:
    kept, version = attached(case, officer), case.version
    made = referred(
        case, officer, attachments=(kept.pk,), sections=(FACTS,), summary=" The log. ", their_reference="M-1"
    )
    made.refresh_from_db()
    assert (made.body, made.summary, made.their_reference) == ("mhra", "The log.", "M-1")
    assert made.files == [{"attachment": kept.pk, "name": "log.txt", "sha256": "ab" * 32}]
    assert made.sections == [{"title": "What happened", "rows": [["Modality", "CT"], ["Told", "Yes"]]}]
    assert (made.case_version, case.version) == (version, version + 1)
    event = Event.objects.get(type="casework.referred")
    assert (event.case, event.actor, made.event) == (case, officer, event)
    assert "The log" not in str(event.payload)
    assert in_words(event, {}) == "to MHRA"
    assert made.is_as_recorded
    Referral.objects.filter(pk=made.pk).update(summary="Something else.")
    assert not Referral.objects.get(pk=made.pk).is_as_recorded
    assert first_broken_link() is None


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_only_those_who_work_on_cases_refer(
    case: Case, officer: User, make_user: MakeUser, role: Role
) -> None:
    person = make_user(role)
    if role in roles_with(PERMISSION):
        made = referred(case, person)
        replied(case, made, person)
        corrected(case, made, person, how="post")
        return
    made = referred(case, officer)
    for deed in (referred, lambda *_: replied(case, made, person), lambda *_: corrected(case, made, person)):
        with pytest.raises(NotPermitted):
            deed(case, person)
    with pytest.raises(ValidationError) as refused:
        referred(case, officer, sent_by=person)
    assert list(refused.value.message_dict) == ["sent_by"]


def test_an_interest_a_restriction_and_a_draft_forbid_it(
    case: Case, officer: User, make_user: MakeUser, make_case: MakeCase
) -> None:
    interested = make_user(Role.CASE_OFFICER)
    interest_of(interested, case.employer)
    with pytest.raises(NotPermitted):
        referred(case, interested)
    insider = make_user(Role.CASE_OFFICER)
    closed_to(case, insider, by=make_user(Role.ENFORCEMENT_MANAGER))
    with pytest.raises(NotPermitted):
        referred(case, officer)
    assert referred(case, insider)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"body": "nobody"}, "body"),
        ({"body": ""}, "body"),
        ({"how": "pigeon"}, "how"),
        ({"gateway": "x"}, "gateway"),
        ({"gateway": "licence"}, "gateway"),
        ({"gateway": "other"}, "gateway_text"),
        ({"gateway": "memorandum", "gateway_text": "  "}, "gateway_text"),
        ({"summary": "  "}, "summary"),
        ({"summary": "x" * 5001}, "summary"),
        ({"their_reference": "x" * 81}, "their_reference"),
        ({"attachments": (987654,)}, "attachments"),
    ],
)
def test_nonsense_is_refused_beside_its_box(
    case: Case, officer: User, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        referred(case, officer, **changes)
    assert list(refused.value.message_dict) == [field]
    assert not Referral.objects.exists()


def test_it_was_sent_after_the_case_was_opened_and_not_in_the_future(case: Case, officer: User) -> None:
    opened = clock.today() - timedelta(days=3)
    Case.objects.filter(pk=case.pk).update(opened_at=clock.now() - timedelta(days=3))
    for day in (clock.today() + timedelta(days=1), opened - timedelta(days=1)):
        with pytest.raises(ValidationError) as refused:
            referred(case, officer, sent_on=day)
        assert list(refused.value.message_dict) == ["sent_on"]
    assert referred(case, officer, sent_on=opened).sent_on == opened


@pytest.mark.parametrize("scan", ["pending", "infected"])
def test_only_clean_files_of_the_case_went(case: Case, officer: User, make_case: MakeCase, scan: str) -> None:
    elsewhere = make_case()
    for kept in (attached(case, officer, scan), attached(elsewhere, officer)):
        with pytest.raises(ValidationError, match="found clean"):
            referred(case, officer, attachments=(kept.pk,))


@pytest.mark.parametrize("field", ["summary", "gateway_text", "their_reference"])
def test_what_is_typed_is_checked_for_identifiers(case: Case, officer: User, field: str) -> None:
    with pytest.raises(IdentifiersFound) as refused:
        referred(case, officer, **{field: "About 943 476 5919."})
    assert list(refused.value.message_dict) == [field]
    made = referred(case, officer)
    with pytest.raises(IdentifiersFound):
        replied(case, made, officer, "About 943 476 5919.")
    with pytest.raises(IdentifiersFound):
        corrected(case, made, officer, "About 943 476 5919.", how="post")


def test_of_two_who_refer_or_reply_at_once_one_is_told(
    case: Case, officer: User, make_user: MakeUser
) -> None:
    slow, read = make_user(Role.INSPECTOR), case.version
    made = referred(case, officer)
    with pytest.raises(StaleVersion):
        refer(case=case, by=slow, version=read, packet=packet(slow))
    read = case.version
    replied(case, made, officer)
    with pytest.raises(StaleVersion):
        replied(case, made, slow, version=read)
    assert (Referral.objects.count(), ReferralReply.objects.count()) == (1, 1)
    replied(case, made, slow, "They are done.", their_reference="M-2")
    assert ReferralReply.objects.count() == 2
    assert first_broken_link() is None


def test_a_reply_says_something_and_comes_after_the_referral(case: Case, officer: User) -> None:
    made = referred(case, officer)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"text": " "}, "text"),
        ({"their_reference": "x" * 81}, "their_reference"),
        ({"received_on": clock.today() + timedelta(days=1)}, "received_on"),
        ({"received_on": clock.today() - timedelta(days=1)}, "received_on"),
    ]
    for more, field in wrong:
        with pytest.raises(ValidationError) as refused:
            replied(case, made, officer, **more)
        assert list(refused.value.message_dict) == [field]
    assert not ReferralReply.objects.exists()


def test_a_correction_takes_the_place_of_the_former_and_keeps_its_replies(case: Case, officer: User) -> None:
    kept = attached(case, officer)
    made = referred(case, officer, attachments=(kept.pk,), sections=(FACTS,))
    replied(case, made, officer, their_reference="M-7")
    Attachment.objects.filter(pk=kept.pk).update(scan="pending")
    second = corrected(case, made, officer, how="post")
    third = corrected(case, second, officer, "To the other body.", body="hse", gateway="irr17")
    made.refresh_from_db()
    assert (made.how, made.body) == ("email", "mhra")
    assert (third.how, third.body, third.supersedes, third.root) == ("post", "hse", second, made)
    assert (third.files, third.sections) == (made.files, made.sections)
    assert third.case_version == made.case_version
    assert list(Referral.objects.standing()) == [third]
    (row,) = referrals_panel(case).rows
    assert str(row[0]) == "Health and Safety Executive (HSE)"
    assert row[3] == ["Corrected: To the other body.", "The log of the scanner.", "1 file", "1 section"]
    assert "their reference M-7" in str(row[4])
    event = Event.objects.filter(type="casework.referral_corrected").latest("sequence")
    assert (event.payload["corrects"], event.typed.text) == (second.event_id, "To the other body.")
    for deed in (lambda: corrected(case, made, officer, how="phone"), lambda: replied(case, second, officer)):
        with pytest.raises(NotAllowedNow, match="corrected meanwhile"):
            deed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=third.pk).update(supersedes=made)
    assert first_broken_link() is None


def test_a_correction_needs_a_reason_and_a_difference(case: Case, officer: User) -> None:
    made = referred(case, officer)
    with pytest.raises(ValidationError, match="Give a reason"):
        corrected(case, made, officer, " ", how="post")
    with pytest.raises(ValidationError, match="Nothing differs"):
        corrected(case, made, officer)
    with pytest.raises(ValidationError) as refused:
        corrected(case, made, officer, gateway="licence")
    assert list(refused.value.message_dict) == ["gateway"]
    User.objects.filter(pk=officer.pk).update(is_active=False)
    made.refresh_from_db()
    assert corrected(case, made, officer, how="post").sent_by_id == officer.pk


def test_what_was_never_sent_is_taken_back_and_stays_on_record(case: Case, officer: User) -> None:
    made = referred(case, officer)
    back = correct_referral(
        case=case, referral=made, by=officer, version=case.version, packet=None, reason="Another case."
    )
    assert (back.is_taken_back, back.summary) == (True, made.summary)
    assert not Referral.objects.standing().exists()
    (row,) = referrals_panel(case).rows
    assert "Taken back: Another case." in row[3]  # type: ignore[operator]
    with pytest.raises(NotAllowedNow, match="never sent"):
        replied(case, back, officer)
    assert "TAKEN BACK" in as_plain_text(back)


def test_the_past_of_a_case_tells_its_referrals_as_the_rows_do(case: Case, officer: User) -> None:
    first, other = referred(case, officer), referred(case, officer, body="hse", gateway="before_use")
    replied(case, first, officer, their_reference="M-1")
    corrected(case, corrected(case, first, officer, how="post"), officer, how="phone")
    correct_referral(
        case=case, referral=other, by=officer, version=case.version, packet=None, reason="Another case."
    )
    told = [told_of(each, getattr(getattr(each, "typed", None), "text", None)) for each in case.events.all()]
    state = start(case)
    for each in told:
        take(state, each)
    assert state == present(case)
    assert [(each["how"], each["taken_back"]) for each in state["referrals"]] == [
        ("phone", False),
        ("email", True),
    ]


def test_the_search_finds_what_stands_and_its_replies(case: Case, officer: User) -> None:
    made = referred(case, officer, summary="About zirconium.")
    replied(case, made, officer, "About hafnium.", their_reference="M-9")
    corrected(case, made, officer, summary="About yttrium.")
    found = "\n".join(text for _, text in referrals_and_replies([case.pk]))
    for word in ("yttrium", "hafnium", "M-9", "Medicines and Healthcare products"):
        assert word in found
    assert "zirconium" not in found


def test_the_packet_as_text_says_everything(case: Case, officer: User) -> None:
    kept = attached(case, officer)
    made = referred(
        case,
        officer,
        attachments=(kept.pk,),
        sections=(FACTS,),
        gateway="memorandum",
        gateway_text="That of 2020.",
        their_reference="M-1",
    )
    text = as_plain_text(made, [replied(case, made, officer, their_reference="M-2")])
    for words in (
        "Referral to Medicines and Healthcare products Regulatory Agency (MHRA)",
        f"About: {case.reference}",
        "Gateway: A memorandum of understanding with the body",
        "Relied on: That of 2020.",
        "Not verified",
        "Their reference: M-1",
        f"log.txt (SHA-256 {'ab' * 32})",
        "What happened\n\nModality: CT\nTold: Yes",
        "(their reference M-2)\n\nThey look into it.",
        WAYS["email"],
    ):
        assert words in text, words


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("deed", [replied, lambda *given: corrected(*given, how="post")])
def test_of_two_at_the_same_moment_one_wins_and_no_event_is_lost(
    case: Case, make_user: MakeUser, deed: Callable[[Case, Referral, User], Any]
) -> None:
    people = [make_user(Role.CASE_OFFICER) for _ in range(2)]
    made = referred(case, people[0])
    before, barrier = Event.objects.count(), Barrier(2)

    def press(by: User) -> str:
        try:
            mine, theirs = Case.objects.get(pk=case.pk), Referral.objects.get(pk=made.pk)
            barrier.wait(10)
            deed(mine, theirs, by)
        except StaleVersion:
            return "told"
        finally:
            connections.close_all()
        return "recorded"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(press, people))
    assert outcomes == ["recorded", "told"]
    assert ReferralReply.objects.count() + Referral.objects.count() == 2
    assert Event.objects.count() == before + 1
    assert first_broken_link() is None
